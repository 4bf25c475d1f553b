import { approveCharge, declineCharge } from './charge-record.ts'
import type { NewCharge } from './charge-record.ts'
import { declinedFailure } from './charge.ts'
import { refused } from './failure.ts'
import { findTestCard } from './test-card.ts'
import type { TestCard } from './test-card.ts'
import { later } from './world.ts'
import type { PaymentIntent, World } from './world.ts'

/** Virtual seconds that a slow method of payment stays in `processing`. */
const debitSeconds = 3 * 86_400

/**
 * Charges the intent's payment method: `succeeded`, `requires_capture`, `requires_action` or `processing`.
 * @throws StripeFailure 402 for a declined card, after recording the failed charge
 */
export function confirmIntent(world: World, owner: string, intent: PaymentIntent): void {
  const method = intent.payment_method
  const card = method === null ? undefined : findTestCard(method)
  if (!card) {
    const message =
      "You cannot confirm this PaymentIntent because it's missing a payment method. To confirm the PaymentIntent with a payment method, specify one in the `payment_method` parameter."
    throw refused(message, { code: 'payment_intent_unexpected_state' })
  }
  switch (card.outcome) {
    case 'approved':
      return approve(world, owner, intent, card.funds)
    case 'declined':
      return decline(world, owner, intent, card)
    case 'authentication':
      intent.status = 'requires_action'
      intent.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: {} }
      world.emit(owner, 'payment_intent.requires_action', intent)
      return
    case 'processing':
      intent.status = 'processing'
      world.emit(owner, 'payment_intent.processing', intent)
      later(world, world.seconds() + debitSeconds, () => approve(world, owner, intent, 'pending'))
  }
}

/** The customer has authenticated: the charge is made. */
export function approve(
  world: World,
  owner: string,
  intent: PaymentIntent,
  funds: 'pending' | 'available',
): void {
  const capture = intent.capture_method !== 'manual'
  const charge = approveCharge(world, owner, chargeOf(intent, capture), funds)
  intent.latest_charge = charge.id
  intent.next_action = null
  intent.last_payment_error = null
  if (capture) {
    intent.amount_received = intent.amount
    intent.status = 'succeeded'
    world.emit(owner, 'payment_intent.succeeded', intent)
  } else {
    intent.amount_capturable = intent.amount
    intent.status = 'requires_capture'
    world.emit(owner, 'payment_intent.amount_capturable_updated', intent)
  }
}

function decline(
  world: World,
  owner: string,
  intent: PaymentIntent,
  card: Extract<TestCard, { outcome: 'declined' }>,
): never {
  const charge = declineCharge(world, owner, chargeOf(intent, true), card)
  intent.latest_charge = charge.id
  intent.payment_method = null
  intent.status = 'requires_payment_method'
  intent.last_payment_error = {
    type: 'card_error',
    charge: charge.id,
    code: card.code as 'card_declined',
    message: card.message,
    ...(card.declineCode === undefined ? {} : { decline_code: card.declineCode }),
  }
  world.emit(owner, 'payment_intent.payment_failed', intent)
  throw declinedFailure(card, charge.id, { ...intent })
}

function chargeOf(intent: PaymentIntent, capture: boolean): NewCharge {
  return {
    amount: intent.amount,
    currency: intent.currency,
    capture,
    paymentMethod: intent.payment_method ?? 'pm_card_visa',
    paymentIntent: intent.id,
    transferGroup: intent.transfer_group,
    // Stripe copies the intent's metadata to the charge at confirmation; later changes stay apart.
    metadata: { ...intent.metadata },
    description: intent.description,
  }
}
