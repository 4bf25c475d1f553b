import type Stripe from 'stripe'
import { refused } from './failure.ts'
import { book } from './bookkeeping.ts'
import { bookingOf, settled } from './conversion.ts'
import type { TestCard } from './test-card.ts'
import type { Charge, World } from './world.ts'

/** Seconds for which an authorisation can be captured: seven days, as for most cards. */
export const authorizationSeconds = 7 * 86_400

export interface NewCharge {
  amount: number
  currency: string
  capture: boolean
  paymentMethod: string
  paymentIntent: string | null
  transferGroup: string | null
  metadata: Record<string, string>
  description: string | null
}

/** Stores a charge that the card approved and, when asked, captures it; publishes `charge.succeeded`. */
export function approveCharge(
  world: World,
  owner: string,
  asked: NewCharge,
  funds: 'pending' | 'available',
): Charge {
  const charge = newCharge(world, asked)
  world.charges.add(owner, charge)
  if (asked.capture) bookCapture(world, owner, charge, charge.amount, funds)
  world.emit(owner, 'charge.succeeded', charge)
  return charge
}

/** Stores a charge that the card declined; publishes `charge.failed`. */
export function declineCharge(
  world: World,
  owner: string,
  asked: NewCharge,
  card: Extract<TestCard, { outcome: 'declined' }>,
): Charge {
  const charge = newCharge(world, asked)
  charge.status = 'failed'
  charge.paid = false
  charge.failure_code = card.code
  charge.failure_message = card.message
  charge.outcome = declinedOutcome
  world.charges.add(owner, charge)
  world.emit(owner, 'charge.failed', charge)
  return charge
}

/** Captures up to the authorised amount, releasing the rest; publishes `charge.captured`. */
export function captureCharge(world: World, owner: string, charge: Charge, amount: number): void {
  if (amount > charge.amount) {
    const message = `You cannot capture a charge for an amount greater than the authorized amount (${charge.amount}).`
    throw refused(message, { code: 'amount_too_large', param: 'amount_to_capture' })
  }
  bookCapture(world, owner, charge, amount, 'pending')
  world.emit(owner, 'charge.captured', charge)
}

/** Gives an authorisation back: from then on the charge shows as refunded, though no money has moved. */
export function releaseCharge(charge: Charge): void {
  charge.refunded = true
  charge.amount_refunded = charge.amount
}

/** What can still be refunded of a captured charge; the part that the capture released counts as refunded. */
export function refundableOf(charge: Charge): number {
  return charge.captured ? charge.amount - charge.amount_refunded : 0
}

/**
 * What the charge's transfers may still use, in the currency that it settled in: captured less
 * refunded (at the charge's own rate) less transferred (net of reversals).
 */
export function restOfCharge(world: World, owner: string, charge: Charge): number {
  const brought = bookingOf(world, owner, charge)?.amount ?? 0
  const kept = Math.floor((brought * refundableOf(charge)) / charge.amount_captured)
  const transfers = world.transfers.all(owner, { source_transaction: charge.id })
  const used = transfers.reduce((sum, { amount, amount_reversed: back }) => sum + amount - back, 0)
  return kept - used
}

/** Unix second from which the charge's money is available. */
export function availabilityOf(world: World, owner: string, charge: Charge): number {
  return bookingOf(world, owner, charge)?.available_on ?? world.seconds()
}

/** Gives the charge a transfer group it did not have. */
export function joinGroup(world: World, charge: Charge, group: string): void {
  charge.transfer_group = group
  world.charges.indexLate(charge.id, 'transfer_group')
}

function bookCapture(
  world: World,
  owner: string,
  charge: Charge,
  amount: number,
  funds: 'pending' | 'available',
): void {
  const brought = settled(world, amount, charge.currency)
  const schedule = world.settings.fees[brought.currency] ?? { basisPoints: 0, fixed: 0 }
  const fee = Math.round((brought.amount * schedule.basisPoints) / 10_000) + schedule.fixed
  const delay = funds === 'available' ? 0 : world.settings.availableAfterSeconds
  charge.captured = true
  charge.amount_captured = amount
  // Stripe counts what a partial capture releases as refunded: 20300 of 20675 shows 375. Only a
  // refund of money is in the books.
  charge.amount_refunded = charge.amount - amount
  const booked = book(world, owner, {
    type: 'charge',
    category: 'charge',
    amount: brought.amount,
    fee,
    currency: brought.currency,
    exchangeRate: brought.rate,
    source: charge.id,
    description: charge.description,
    availableOn: world.seconds() + delay,
  })
  charge.balance_transaction = booked.id
  const totals = world.balances.totals(brought.currency)
  totals.captured += brought.amount
  totals.fees += fee
}

const noAddress: Stripe.Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
}
// Shared by all charges, because a hundred thousand of them are kept in memory. Never written to.
const billingDetails: Stripe.Charge.BillingDetails = {
  address: noAddress,
  email: null,
  name: null,
  phone: null,
  tax_id: null,
}
const fraudDetails: Stripe.Charge.FraudDetails = {}
const approvedOutcome: Stripe.Charge.Outcome = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  seller_message: 'Payment complete.',
  type: 'authorized',
}
const declinedOutcome: Stripe.Charge.Outcome = {
  ...approvedOutcome,
  network_status: 'declined_by_network',
  reason: 'generic_decline',
  seller_message: 'The bank did not return any further details with this decline.',
  type: 'issuer_declined',
}
const cardChecks: Stripe.Charge.PaymentMethodDetails.Card.Checks = {
  address_line1_check: null,
  address_postal_code_check: null,
  cvc_check: 'pass',
}
const cardDetails: Stripe.Charge.PaymentMethodDetails.Card = {
  amount_authorized: null,
  authorization_code: null,
  brand: 'visa',
  checks: cardChecks,
  country: 'FR',
  electronic_commerce_indicator: null,
  exp_month: 12,
  exp_year: 2034,
  fingerprint: 'AOB934RVNwzk6xtn',
  funding: 'credit',
  installments: null,
  last4: '4242',
  mandate: null,
  network: 'visa',
  network_transaction_id: null,
  regulated_status: null,
  three_d_secure: null,
  transaction_link_id: null,
  wallet: null,
}
const capturedDetails: Stripe.Charge.PaymentMethodDetails = { card: cardDetails, type: 'card' }

/** Only authorisations have details of their own: the end of the authorisation is in them. */
function paymentDetails(world: World, asked: NewCharge): Stripe.Charge.PaymentMethodDetails {
  if (asked.capture) return capturedDetails
  const captureBefore = world.seconds() + authorizationSeconds
  return {
    card: { ...cardDetails, amount_authorized: asked.amount, capture_before: captureBefore },
    type: 'card',
  }
}

/** A charge as approved and not captured; also the mould of the `py_` payments that transfers make. */
export function newCharge(world: World, asked: NewCharge, prefix: 'ch' | 'py' = 'ch'): Charge {
  return {
    id: world.newId(prefix),
    object: 'charge',
    amount: asked.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: billingDetails,
    calculated_statement_descriptor: null,
    captured: false,
    created: world.seconds(),
    currency: asked.currency,
    customer: null,
    description: asked.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: fraudDetails,
    livemode: world.livemode,
    metadata: asked.metadata,
    on_behalf_of: null,
    outcome: approvedOutcome,
    paid: true,
    payment_intent: asked.paymentIntent,
    payment_method: asked.paymentMethod,
    payment_method_details: paymentDetails(world, asked),
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'succeeded',
    transfer_data: null,
    transfer_group: asked.transferGroup,
  }
}
