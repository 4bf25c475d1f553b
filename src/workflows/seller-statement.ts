import { type Debt, openOf } from '../domain/debt.ts'
import type { Movement } from '../domain/movement.ts'
import { listDebts } from '../store/debts.ts'
import { statementPage, waitingOfSeller } from '../store/seller-statements.ts'
import { sourceText } from './explain-plan.ts'
import type { Work } from './work.ts'

/** A debt in words and text; amounts in minor units as text. */
export interface DebtLine {
  readonly id: string
  readonly seller: string
  readonly currency: string
  /** `dispute du_1 mv_1`, `cycle 12`. */
  readonly source: string
  readonly original: string
  readonly open: string
  readonly setOff: string
  readonly writtenOff: string
  readonly givenUp: string
  readonly since: string
}

/** One movement of a seller's account. */
export interface StatementLine {
  readonly at: string
  readonly movement: string
  readonly kind: string
  readonly source: string
  /** Minor units as text; below zero: it left the account. */
  readonly amount: string
  /** After it. */
  readonly balance: string
  readonly providerId: string | null
  /** Of a payout that is less than its cycle: what the marketplace says. */
  readonly cycleAmount: string | null
}

/** What waits. */
export interface WaitingLine {
  readonly movement: string
  readonly source: string
  readonly status: string
  readonly reason: string | null
  readonly amount: string | null
}

export interface CurrencyStatement {
  readonly currency: string
  readonly balance: string
  readonly lines: readonly StatementLine[]
  readonly openDebts: readonly DebtLine[]
  readonly heldReversals: readonly WaitingLine[]
  /** Payouts that are not under way yet; those that are stand in `lines`. */
  readonly waitingPayouts: readonly WaitingLine[]
}

const pageSize = 500
/** What waits of one seller is read at once: a seller with more than this is a defect. */
const waitingMax = 5000

export function debtLine(debt: Debt): DebtLine {
  const { id, currency, source } = debt
  return {
    id,
    seller: debt.sellerId,
    currency,
    source: sourceText(source),
    original: debt.original.toString(),
    open: openOf(debt).toString(),
    setOff: debt.setOff.toString(),
    writtenOff: debt.writtenOff.toString(),
    givenUp: debt.givenUp.toString(),
    since: debt.createdAt.toISOString(),
  }
}

/** What changed a seller's account, by currency, in order, with what is still owed and waits. */
export async function sellerStatement(
  work: Pick<Work, 'database' | 'environment'>,
  sellerId: string,
): Promise<CurrencyStatement[]> {
  const { queries } = work.database
  const { id } = work.environment
  const byCurrency = new Map<string, StatementLine[]>()
  const balances = new Map<string, bigint>()
  let after: Movement | null = null
  for (;;) {
    const page = await statementPage(queries, id, sellerId, { after, limit: pageSize })
    for (const movement of page) {
      const { currency } = movement
      const balance: bigint = (balances.get(currency) ?? 0n) + changeOf(movement)
      balances.set(currency, balance)
      const lines = byCurrency.get(currency) ?? []
      lines.push(lineOf(movement, balance))
      byCurrency.set(currency, lines)
    }
    after = page.at(-1) ?? null
    if (page.length < pageSize) break
  }
  const query = { sellerId, open: true, limit: waitingMax }
  const debts = await listDebts(queries, id, query)
  const waiting = await waitingOfSeller(queries, id, sellerId, waitingMax)
  const currencies = new Set(
    [...debts, ...waiting].map(each => each.currency).concat([...byCurrency.keys()]),
  )
  return [...currencies].toSorted().map(currency => {
    const own = waiting.filter(each => each.currency === currency)
    const linesOf = (kind: string) => own.filter(each => each.kind === kind).map(waitingLine)
    return {
      currency,
      balance: (balances.get(currency) ?? 0n).toString(),
      lines: byCurrency.get(currency) ?? [],
      openDebts: debts.filter(debt => debt.currency === currency).map(debtLine),
      heldReversals: linesOf('reversal'),
      waitingPayouts: linesOf('payout'),
    }
  })
}

function changeOf({ kind, sentAmount, amount }: Movement): bigint {
  const moved = sentAmount ?? amount ?? 0n
  return ['reversal', 'collection', 'payout'].includes(kind) ? -moved : moved
}

function lineOf(movement: Movement, balance: bigint): StatementLine {
  const { cycleAmount } = movement.facts
  return {
    at: movement.updatedAt.toISOString(),
    movement: movement.id,
    kind: movement.kind,
    source: sourceText(movement.source),
    amount: changeOf(movement).toString(),
    balance: balance.toString(),
    providerId: movement.providerId,
    cycleAmount: typeof cycleAmount === 'string' ? cycleAmount : null,
  }
}

function waitingLine(movement: Movement): WaitingLine {
  return {
    movement: movement.id,
    source: sourceText(movement.source),
    status: movement.status,
    reason: movement.reason,
    amount: movement.amount?.toString() ?? null,
  }
}
