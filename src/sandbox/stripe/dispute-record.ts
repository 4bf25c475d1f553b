import { book } from './bookkeeping.ts'
import type { BalanceTransaction } from './bookkeeping.ts'
import { refundableOf } from './charge-record.ts'
import { settledLater } from './conversion.ts'
import { later } from './world.ts'
import type { Charge, Dispute, World } from './world.ts'

/** What a cardholder's bank says when it disputes a charge. */
export interface AskedDispute {
  /** Minor units, at most what the charge has left; default all of it. */
  amount?: number
  /** Stripe's reason, https://docs.stripe.com/disputes/categories; default `fraudulent`. */
  reason?: string
  /** A question before a dispute: no money moves. Default false. */
  inquiry?: boolean
}

/** What Stripe takes for each dispute, minor units; it stays taken when the dispute is won. */
export const disputeFee = 1500

/** Virtual seconds in which evidence can be given. */
const evidenceSeconds = 14 * 86_400

/** Stores a dispute of a captured charge, takes its money and fee, and publishes its events. */
export function openDispute(
  world: World,
  owner: string,
  charge: Charge,
  asked: AskedDispute = {},
): Dispute {
  const rest = refundableOf(charge)
  const amount = asked.amount ?? rest
  if (charge.disputed) throw new Error(`The charge ${charge.id} is already disputed`)
  if (amount < 1 || amount > rest) {
    throw new Error(`The charge ${charge.id} has ${rest} left to dispute, not ${amount}`)
  }
  const inquiry = asked.inquiry ?? false
  const dispute = newDispute(world, charge, { amount, reason: asked.reason, inquiry })
  charge.disputed = true
  world.disputes.add(owner, dispute)
  world.emit(owner, 'charge.dispute.created', dispute)
  if (!inquiry) withdraw(world, owner, dispute)
  later(world, dispute.evidence_details.due_by ?? 0, () => passDeadline(world, owner, dispute))
  return dispute
}

/** The bank was not content with the answer to its question: the inquiry becomes a dispute. */
export function escalateDispute(world: World, owner: string, dispute: Dispute): void {
  if (!isInquiry(dispute)) throw new Error(`The dispute ${dispute.id} is ${dispute.status}`)
  dispute.status = 'needs_response'
  dispute.is_charge_refundable = false
  if (dispute.payment_method_details?.card)
    dispute.payment_method_details.card.case_type = 'chargeback'
  dispute.evidence_details.due_by = world.seconds() + evidenceSeconds
  world.emit(owner, 'charge.dispute.updated', dispute)
  withdraw(world, owner, dispute)
  later(world, dispute.evidence_details.due_by, () => passDeadline(world, owner, dispute))
}

/** Ends a dispute; won gives the money back, or a part of it. */
export function closeDispute(
  world: World,
  owner: string,
  dispute: Dispute,
  verdict: 'won' | 'lost' | 'warning_closed',
  amount = dispute.amount,
): void {
  if (isClosed(dispute)) throw new Error(`The dispute ${dispute.id} is already ${dispute.status}`)
  if (isInquiry(dispute) !== (verdict === 'warning_closed')) {
    throw new Error(`The dispute ${dispute.id} is ${dispute.status}: it cannot be ${verdict}`)
  }
  dispute.status = verdict
  if (verdict === 'won') {
    reinstate(world, owner, dispute, amount)
    world.emit(owner, 'charge.dispute.funds_reinstated', dispute)
  }
  if (verdict === 'warning_closed') {
    const charge = world.charges.find(owner, dispute.charge)
    if (charge) charge.disputed = false
  }
  world.emit(owner, 'charge.dispute.closed', dispute)
}

export function isInquiry(dispute: Dispute): boolean {
  return dispute.status === 'warning_needs_response' || dispute.status === 'warning_under_review'
}

export function isClosed(dispute: Dispute): boolean {
  return ['won', 'lost', 'warning_closed'].includes(dispute.status)
}

/** Nobody answered in time: a dispute is lost by that, an inquiry stays open. */
function passDeadline(world: World, owner: string, dispute: Dispute): void {
  if (dispute.evidence_details.due_by !== world.seconds()) return
  if (dispute.status !== 'needs_response' && dispute.status !== 'warning_needs_response') return
  dispute.evidence_details.past_due = true
  if (dispute.status === 'needs_response') closeDispute(world, owner, dispute, 'lost')
  else world.emit(owner, 'charge.dispute.updated', dispute)
}

function withdraw(world: World, owner: string, dispute: Dispute): void {
  move(world, owner, dispute, -dispute.amount, disputeFee)
  world.emit(owner, 'charge.dispute.funds_withdrawn', dispute)
}

function reinstate(world: World, owner: string, dispute: Dispute, amount: number): void {
  if (amount < 1 || amount > dispute.amount) {
    throw new Error(`Of the dispute ${dispute.id} at most ${dispute.amount} can come back`)
  }
  move(world, owner, dispute, amount, 0)
}

function move(world: World, owner: string, dispute: Dispute, amount: number, fee: number): void {
  const charge = world.charges.find(owner, dispute.charge)
  const moved = settledLater(world, owner, charge, amount)
  const booked: BalanceTransaction = book(world, owner, {
    type: 'adjustment',
    category: amount < 0 ? 'dispute' : 'dispute_reversal',
    amount: moved.amount,
    currency: moved.currency,
    exchangeRate: moved.rate,
    source: dispute.id,
    fee,
    feeDescription: 'Dispute fee',
    description: `Chargeback ${amount < 0 ? 'withdrawal' : 'reversal'} for ${dispute.charge}`,
  })
  dispute.balance_transactions.push(booked)
  const totals = world.balances.totals(moved.currency)
  totals.disputed -= moved.amount
  totals.fees += fee
}

function newDispute(
  world: World,
  charge: Charge,
  asked: { amount: number; reason: string | undefined; inquiry: boolean },
): Dispute {
  return {
    id: world.newId('du'),
    object: 'dispute',
    amount: asked.amount,
    balance_transactions: [],
    charge: charge.id,
    created: world.seconds(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence(),
    evidence_details: {
      due_by: world.seconds() + evidenceSeconds,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: asked.inquiry,
    livemode: world.livemode,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand: 'visa',
        case_type: asked.inquiry ? 'inquiry' : 'chargeback',
        network: 'visa',
        network_reason_code: '10.4',
      },
      type: 'card',
    },
    reason: asked.reason ?? 'fraudulent',
    status: asked.inquiry ? 'warning_needs_response' : 'needs_response',
  }
}

/** Every text that evidence may have; files are named by their ids. */
export const evidenceFields = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const

function noEvidence(): Dispute['evidence'] {
  const empty = Object.fromEntries(evidenceFields.map(field => [field, null]))
  return { ...empty, enhanced_evidence: {} } as Dispute['evidence']
}
