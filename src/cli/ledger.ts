import type { Command } from 'commander'
import { amountText } from '../app/amount-text.ts'
import {
  type BalanceLine,
  type EntryLine,
  type TrialLine,
  balanceLines,
  isBalanced,
  orderEntries,
  readAfter,
  sellerStatement,
  trialLines,
} from '../app/ledger.ts'
import { readCount } from '../app/movement-options.ts'
import { printJson, withRecords } from './opening.ts'
import { table } from './table.ts'

interface Options {
  readonly environment?: string
  readonly json?: boolean
}

interface PageOptions extends Options {
  readonly limit: string
  readonly after: string
}

export function registerLedger(program: Command): void {
  const ledger = program.command('ledger').description('What the books say: docs/ledger.md')
  withOptions(ledger.command('balances', { isDefault: true }))
    .description('What is in each account')
    .action(async (options: Options) => {
      const lines = await withRecords(records => balanceLines(records, options.environment))
      if (options.json === true) printJson(lines)
      else process.stdout.write(sayBalances(lines))
    })
  for (const [name, read] of [
    ['seller', sellerStatement],
    ['order', orderEntries],
  ] as const) {
    withOptions(ledger.command(`${name} <id>`))
      .description(name === 'seller' ? "A seller's entries and balance" : 'The entries of an order')
      .option('--limit <count>', 'at most so many', '100')
      .option('--after <number>', 'those behind this entry', '0')
      .action(async (id: string, options: PageOptions) => {
        const page = {
          limit: readCount('--limit', options.limit, 10_000),
          after: readAfter(options.after),
        }
        const lines = await withRecords(records => read(records, id, page, options.environment))
        if (options.json === true) printJson(lines)
        else process.stdout.write(sayEntries(lines))
      })
  }
  withOptions(ledger.command('trial'))
    .description('The trial balance: every currency adds up to zero, or exit code 1')
    .action(async (options: Options) => {
      const lines = await withRecords(records => trialLines(records, options.environment))
      if (options.json === true) printJson(lines)
      else process.stdout.write(sayTrial(lines))
      process.exitCode = isBalanced(lines) ? 0 : 1
    })
}

function withOptions(command: Command): Command {
  return command
    .option('--environment <slug>', 'test or live')
    .option('--json', 'one JSON document on stdout')
}

const nothing = 'Nothing is booked.\n'

function sayBalances(lines: readonly BalanceLine[]): string {
  if (lines.length === 0) return nothing
  return table(
    ['provider', 'account', 'balance', 'entries'],
    lines.map(({ provider, account, amount, currency, entries }) => [
      provider,
      account,
      amountText(amount, currency),
      String(entries),
    ]),
  )
}

function sayEntries(lines: readonly EntryLine[]): string {
  if (lines.length === 0) return nothing
  return table(
    ['number', 'at', 'event', 'account', 'amount', 'balance', 'movement'],
    lines.map(line => [
      line.number,
      line.at.slice(0, 19),
      line.event,
      line.account,
      amountText(line.amount, line.currency),
      amountText(line.balance, line.currency),
      line.movementId ?? '',
    ]),
  )
}

function sayTrial(lines: readonly TrialLine[]): string {
  if (lines.length === 0) return nothing
  return table(
    ['provider', 'currency', 'entries', 'total', 'does not add up'],
    lines.map(line => [
      line.provider,
      line.currency,
      String(line.entries),
      amountText(line.total, line.currency),
      line.unbalanced.join(' '),
    ]),
  )
}
