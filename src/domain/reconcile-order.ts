import { isAborted, needsDebit, type LineRefund, type Order } from './order.ts'
import { type Difference, difference } from './reconcile-difference.ts'

/** What is known here of one refund of the marketplace. Minor units. */
export interface RefundSide {
  /** The movement that pays it; null: there is none. */
  readonly movementId: string | null
  readonly status: string | null
  readonly amount: bigint | null
  readonly providerId: string | null
  /** It was called done, and came back. */
  readonly returned: boolean
  /** A payment was captured less in its place. */
  readonly released: boolean
  /** What the marketplace asked for; null: it was never listed. */
  readonly asked: bigint | null
  /** Was the marketplace told that it is paid? When, or null. */
  readonly toldAt: Date | null
}

/** An order as the marketplace shows it, with what was told and paid here. */
export interface OrderFacts {
  readonly order: Order
  /** When the marketplace was told that it is paid; null: it was not. */
  readonly debitToldAt: Date | null
  readonly refunds: ReadonlyMap<string, RefundSide>
  /** Are refunds of this domain paid by Tributary at all? */
  readonly paysRefunds: boolean
  /** What is younger is not judged. */
  readonly until: Date
}

const unknownRefund: RefundSide = {
  movementId: null,
  status: null,
  amount: null,
  providerId: null,
  returned: false,
  released: false,
  asked: null,
  toldAt: null,
}

/** What the marketplace shows of an order otherwise than it is here. */
export function judgeOrder(facts: OrderFacts): Difference[] {
  const { order } = facts
  const refunds = facts.paysRefunds
    ? order.lines.flatMap(line => line.refunds).map(refund => judgeRefund(facts, refund))
    : []
  return [judgeDebit(facts), ...refunds].filter(each => each !== null)
}

function judgeDebit({ order, debitToldAt, until }: OrderFacts): Difference | null {
  const isToldLongAgo = debitToldAt !== null && debitToldAt < until
  if (!isToldLongAgo || order.debitedAt !== null) return null
  if (isAborted(order) || !needsDebit(order)) return null
  return difference('debit_confirmation_lost', `order:${order.id}`, {
    currency: order.currency,
    here: order.total,
    stateHere: 'paid',
    stateThere: order.state,
    ids: { order: order.id, seller: order.sellerId, provider: order.transactionNumber },
    at: debitToldAt,
  })
}

function judgeRefund({ order, refunds, until }: OrderFacts, refund: LineRefund): Difference | null {
  const side = refunds.get(refund.id) ?? unknownRefund
  const shown = refund.amount + refund.shipping
  const seen = {
    currency: order.currency,
    here: side.amount,
    there: order.taxMode === 'included' ? shown : shown + refund.taxes,
    stateHere: side.returned ? 'return' : side.status,
    stateThere: refund.paid ? 'paid' : 'waiting',
    ids: {
      order: order.id,
      refund: refund.id,
      movement: side.movementId,
      seller: order.sellerId,
      provider: side.providerId,
    },
    at: side.toldAt ?? order.updatedAt,
  }
  const name = `refund:${refund.id}`
  if (seen.at >= until) return null
  if (!refund.paid) {
    return side.toldAt === null ? null : difference('refund_confirmation_lost', name, seen)
  }
  if (side.released) return null
  if (side.returned) return difference('refund_returned', name, seen)
  if (side.status !== 'succeeded' && side.status !== 'accepted') {
    return difference('refund_missing', name, seen)
  }
  const { asked } = side
  return asked === null || asked === side.amount
    ? null
    : difference('refund_amount_differs', name, { ...seen, there: asked })
}
