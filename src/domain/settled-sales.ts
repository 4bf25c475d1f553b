import { bothOf } from './conversion.ts'
import type { Currency } from './currency.ts'
import { type CycleContents, unexplainedOf } from './cycle-contents.ts'
import type { Facts } from './json.ts'
import { lifecycle } from './lifecycle.ts'
import type { Movement } from './movement.ts'
import type { SettlementFacts } from './plan-settlement.ts'
import type { Cycle } from './settlement.ts'

/** What the sales of a cycle were moved as, when some of the seller's sales were converted. */
export interface SettledSales {
  /** What reached the seller's account less what left it again, by currency. Minor units. */
  readonly sums: Readonly<Record<Currency, bigint>>
  /** What is still to be moved for an order or a refund of the cycle -> its status. */
  readonly unfinished: Readonly<Record<string, string>>
  /** Orders that were given more than the cycle has of them -> both amounts, in its currency. */
  readonly exceeding: Readonly<Record<string, string>>
  /** Of the cycle's amount, what nothing here accounts for. Minor units of its currency. */
  readonly unexplained: bigint
}

export interface SaleFacts {
  readonly cycle: Cycle
  readonly contents: CycleContents
  /** Movements of the orders that the cycle is about, of any kind. */
  readonly movements: readonly Movement[]
  /** Orders of which nothing more will be transferred. */
  readonly closedOrders: ReadonlySet<string>
  /** Refunds that are known -> is something of them left to do? */
  readonly refunds: ReadonlyMap<string, { readonly isOpen: boolean }>
}

const intoAccount = new Set<string>(['transfer', 'restitution'])
const outOfAccount = new Set<string>(['collection', 'reversal'])

/**
 * Adds up what was moved for the orders and refunds of a cycle. Of a dispute the marketplace knows
 * nothing, so what it took is no part of a cycle; a refund that its transfer was already net of has
 * moved nothing and counts nothing, in whichever cycle it stands.
 */
export function salesOf(facts: SaleFacts): SettledSales {
  const { cycle, contents } = facts
  const own = facts.movements.filter(each => isOfCycle(each, cycle, contents))
  const sums: Record<Currency, bigint> = {}
  for (const each of own) {
    if (each.status !== 'succeeded') continue
    const { sent } = bothOf(each)
    const signed = outOfAccount.has(each.kind) ? -sent : sent
    sums[each.currency] = (sums[each.currency] ?? 0n) + signed
  }
  return {
    sums,
    unfinished: unfinishedOf(facts, own),
    exceeding: exceedingOf(contents, own),
    unexplained: unexplainedOf(cycle, contents),
  }
}

function isOfCycle(movement: Movement, cycle: Cycle, contents: CycleContents): boolean {
  const { kind, source, parties } = movement
  // Taxes that are kept apart never reach the seller's account.
  if (parties.sellerId !== cycle.sellerId) return false
  if (!intoAccount.has(kind) && !outOfAccount.has(kind)) return false
  if (source.type === 'order') return Object.hasOwn(contents.orders, source.id)
  return source.type === 'refund' && Object.hasOwn(contents.refunds, source.id)
}

function unfinishedOf(facts: SaleFacts, own: readonly Movement[]): Record<string, string> {
  const { contents, closedOrders, refunds } = facts
  const movements = own.flatMap(({ id, status, reason }): [string, string][] =>
    lifecycle[status].final ? [] : [[id, reason ?? status]],
  )
  const split = new Set(
    own.filter(each => each.source.type === 'order').map(each => each.source.id),
  )
  const orders = Object.keys(contents.orders)
    .filter(id => !split.has(id) && !closedOrders.has(id))
    .map((id): [string, string] => [`order ${id}`, 'not_split'])
  const open = Object.keys(contents.refunds).flatMap((id): [string, string][] => {
    const refund = refunds.get(id)
    if (refund === undefined) return [[`refund ${id}`, 'unknown']]
    return refund.isOpen ? [[`refund ${id}`, 'open']] : []
  })
  return Object.fromEntries([...movements, ...orders, ...open])
}

/** An order of which another cycle bills a part would be paid out twice. */
function exceedingOf(contents: CycleContents, own: readonly Movement[]): Record<string, string> {
  const entries = Object.entries(contents.orders).flatMap(([id, billed]): [string, string][] => {
    const of = own.filter(({ source, status }) => {
      return source.type === 'order' && source.id === id && status === 'succeeded'
    })
    const ordered = of.reduce((sum, each) => {
      const { ordered: part } = bothOf(each)
      return each.kind === 'collection' ? sum - part : sum + part
    }, 0n)
    return of.length > 0 && ordered > billed ? [[id, `${ordered} > ${billed}`]] : []
  })
  return Object.fromEntries(entries)
}

type Sales = SettlementFacts['sales']

/** Are the cycle's sales in another currency than the cycle, or is that not known yet? */
export function mayBeConverted(sales: Sales, currency: Currency): boolean {
  if (sales === null) return false
  if (sales === 'unread' || Object.keys(sales.unfinished).length > 0) return true
  return isConverted(sales, currency)
}

function isConverted(sales: SettledSales, currency: Currency): boolean {
  return Object.keys(sales.sums).some(each => each !== currency)
}

/** The one currency that all of the cycle's sales were converted to; null: none, or several. */
export function settledCurrencyOf(sales: Sales, currency: Currency): Currency | null {
  if (sales === null || sales === 'unread' || !isConverted(sales, currency)) return null
  const [only, ...others] = Object.keys(sales.sums)
  return only === undefined || others.length > 0 ? null : only
}

/**
 * The facts of a cycle whose sales were converted, with what they brought in place of the
 * marketplace's amount. The parts that are moved beside the payout stay in the cycle's own currency
 * and are none of it. Any other cycle is as it was.
 */
export function asSettled(facts: SettlementFacts): SettlementFacts {
  const { cycle, sales } = facts
  const currency = settledCurrencyOf(sales, cycle.currency)
  if (currency === null || sales === null || sales === 'unread') return facts
  const amount = sales.sums[currency] ?? 0n
  const none = { subscription: 0n, otherInvoices: 0n, otherCredits: 0n }
  const original = { amount: cycle.amount, currency: cycle.currency }
  return { ...facts, original, cycle: { ...cycle, ...none, amount, currency } }
}

/**
 * Why what the sales brought cannot be taken for what the marketplace says that it owes; null: it
 * can. Both figures of each difference.
 */
export function differenceOf({ cycle, original, sales }: SettlementFacts): Facts | null {
  if (sales === null || sales === 'unread') return null
  const named = original ?? { amount: cycle.amount, currency: cycle.currency }
  if (!isConverted(sales, named.currency)) return null
  const isWhole = sales.unexplained === 0n && Object.keys(sales.exceeding).length === 0
  if (isWhole && Object.keys(sales.sums).length === 1) return null
  return {
    cycle: `${named.amount} ${named.currency}`,
    settled: Object.entries(sales.sums).map(([currency, sum]) => `${sum} ${currency}`),
    unexplained: `${sales.unexplained} ${named.currency}`,
    exceeding: { ...sales.exceeding },
  }
}
