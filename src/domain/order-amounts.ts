import type { Cancelation, Order, OrderLine } from './order.ts'

/** Amounts of a product order (docs: movements on paper, section 2). All in minor units. */

/** Lines whose goods are still sold. */
export function keptLines(order: Order): readonly OrderLine[] {
  return order.lines.filter(line => line.state !== 'REFUSED' && line.state !== 'CANCELED')
}

function lineTotal(order: Order, line: OrderLine): bigint {
  return order.taxMode === 'included' ? line.total : line.total + line.taxes + line.shippingTaxes
}

function cancelationTotal(order: Order, part: Cancelation): bigint {
  const net = part.amount + part.shipping
  return order.taxMode === 'included' ? net : net + part.taxes
}

function total(parts: readonly bigint[]): bigint {
  return parts.reduce((left, right) => left + right, 0n)
}

/** What the operator adds to the customer's payment, over the kept lines. */
export function operatorFunding(order: Order): bigint {
  return total(keptLines(order).map(line => line.operatorFunding))
}

/**
 * What was refused or canceled of an order, as part of what the customer authorised.
 * A REFUSED line keeps its amounts; a CANCELED line is 0 and its money sits in `cancelations`, as
 * does what was canceled of a line that goes on (its shipping and taxes included).
 */
export function releasedShare(order: Order): bigint {
  return total(
    order.lines.map(line => {
      const canceled = total(line.cancelations.map(part => cancelationTotal(order, part)))
      return line.state === 'REFUSED' ? lineTotal(order, line) + canceled : canceled
    }),
  )
}

/**
 * The operator's part of what was refused or canceled. The customer authorised his own part only, so
 * an authorisation is released by `releasedShare` less this.
 */
export function releasedFunding(order: Order): bigint {
  return total(
    order.lines.map(line => {
      const canceled = total(line.cancelations.map(part => part.operatorFunding ?? 0n))
      return line.state === 'REFUSED' ? line.operatorFunding + canceled : canceled
    }),
  )
}

/** Everything of an order that a whole refusal releases: kept, refused and canceled parts. */
export function orderedShare(order: Order): bigint {
  return customerShare(order, null) + releasedShare(order)
}

/**
 * What the customer pays for an order: its kept lines, taxes included.
 * Mirakl's schema does not say whether a line that was canceled in part shows the reduced or the
 * first amount. The debit (PA11), or else `total_price`, decides which reading is right.
 */
export function customerShare(order: Order, debited: bigint | null): bigint {
  const shown = total(keptLines(order).map(line => lineTotal(order, line)))
  return showsFirstAmounts(order, debited) ? shown - canceledParts(order) : shown
}

function canceledParts(order: Order): bigint {
  const parts = keptLines(order).flatMap(line => line.cancelations)
  return total(parts.map(part => cancelationTotal(order, part)))
}

/** Do the kept lines still show what was canceled of them? */
export function showsFirstAmounts(order: Order, debited: bigint | null): boolean {
  const lines = keptLines(order)
  const canceled = canceledParts(order)
  if (canceled === 0n) return false
  const shown = total(lines.map(line => lineTotal(order, line)))
  const lessCanceled = shown - canceled
  const fits = (share: bigint) => debited === share || debited === share - operatorFunding(order)
  // A debit that fits both readings (the operator paid as much as was canceled) says nothing.
  if (fits(lessCanceled) !== fits(shown)) return fits(lessCanceled)
  const canceledNet = total(
    lines.flatMap(line => line.cancelations.map(part => part.amount + part.shipping)),
  )
  return total(lines.map(line => line.total)) - canceledNet === order.total
}

/** Refunds that the marketplace shows as paid: what went back to the customer, and its commission. */
export function paidRefunds(order: Order): { amount: bigint; commission: bigint } {
  const paid = order.lines.flatMap(line => line.refunds).filter(refund => refund.paid)
  return {
    amount: total(
      paid.map(refund => {
        const net = refund.amount + refund.shipping
        return order.taxMode === 'included' ? net : net + refund.taxes
      }),
    ),
    commission: total(paid.map(refund => refund.commission)),
  }
}
