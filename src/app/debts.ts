import { UsageError } from '../domain/errors.ts'
import { parseMoney } from '../domain/money.ts'
import { listDebts } from '../store/debts.ts'
import {
  type CurrencyStatement,
  type DebtLine,
  debtLine,
  sellerStatement,
} from '../workflows/seller-statement.ts'
import { writeOffDebt } from '../workflows/write-off-debt.ts'
import { amountText } from './amount-text.ts'
import type { Changes } from './operator-changes.ts'
import { findEnvironment, type Records } from './records.ts'

export type { CurrencyStatement, DebtLine, StatementLine } from '../workflows/seller-statement.ts'

const actor = 'operator:cli'
const pageSize = 500

export interface DebtFilter {
  readonly shop?: string | undefined
  /** Those that are set off, written off or given up, too. */
  readonly all: boolean
}

/** Debts, oldest first; read page by page. */
export async function debtLines(
  records: Records,
  { shop, all }: DebtFilter,
  slug?: string,
): Promise<DebtLine[]> {
  const environment = await findEnvironment(records, slug)
  const { queries } = records.database
  const lines: DebtLine[] = []
  let after: { createdAt: Date; id: string } | undefined
  for (;;) {
    const query = { sellerId: shop, open: !all, after, limit: pageSize }
    const page = await listDebts(queries, environment.id, query)
    lines.push(...page.map(debtLine))
    after = page.at(-1)
    if (page.length < pageSize) return lines
  }
}

/** @param amount in the debt's currency, as people write it (`12.50`); undefined: all that is open */
export async function writeOff(
  records: Records,
  id: string,
  { amount, note }: { readonly amount?: string | undefined; readonly note: string },
  slug?: string,
): Promise<Changes> {
  const environment = await findEnvironment(records, slug)
  const [debt] = await listDebts(records.database.queries, environment.id, { id, limit: 1 })
  if (debt === undefined) return { ok: false, message: `no debt ${id}` }
  const wanted = amount === undefined ? null : readAmount(amount, debt.currency)
  const made = await writeOffDebt({ ...records, environment, actor }, id, { wanted, note })
  if (!made.ok) return made
  const { open } = debtLine(made.debt)
  const off = amountText(made.amount.toString(), debt.currency)
  return {
    ok: true,
    message: `${off} of debt ${id} is written off; open: ${amountText(open, debt.currency)}`,
  }
}

function readAmount(text: string, currency: string): bigint {
  const parsed = parseMoney(text, currency)
  if (parsed.ok && parsed.money.amount > 0n) return parsed.money.amount
  throw new UsageError(
    '--amount',
    `--amount is "${text}": write an amount of ${currency}, for example 12.50`,
  )
}

/** @param shop the marketplace's id of the seller */
export async function readStatement(
  records: Records,
  shop: string,
  slug?: string,
): Promise<CurrencyStatement[]> {
  const environment = await findEnvironment(records, slug)
  return sellerStatement({ ...records, environment }, shop)
}
