import { type Posting, entriesOf, escrowOf, flow, posting } from './ledger.ts'
import { type Dispute, withdrawnOf } from './dispute.ts'
import type { Movement } from './movement.ts'

/** A dispute that is settled, as the books see it. Minor units. */
export interface DisputeBooks {
  readonly dispute: Pick<Dispute, 'id' | 'currency' | 'paymentId' | 'postings'>
  readonly purchaseId: string
  /** What the dispute moved: reversals that took from sellers, restitutions that gave back. */
  readonly movements: readonly Movement[]
  /** What sellers owe for it as debts. */
  readonly owed: bigint
  /** What the books have of the operator's part so far. */
  readonly booked: bigint
  readonly postings: number
}

/**
 * What a settled dispute costs the operator: what the bank took and nobody else bears fills the
 * escrow of the purchase out of the commission. Null: the books have it.
 */
export function disputePosting(books: DisputeBooks): Posting | null {
  const { dispute, purchaseId, movements, owed, booked } = books
  // Of a payment that was converted the bank's lines are in the currency that it settled in.
  const currency = dispute.postings[0]?.currency ?? dispute.currency
  const taken = movements
    .filter(each => each.status === 'succeeded' && each.currency === currency)
    .reduce((sum, { kind, amount }) => {
      if (kind === 'reversal') return sum + (amount ?? 0n)
      return kind === 'restitution' ? sum - (amount ?? 0n) : sum
    }, 0n)
  const part = withdrawnOf(dispute, currency) - taken - owed
  if (part === booked) return null
  return posting({
    key: `dispute:${dispute.id}:settled:${books.postings + 1}`,
    event: 'dispute_settled',
    currency,
    parties: {
      movementId: null,
      paymentId: dispute.paymentId,
      orderId: null,
      purchaseId,
      sellerId: null,
      cycleId: null,
    },
    entries: entriesOf([flow('commission', escrowOf(purchaseId), part - booked)]),
  })
}
