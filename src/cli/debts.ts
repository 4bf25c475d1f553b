import type { Command } from 'commander'
import { amountText } from '../app/amount-text.ts'
import { type DebtLine, debtLines, writeOff } from '../app/debts.ts'
import { sayChange } from './movements.ts'
import { printJson, withRecords } from './opening.ts'
import { table } from './table.ts'

interface ListOptions {
  readonly shop?: string
  readonly all?: boolean
  readonly environment?: string
  readonly json?: boolean
}

interface WriteOffOptions {
  readonly amount?: string
  readonly note: string
  readonly environment?: string
}

export function registerDebts(program: Command): void {
  const debts = program
    .command('debts')
    .description('What sellers owe that Mirakl does not know of')
  debts
    .command('list', { isDefault: true })
    .description('Open debts, oldest first')
    .option('--shop <id>', 'only those of this shop')
    .option('--all', 'those with nothing open, too')
    .option('--environment <slug>', 'test or live')
    .option('--json', 'one JSON document on stdout')
    .action(async (options: ListOptions) => {
      const filter = { shop: options.shop, all: options.all === true }
      const lines = await withRecords(records => debtLines(records, filter, options.environment))
      if (options.json === true) printJson(lines)
      else process.stdout.write(sayDebts(lines))
    })
  debts
    .command('write-off <id>')
    .description('Give up what a seller owes; later payouts are not less by it')
    .requiredOption('--note <text>', 'why; kept with your change')
    .option('--amount <amount>', 'only so much, for example 12.50; by default all that is open')
    .option('--environment <slug>', 'test or live')
    .action(async (id: string, options: WriteOffOptions) => {
      sayChange(await withRecords(records => writeOff(records, id, options, options.environment)))
    })
}

/** Debts as a table. */
export function sayDebts(lines: readonly DebtLine[]): string {
  if (lines.length === 0) return 'No debts.\n'
  return table(
    ['debt', 'shop', 'for', 'owed', 'open', 'set off', 'written off', 'since'],
    lines.map(line => [
      line.id,
      line.seller,
      line.source,
      amountText(line.original, line.currency),
      amountText(line.open, line.currency),
      amountText(line.setOff, line.currency),
      amountText(line.writtenOff, line.currency),
      line.since.slice(0, 10),
    ]),
  )
}
