import Stripe from 'stripe'
import type { Instruction, Movement } from '../../domain/movement.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Found } from '../../workflows/ports.ts'
import { fromStripe, toStripe } from './amounts.ts'
import type { StripeClient } from './client.ts'
import { metadataOf, movementIdOf, movementKey } from './metadata.ts'
import { outcomeOf, rejected, unknown, unreadOf } from './outcome.ts'
import type { ChargeShape, IntentShape } from './shapes.ts'
import { outcomeOfRefund } from './states.ts'

export type CaptureOrVoid = Extract<Instruction, { do: 'capture' | 'void' }>

/** The payment is not in the state that the call needs: what it is in decides. */
const stateCodes = new Set([
  'charge_already_captured',
  'charge_already_refunded',
  'payment_intent_unexpected_state',
])

/** Takes `amount` of the authorisation; the rest is released. */
export function sendCapture(
  client: StripeClient,
  movement: Movement,
  instruction: Extract<Instruction, { do: 'capture' }>,
  key: string,
): Promise<Outcome> {
  const { intentId, chargeId } = instruction
  const amount = toStripe(instruction.amount, instruction.currency)
  const options = { idempotencyKey: key }
  return settledByState(client, movement, instruction, async () => {
    if (intentId !== null) {
      const intent = await client.ask('payment_intents', sdk =>
        sdk.paymentIntents.capture(
          intentId,
          { amount_to_capture: amount, metadata: { [movementKey]: movement.id } },
          options,
        ),
      )
      return captureInIntent(intent, movement, instruction)
    }
    if (chargeId === null) return nothingNamed()
    const charge = await client.ask('charges', sdk =>
      sdk.charges.capture(chargeId, { amount }, options),
    )
    return captureInCharge(charge, instruction)
  })
}

/** Releases the authorisation: cancels the intent, or refunds an uncaptured charge without one. */
export function sendVoid(
  client: StripeClient,
  movement: Movement,
  instruction: Extract<Instruction, { do: 'void' }>,
  key: string,
): Promise<Outcome> {
  const { intentId, chargeId } = instruction
  const options = { idempotencyKey: key }
  return settledByState(client, movement, instruction, async () => {
    if (intentId !== null) {
      const intent = await client.ask('payment_intents', sdk =>
        sdk.paymentIntents.cancel(intentId, { cancellation_reason: 'abandoned' }, options),
      )
      return voidInIntent(intent)
    }
    if (chargeId === null) return nothingNamed()
    // Stripe cancels only uncaptured intents, but refunds captured charges: look before.
    const charge = await client.ask('charges', sdk => sdk.charges.retrieve(chargeId))
    if (charge.captured) return voidInCharge(charge)
    const refund = await client.ask('refunds', sdk =>
      sdk.refunds.create(
        { charge: chargeId, metadata: metadataOf(movement, client.options.pluginVersion) },
        options,
      ),
    )
    return outcomeOfRefund(refund)
  })
}

/** The state of the payment says what became of a capture or a void; `absent`: nothing was done yet. */
export async function findInPayment(
  client: StripeClient,
  movement: Movement,
  instruction: CaptureOrVoid,
): Promise<Found> {
  const { intentId, chargeId } = instruction
  if (intentId !== null) {
    const intent = await client.ask('payment_intents', sdk => sdk.paymentIntents.retrieve(intentId))
    return instruction.do === 'capture'
      ? captureInIntent(intent, movement, instruction)
      : voidInIntent(intent)
  }
  if (chargeId === null) return nothingNamed()
  const charge = await client.ask('charges', sdk => sdk.charges.retrieve(chargeId))
  return instruction.do === 'capture' ? captureInCharge(charge, instruction) : voidInCharge(charge)
}

async function settledByState(
  client: StripeClient,
  movement: Movement,
  instruction: CaptureOrVoid,
  call: () => Promise<Found>,
): Promise<Outcome> {
  const undone = `The payment is not yet ${instruction.do === 'capture' ? 'captured' : 'released'}.`
  try {
    const answer = await call()
    return answer.result === 'absent' ? unknown(undone, true) : answer
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeError) || !stateCodes.has(error.code ?? ''))
      return outcomeOf(error)
    const found = await findInPayment(client, movement, instruction).catch(unreadOf)
    return found.result === 'absent' ? outcomeOf(error) : found
  }
}

/** Captured by this movement, or at its very amount: what was owed is done, whoever asked for it. */
function captureInIntent(
  intent: IntentShape,
  movement: Movement,
  instruction: CaptureOrVoid,
): Found {
  const received = fromStripe(intent.amount_received, intent.currency)
  switch (intent.status) {
    case 'succeeded': {
      const ours = movementIdOf(intent) === movement.id || received === instruction.amount
      return ours ? captured(intent.id, intent.status, received) : alreadyCaptured(intent.id)
    }
    case 'processing':
      return {
        result: 'accepted',
        providerId: intent.id,
        detail: { providerStatus: intent.status },
      }
    case 'requires_capture':
      return { result: 'absent' }
    case 'canceled':
      return canceled(intent)
    case 'requires_action':
    case 'requires_confirmation':
    case 'requires_payment_method': {
      const message = `The payment intent is ${intent.status}.`
      return rejected('provider_refused', 'payment_intent_unexpected_state', message, intent.id)
    }
    default:
      // A word that is not known is no refusal: a refused capture may be asked for again.
      return unknown(`The payment intent is ${intent.status}.`, true)
  }
}

function captureInCharge(charge: ChargeShape, instruction: CaptureOrVoid): Found {
  if (!charge.captured) {
    if (!charge.refunded) return { result: 'absent' }
    const message = 'The authorisation was released.'
    return rejected('canceled_at_provider', 'charge_already_refunded', message, charge.id)
  }
  const amount = fromStripe(charge.amount_captured, charge.currency)
  return amount === instruction.amount
    ? captured(charge.id, charge.status, amount)
    : alreadyCaptured(charge.id)
}

function voidInIntent(intent: IntentShape): Found {
  if (intent.status === 'canceled')
    return { result: 'succeeded', providerId: intent.id, detail: { providerStatus: 'canceled' } }
  return intent.status === 'succeeded' ? alreadyCaptured(intent.id) : { result: 'absent' }
}

function voidInCharge(charge: ChargeShape): Found {
  if (charge.captured) return alreadyCaptured(charge.id)
  if (!charge.refunded) return { result: 'absent' }
  return { result: 'succeeded', providerId: charge.id, detail: { providerStatus: 'refunded' } }
}

function captured(providerId: string, providerStatus: string, amount: bigint): Outcome {
  return { result: 'succeeded', providerId, detail: { providerStatus, amount } }
}

function alreadyCaptured(id: string): Outcome {
  return rejected('already_captured', 'already_captured', 'The payment is already captured.', id)
}

/** Stripe itself cancels an intent when its authorisation runs out (`automatic`, `expired`). */
function canceled(intent: IntentShape): Outcome {
  const why = intent.cancellation_reason
  return why === 'automatic' || why === 'expired'
    ? rejected('authorization_expired', why, 'The authorisation expired.', intent.id)
    : rejected('canceled_at_provider', 'canceled', 'The payment intent is canceled.', intent.id)
}

function nothingNamed(): Outcome {
  const message = 'The instruction names neither an intent nor a charge.'
  return rejected('provider_refused', 'payment_not_named', message)
}
