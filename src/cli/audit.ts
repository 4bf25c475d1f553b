import type { Command } from 'commander'
import {
  type Audited,
  type AuditLine,
  auditAmounts,
  readAuditRequest,
} from '../app/audit-amounts.ts'
import { amountText } from '../app/amount-text.ts'
import { printJson, withRecords } from './opening.ts'
import { createProgress } from './progress.ts'
import { stopOnSignals } from './stopping.ts'
import { table } from './table.ts'

interface AuditOptions {
  readonly since: string
  readonly lang: string
  readonly environment?: string
  readonly json?: boolean
  readonly csv?: boolean
}

export function registerAudit(program: Command): void {
  program
    .command('audit')
    .description('Check the history: docs/audit.md')
    .command('amounts')
    .description('What every order, refund and cycle should have moved, against what did')
    .requiredOption('--since <date>', 'those that were made from this day or moment on')
    .option('--lang <language>', 'causes in en, fr or de', 'en')
    .option('--environment <slug>', 'test or live')
    .option('--json', 'one JSON document on stdout')
    .option('--csv', 'the differences as CSV on stdout')
    .action(async (options: AuditOptions) => {
      process.exitCode = await auditCommand(options)
    })
}

async function auditCommand(options: AuditOptions): Promise<0 | 1> {
  const request = readAuditRequest(options.since, options.lang)
  const bar = createProgress()
  const stopping = stopOnSignals(text => process.stderr.write(`tributary: ${text}\n`))
  const lines: AuditLine[] = []
  if (options.csv === true) process.stdout.write(csvRow(columns))
  const audited = await withRecords(records =>
    auditAmounts(
      records,
      request,
      {
        progress: (...told) => bar.tell(...told),
        stopping: () => stopping.asked(),
        found: line => {
          if (options.csv === true) process.stdout.write(csvRow(columns.map(name => line[name])))
          else lines.push(line)
        },
      },
      options.environment,
    ),
  ).finally(() => bar.end())
  if (options.json === true) printJson({ since: request.since.toISOString(), ...audited, lines })
  else if (options.csv !== true) process.stdout.write(sayAudit(audited, lines))
  return audited.differing > 0 || audited.stopped ? 1 : 0
}

const columns = [
  'what',
  'order',
  'refund',
  'cycle',
  'seller',
  'currency',
  'should',
  'did',
  'difference',
  'cause',
] as const

/** A spreadsheet takes a cell that begins with one of these for a formula, but not a number. */
const formula = /^[=+\-@\t\r](?!\d+$)/

/** Amounts in minor units, as in JSON: a spreadsheet must not round them. */
function csvRow(cells: readonly (string | null)[]): string {
  const quoted = cells.map(cell => {
    const text = cell ?? ''
    return `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`
  })
  return `${quoted.join(',')}\r\n`
}

function sayAudit(audited: Audited, lines: readonly AuditLine[]): string {
  const { orders, refunds, cycles, waiting, differing } = audited
  const counted = `${orders} orders, ${refunds} refunds and ${cycles} cycles compared; ${waiting} wait, ${differing} differ.`
  const summary = audited.stopped ? `Stopped early. ${counted}\n` : `${counted}\n`
  if (lines.length === 0) return summary
  const head = ['what', 'for', 'seller', 'should', 'did', 'difference', 'cause']
  const rows = lines.map(line => [
    line.what,
    line.refund === null ? (line.order ?? line.cycle ?? '') : `${line.order} ${line.refund}`,
    line.seller ?? '',
    amountText(line.should, line.currency),
    amountText(line.did, line.currency),
    amountText(line.difference, line.currency),
    line.cause,
  ])
  const why = new Map(lines.map(line => [line.cause, line.why]))
  const causes = [...why].map(([cause, text]) => `${cause}: ${text}\n`)
  return `${table(head, rows)}\n${causes.join('')}\n${summary}`
}
