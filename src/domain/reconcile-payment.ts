import type { Payment } from './payment.ts'
import { type Difference, difference } from './reconcile-difference.ts'

/** A payment with what the provider's books have of it. Minor units. */
export interface PaymentFacts {
  readonly payment: Pick<
    Payment,
    'id' | 'chargeId' | 'status' | 'currency' | 'captured' | 'createdAt'
  >
  /** What of `captured` the ledger has. */
  readonly booked: bigint
  /** What its lines add up to, in the currency of the books; null: it has none. */
  readonly inBooks: { readonly amount: bigint; readonly currency: string } | null
  /** Were the books read from before it was made until long after? */
  readonly covered: boolean
  /** When the provider last told of it. */
  readonly toldAt: Date
}

/** What of a payment differs from the provider's books or the ledger; null: nothing. */
export function judgePayment(facts: PaymentFacts): Difference | null {
  const { payment, inBooks, booked } = facts
  const { captured, currency } = payment
  const seen = {
    currency,
    here: captured,
    there: inBooks?.amount ?? null,
    stateHere: payment.status,
    ids: { payment: payment.id, provider: payment.chargeId },
    at: facts.toldAt,
  }
  const name = `payment:${payment.id}`
  if (inBooks === null) {
    return captured > 0n && facts.covered ? difference('capture_missing', name, seen) : null
  }
  if (captured === 0n && inBooks.amount > 0n) return difference('captured_there_only', name, seen)
  // Settled in another currency: the two amounts cannot be compared.
  if (inBooks.currency === currency && inBooks.amount !== captured) {
    return difference('captured_amount_differs', name, seen)
  }
  return booked === captured
    ? null
    : difference('ledger_differs', name, { ...seen, there: booked, stateThere: 'escrow' })
}
