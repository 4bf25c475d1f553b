import type { Command } from 'commander'
import { bothAmounts } from '../app/amount-text.ts'
import {
  type Changes,
  answerByHand,
  changeMovement,
  type MovementLine,
  movementLines,
} from '../app/operator-changes.ts'
import { acknowledgeOne } from '../app/notification-changes.ts'
import { readCount, readFound, readKind, readOrigin, readStatus } from '../app/movement-options.ts'
import { printJson, withRecords } from './opening.ts'
import { table } from './table.ts'

interface ListOptions {
  readonly status?: string
  readonly kind?: string
  readonly origin?: string
  readonly limit: string
  readonly environment?: string
  readonly json?: boolean
}

interface AnswerOptions {
  readonly providerId?: string
  readonly notThere?: boolean
  readonly environment?: string
}

export function registerMovements(program: Command): void {
  const movements = program.command('movements').description('List movements, or change one')
  movements
    .command('list', { isDefault: true })
    .description('Movements, newest first')
    .option('--status <status>', 'only those in this status')
    .option('--kind <kind>', 'only those of this kind')
    .option('--origin <origin>', 'planned here, or observed: moved by somebody else')
    .option('--limit <count>', 'at most so many', '50')
    .option('--environment <slug>', 'test or live')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: ListOptions) => {
      const filter = {
        status: readStatus(options.status),
        kind: readKind(options.kind),
        origin: readOrigin(options.origin),
        limit: readCount('--limit', options.limit, 10_000),
      }
      const lines = await withRecords(records =>
        movementLines(records, filter, options.environment),
      )
      if (options.json === true) printJson(lines)
      else process.stdout.write(sayMovements(lines))
    })
  for (const change of ['retry', 'cancel'] as const) {
    movements
      .command(`${change} <id>`)
      .description(change === 'retry' ? 'Send a refused movement again' : 'Give a movement up')
      .option('--environment <slug>', 'test or live')
      .action(async (id: string, options: { environment?: string }) => {
        sayChange(
          await withRecords(records => changeMovement(records, change, id, options.environment)),
        )
      })
  }
  movements
    .command('answer <id>')
    .description('Say what became of a movement that needs review')
    .option('--provider-id <id>', 'the object that stands at the provider')
    .option('--not-there', 'it was looked for at the provider and was never made')
    .option('--environment <slug>', 'test or live')
    .action(async (id: string, options: AnswerOptions) => {
      const found = readFound(options)
      sayChange(await withRecords(records => answerByHand(records, id, found, options.environment)))
    })
  movements
    .command('acknowledge <id>')
    .description('Leave a line of the daily mail out of it, by the id that it names')
    .option('--environment <slug>', 'test or live')
    .action(async (id: string, options: { environment?: string }) => {
      sayChange(await withRecords(records => acknowledgeOne(records, id, options.environment)))
    })
}

/** Prints what a change came to and sets the exit code. */
export function sayChange(changes: Changes): void {
  const stream = changes.ok ? process.stdout : process.stderr
  stream.write(`${changes.ok ? '' : 'tributary: '}${changes.message}\n`)
  process.exitCode = changes.ok ? 0 : 1
}

function sayMovements(lines: readonly MovementLine[]): string {
  if (lines.length === 0) return 'No movements.\n'
  return table(
    ['id', 'kind', 'status', 'amount', 'seller', 'for', 'reason'],
    lines.map(line => [
      line.id,
      line.kind,
      line.status,
      bothAmounts(line),
      line.sellerId ?? '',
      line.orderId ?? line.cycleId ?? line.purchaseId ?? '',
      line.reason ?? '',
    ]),
  )
}
