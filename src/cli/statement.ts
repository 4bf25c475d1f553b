import type { Command } from 'commander'
import pc from 'picocolors'
import { amountText } from '../app/amount-text.ts'
import { type CurrencyStatement, readStatement } from '../app/debts.ts'
import { sayDebts } from './debts.ts'
import { printJson, withRecords } from './opening.ts'
import { table } from './table.ts'

interface StatementOptions {
  readonly environment?: string
  readonly json?: boolean
  readonly csv?: boolean
}

/** @param sellers the family of commands that it belongs to */
export function registerStatement(sellers: Command): void {
  sellers
    .command('statement <shop>')
    .description("What changed a shop's account, what it owes and what waits")
    .option('--environment <slug>', 'test or live')
    .option('--json', 'one JSON document on stdout')
    .option('--csv', 'the movements as CSV on stdout')
    .action(async (shop: string, options: StatementOptions) => {
      const statements = await withRecords(records =>
        readStatement(records, shop, options.environment),
      )
      if (options.json === true) printJson({ shop, currencies: statements })
      else if (options.csv === true) process.stdout.write(csvOf(statements))
      else process.stdout.write(sayStatements(shop, statements))
    })
}

const columns = ['at', 'kind', 'source', 'amount', 'balance', 'cycleAmount', 'providerId'] as const

/** Amounts in minor units, as in JSON: a spreadsheet must not round them. */
function csvOf(statements: readonly CurrencyStatement[]): string {
  const rows = statements.flatMap(({ currency, lines }) =>
    lines.map(line => [currency, ...columns.map(name => line[name] ?? ''), line.movement]),
  )
  const quoted = [['currency', ...columns, 'movement'], ...rows].map(row =>
    row.map(cell => `"${cell.replaceAll('"', '""')}"`).join(','),
  )
  return `${quoted.join('\r\n')}\r\n`
}

function sayStatements(shop: string, statements: readonly CurrencyStatement[]): string {
  if (statements.length === 0) return `Nothing was moved for shop ${shop} yet.\n`
  return statements.map(sayOne).join('\n')
}

function sayOne(statement: CurrencyStatement): string {
  const { currency, balance, lines, openDebts, heldReversals, waitingPayouts } = statement
  const bare = (amount: string | null) => amountText(amount, currency).replace(` ${currency}`, '')
  const moved = lines.map(line => [
    line.at.slice(0, 16).replace('T', ' '),
    line.kind,
    line.source,
    bare(line.amount),
    bare(line.balance),
    line.cycleAmount === null ? '' : `of ${bare(line.cycleAmount)}`,
  ])
  const waiting = [...heldReversals, ...waitingPayouts].map(line => [
    line.movement,
    line.source,
    `${line.status}${line.reason === null ? '' : ` ${line.reason}`}`,
    bare(line.amount),
  ])
  const sections = [
    `${pc.bold(currency)}  balance ${bare(balance)}\n`,
    table(['done', 'kind', 'for', 'amount', 'balance', ''], moved),
    openDebts.length === 0 ? '' : sayDebts(openDebts),
    waiting.length === 0 ? '' : table(['waits', 'for', 'because', 'amount'], waiting),
  ]
  return sections.filter(section => section !== '').join('\n')
}
