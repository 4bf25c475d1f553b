import type { Cycle } from './settlement.ts'

/**
 * One line of what a cycle was made from. Lines of sales and refunds name their order; all others
 * (subscriptions, manual invoices, fees, reserves) name none, whatever the marketplace shows there.
 */
export interface CycleLine {
  readonly id: string
  readonly orderId: string | null
  /** The refund that the line is about; null: the sale itself. */
  readonly refundId: string | null
  /** Minor units of the cycle's currency, as the seller sees it: commissions are negative. */
  readonly amount: bigint
}

/** What a final cycle holds (Mirakl's TL02). Minor units of the cycle's currency, signed. */
export interface CycleContents {
  /** Of each order that was sold in the cycle: its share less the commission. */
  readonly orders: Readonly<Record<string, bigint>>
  /** Of each refund: what it takes from the seller, below zero. */
  readonly refunds: Readonly<Record<string, { readonly orderId: string; readonly amount: bigint }>>
}

/** Lines added up by order and by refund. */
export function contentsOf(lines: readonly CycleLine[]): CycleContents {
  const orders: Record<string, bigint> = {}
  const refunds: Record<string, { orderId: string; amount: bigint }> = {}
  for (const { orderId, refundId, amount } of lines) {
    if (orderId === null) continue
    if (refundId === null) orders[orderId] = (orders[orderId] ?? 0n) + amount
    else refunds[refundId] = { orderId, amount: (refunds[refundId]?.amount ?? 0n) + amount }
  }
  return { orders, refunds }
}

/** The orders that a cycle is about: those sold in it and those of its refunds. */
export function ordersIn({ orders, refunds }: CycleContents): string[] {
  const refunded = Object.values(refunds).map(({ orderId }) => orderId)
  return [...new Set([...Object.keys(orders), ...refunded])]
}

/**
 * What of a cycle's amount is neither a sale or refund nor one of the parts that are moved beside
 * the payout: fees that the operator takes from the seller, reserves, what another cycle left.
 * @returns minor units of the cycle's currency, 0 when all is accounted for
 */
export function unexplainedOf(cycle: Cycle, { orders, refunds }: CycleContents): bigint {
  const amounts = [
    ...Object.values(orders),
    ...Object.values(refunds).map(({ amount }) => amount),
    cycle.otherCredits,
    -cycle.otherInvoices,
    -cycle.subscription,
  ]
  return cycle.amount - amounts.reduce((sum, each) => sum + each, 0n)
}
