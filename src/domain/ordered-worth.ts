import { operatorFunding, orderedShare, releasedFunding, releasedShare } from './order-amounts.ts'
import type { Order } from './order.ts'

/** What of the customer's authorisation is for this order: without the operator's own part of it. */
export function orderedByCustomer(order: Order): bigint {
  return orderedShare(order) - operatorFunding(order) - releasedFunding(order)
}

/**
 * What the orders of a purchase were worth when the customer authorised them, by order id, in minor
 * units. An order that is missing has a price that can mean several amounts, or none.
 *
 * A product order says it itself. A service is worth its debit, which is exactly its price unless
 * that was an estimate; one that was given up before its debit is worth what its price shows. Of
 * two readings of one price the one that makes the purchase what was authorised is right.
 */
export function orderedWorth(orders: readonly Order[], authorized: bigint): Map<string, bigint> {
  const readings = orders.map(order => ({ order, amounts: readingsOf(order) }))
  const worth = new Map<string, bigint>()
  for (const { order, amounts } of readings) {
    const [only] = amounts
    if (only !== undefined && amounts.length === 1) worth.set(order.id, only)
  }
  const open = readings.filter(({ order }) => !worth.has(order.id))
  const [last] = open
  const rest = authorized - [...worth.values()].reduce((sum, each) => sum + each, 0n)
  if (open.length === 1 && last?.amounts.includes(rest) === true) worth.set(last.order.id, rest)
  return worth
}

function readingsOf(order: Order): readonly bigint[] {
  if (order.domain === 'product') return [orderedByCustomer(order)]
  const hasDebit = order.total !== 0n
  if (hasDebit && order.quote?.estimated !== true) return [order.total]
  return order.quote?.amounts ?? []
}

/**
 * What a kept order gives back of the customer's authorisation: its refused and canceled parts, and
 * of an estimated service what its debit is less than the estimate (negative: what it is more).
 */
export function releasedOfKept(order: Order, worth: bigint | undefined): bigint {
  if (order.domain === 'product') return releasedShare(order) - releasedFunding(order)
  return order.quote?.estimated === true && worth !== undefined ? worth - order.total : 0n
}

/** Does the debit of this service differ from the estimate that the customer was shown? */
export function differsFromEstimate(order: Order, worth: bigint | undefined): boolean {
  return worth !== undefined && order.quote?.estimated === true && worth !== order.total
}
