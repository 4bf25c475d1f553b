import type { PayableOrder, SeenTransfer } from './order-books.ts'

/** What became of the orders that had to be paid to their sellers. */
export interface OrderVerdict {
  readonly payableOrders: number
  /** Payable orders whose sellers got what is owed, by one transfer. */
  readonly transferredOrders: number
  readonly transferredTwice: number
  /** Of the transferred orders: a refund waits for their sellers' next sales. */
  readonly waitingForSellers: number
  /** Payable and not transferred, transferred and not payable, or with another amount. */
  readonly orderProblems: readonly string[]
}

/** Holds what Stripe transferred for each order against what the marketplace says is owed. */
export function checkOrders(
  payable: readonly PayableOrder[],
  transfers: readonly SeenTransfer[],
): OrderVerdict {
  const byOrder = Map.groupBy(transfers, transfer => transfer.orderId)
  const named = new Set(payable.map(order => order.orderId))
  const problems: string[] = []
  let [right, waiting] = [0, 0]
  for (const order of payable) {
    const seen = byOrder.get(order.orderId) ?? []
    const problem = problemOf(order, seen)
    if (problem === null) right += 1
    else problems.push(problem)
    if (problem === null && netOf(seen) !== order.owed) waiting += 1
  }
  for (const orderId of byOrder.keys()) {
    if (!named.has(orderId)) problems.push(`${orderId}: transferred and not payable`)
  }
  return {
    payableOrders: payable.length,
    transferredOrders: right,
    transferredTwice: [...byOrder.values()].filter(isTwice).length,
    waitingForSellers: waiting,
    orderProblems: problems,
  }
}

function problemOf(
  { orderId, owed, unreversed, available }: PayableOrder,
  seen: readonly SeenTransfer[],
): string | null {
  if (seen.length === 0) {
    return owed === 0n ? null : `${orderId}: payable and not transferred (${owed})`
  }
  const tooMuch = netOf(seen) - owed
  // What cannot be taken back yet, because the seller's account does not have it.
  const mayWait = tooMuch > available && tooMuch <= unreversed
  if (!isTwice(seen) && (tooMuch === 0n || mayWait)) return null
  const amounts = seen.map(({ amount, reversed }) => `${amount} less ${reversed}`).join(' + ')
  return `${orderId}: owed ${owed}, transferred ${amounts}`
}

function netOf(seen: readonly SeenTransfer[]): bigint {
  return seen.reduce((sum, { amount, reversed }) => sum + amount - reversed, 0n)
}

/** An order is paid from its charge once, and at most once more for what the operator adds to it. */
function isTwice(seen: readonly SeenTransfer[]): boolean {
  const times = (from: SeenTransfer['from']): number =>
    seen.filter(transfer => transfer.from === from).length
  return times('charge') > 1 || times('promotion') > 1
}
