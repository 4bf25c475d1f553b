import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { readConfig } from '../app/config.ts'
import {
  type ImportReport,
  importFrom,
  needsPerson,
  readCheck,
  readFrom,
} from '../app/import-old-connector.ts'
import { openApp } from '../app/wiring.ts'
import { sayImport } from './import-text.ts'
import { printJson } from './opening.ts'
import { createProgress } from './progress.ts'
import { stopOnSignals } from './stopping.ts'

interface ImportOptions {
  readonly from: string
  readonly apply?: boolean
  readonly check: string
  readonly report?: string
  readonly environment?: string
  readonly json?: boolean
}

export function registerImport(program: Command): void {
  program
    .command('import')
    .description('Take over from another connector')
    .command('stripe-mirakl-connector')
    .description(
      'Accounts, payments, movements and checkpoints of the old connector (moves nothing)',
    )
    .requiredOption('--from <url>', 'postgres://… of its database; it is only read')
    .option('--dry-run', 'report what would be taken over; the default')
    .option('--apply', 'take it over')
    .option(
      '--check <rows>',
      'what the provider is asked about: all rows; open: only those without an answer; none',
      'all',
    )
    .option('--report <file>', 'write the whole report as JSON into a file as well')
    .option('--environment <slug>', 'test or live; the keys must be of it')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: ImportOptions & { dryRun?: boolean }) => {
      if (options.apply === true && options.dryRun === true) {
        program.error('error: --apply and --dry-run exclude each other')
      }
      process.exitCode = await importCommand(options)
    })
}

async function importCommand(options: ImportOptions): Promise<0 | 1> {
  const apply = options.apply === true
  const check = readCheck(options.check, apply)
  const from = readFrom(options.from)
  const app = await openApp(readConfig(process.env), { environment: options.environment })
  const bar = createProgress()
  try {
    const stopping = stopOnSignals(text => app.log('warn', text))
    const report = await importFrom(app, {
      from,
      apply,
      check,
      progress: (...told) => bar.tell(...told),
      stopping: () => stopping.asked(),
    })
    bar.end()
    await print(report, options)
    return needsPerson(report) ? 1 : 0
  } finally {
    bar.end()
    await app.close()
  }
}

async function print(report: ImportReport, options: ImportOptions): Promise<void> {
  if (options.report !== undefined) {
    await writeFile(options.report, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 })
  }
  if (options.json === true) printJson(report)
  else process.stdout.write(sayImport(report))
}
