import type { LineRefund, Order } from './order.ts'
import { owedBySeller, type RefundCase } from './refund.ts'

/** A refund of an order whose money Tributary itself knows more of than the order shows. */
export type KnownRefund = Pick<RefundCase, 'id' | 'amount' | 'share' | 'commission'> & {
  /** Is the customer's money on its way or there? False: refused, or taken back. */
  readonly stands: boolean
}

/**
 * The order with its refunds as they stand at the provider. The marketplace shows a refund as paid
 * only once it was told: in between, or when that word was lost, the order alone would move the
 * refunded money to the seller. One that it shows as paid although it was taken back counts as open.
 */
export function withStandingRefunds(order: Order, known: readonly KnownRefund[]): Order {
  if (known.length === 0) return order
  const byId = new Map(known.map(refund => [refund.id, refund]))
  const shown = new Set(order.lines.flatMap(line => line.refunds).map(refund => refund.id))
  const missing = known.filter(refund => refund.stands && !shown.has(refund.id)).map(asLineRefund)
  return {
    ...order,
    // How much of such a refund is tax only the order says, once it was read again.
    ...(missing.length === 0 ? {} : { taxesUnknown: true }),
    lines: order.lines.map((line, at) => ({
      ...line,
      refunds: [
        ...line.refunds.map(refund => {
          const stands = byId.get(refund.id)?.stands
          return stands === undefined ? refund : { ...refund, paid: stands }
        }),
        ...(at === 0 ? missing : []),
      ],
    })),
  }
}

/** A refund that the stored order does not show yet; `share` holds its taxes already. */
function asLineRefund(refund: KnownRefund): LineRefund {
  return {
    id: refund.id,
    paid: true,
    amount: refund.share ?? refund.amount,
    shipping: 0n,
    taxes: 0n,
    commission: refund.commission ?? 0n,
  }
}

/** Refunds that an amount made from this order is net of. */
export function nettedRefunds(order: Order): string[] {
  return order.lines
    .flatMap(line => line.refunds)
    .filter(refund => refund.paid)
    .map(refund => refund.id)
}

/** What a refund takes off the order's share, and the commission that it gives back; minor units. */
export function refundOnOrder(
  order: Order,
  refundId: string,
): { readonly share: bigint; readonly commission: bigint } | null {
  const found = order.lines.flatMap(line => line.refunds).find(refund => refund.id === refundId)
  if (found === undefined) return null
  const net = found.amount + found.shipping
  const share = order.taxMode === 'included' ? net : net + found.taxes
  return { share, commission: found.commission }
}

/**
 * How much of what a seller owes for a refund each transfer of the order bears, in their order; the
 * last one all that is left. Null: not known yet. Minor units.
 * @param lefts what earlier reversals have left of each transfer
 */
export function shareOut(
  refund: Pick<RefundCase, 'share' | 'commission' | 'tax'>,
  lefts: readonly bigint[],
): (bigint | null)[] {
  const owed = owedBySeller(refund)
  if (owed === null) return lefts.map(() => null)
  let rest = owed
  return lefts.map((left, at) => {
    const room = left > 0n ? left : 0n
    const bears = at === lefts.length - 1 || rest < room ? rest : room
    rest -= bears
    return bears
  })
}
