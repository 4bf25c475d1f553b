import type { Currency } from './currency.ts'
import { allocate, money } from './money.ts'

/**
 * How far a dispute is. An `inquiry` is the bank's question before a dispute and moves no money; it
 * ends as `closed`, or becomes a dispute. `needs_response` waits for evidence of the operator.
 */
export const disputeStatuses = [
  'inquiry',
  'inquiry_in_review',
  'closed',
  'needs_response',
  'in_review',
  'won',
  'lost',
] as const

export type DisputeStatus = (typeof disputeStatuses)[number]

/** What a dispute did to the provider's balance: the only source of what is booked of it. */
export interface DisputePosting {
  /** The provider's id of the balance entry. */
  readonly id: string
  /** Minor units: below zero withdrawn, above zero given back; without the fee. */
  readonly amount: bigint
  /** Minor units: above zero taken, below zero given back. */
  readonly fee: bigint
  /** Currency of the balance, which may differ from the payment's. */
  readonly currency: Currency
  readonly at: Date
}

/** A customer's bank takes a payment back, or asks about it. Amounts in minor units. */
export interface Dispute {
  readonly id: string
  readonly chargeId: string
  /** The intent, else the charge: as payments are named. */
  readonly paymentId: string
  readonly amount: bigint
  readonly currency: Currency
  readonly status: DisputeStatus
  /** The provider's own word for the reason, for example `product_not_received`. */
  readonly reason: string
  /** Until when evidence can be given; null: the provider does not wait for any. */
  readonly evidenceDue: Date | null
  readonly createdAt: Date
  readonly postings: readonly DisputePosting[]
}

/** Nothing more will come of it by itself. */
export function isEnded(status: DisputeStatus): boolean {
  return status === 'closed' || status === 'won' || status === 'lost'
}

/** What the dispute has taken and not given back, without fees, by currency; minor units. */
export function withdrawnOf(dispute: Pick<Dispute, 'postings'>, currency: Currency): bigint {
  return sumOf(dispute.postings.filter(posting => posting.currency === currency))
}

/**
 * The same as a part of the payment, in minor units of the dispute's own currency. Where the payment
 * was converted, the postings are at the rate of their day: the part of what was taken that has not
 * come back is the same part of the dispute.
 */
export function withdrawnOfPayment(
  dispute: Pick<Dispute, 'postings' | 'amount' | 'currency'>,
): bigint {
  const { postings, amount, currency } = dispute
  if (postings.every(posting => posting.currency === currency)) return sumOf(postings)
  const net = sumOf(postings)
  const taken = sumOf(postings.filter(posting => posting.amount < 0n))
  if (net <= 0n || taken <= 0n) return 0n
  const [part] = allocate(money(amount, currency), [net, taken - net], 1)
  return part?.amount ?? 0n
}

function sumOf(postings: readonly DisputePosting[]): bigint {
  return postings.reduce((sum, posting) => sum - posting.amount, 0n)
}
