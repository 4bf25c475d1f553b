import { checkPayable } from './amounts.ts'
import { invalidParameter, missing, missingReference, refused } from './failure.ts'
import * as p from './parameters.ts'
import { listPage, pageParameters, readPage } from './page.ts'
import { cancelRefund, makeRefund } from './refund-record.ts'
import { refundableOf, releaseCharge } from './charge-record.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import type { Charge, Refund } from './world.ts'

const readCreate = p.shape(
  {},
  {
    amount: p.amount,
    charge: p.text,
    instructions_email: p.text,
    metadata: p.metadata,
    payment_intent: p.text,
    reason: p.oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  },
)
const readList = p.shape({}, { ...pageParameters, charge: p.text, payment_intent: p.text })

export const refundRoutes: Route[] = [
  route('POST', '/v1/refunds', create),
  route('GET', '/v1/refunds', call => {
    const read = readList(call.parameters)
    const { charge, payment_intent } = read
    return listPage(call, call.world.refunds, '/v1/refunds', {
      ...readPage(read),
      match: { charge, payment_intent },
    })
  }),
  route('GET', '/v1/refunds/:id', call => {
    p.shape({}, {})(call.parameters)
    return findRefund(call)
  }),
  route('POST', '/v1/refunds/:id', call => {
    const refund = findRefund(call)
    const read = p.shape({}, { metadata: p.metadata })(call.parameters)
    refund.metadata = p.mergeMetadata(refund.metadata, read.metadata)
    call.world.emit(call.owner, 'refund.updated', refund)
    return refund
  }),
  route('POST', '/v1/refunds/:id/cancel', call => {
    const refund = findRefund(call)
    if (refund.status !== 'pending' && refund.status !== 'requires_action') {
      throw refused(`A refund with the status ${refund.status} cannot be canceled.`)
    }
    cancelRefund(call.world, call.owner, refund)
    return refund
  }),
]

function findRefund(call: Call): Refund {
  const refund = call.world.refunds.find(call.owner, call.id)
  if (!refund) throw missing('refund', call.id)
  return refund
}

function create(call: Call): object {
  const read = readCreate(call.parameters)
  const { world, owner } = call
  const charge = chargeToRefund(call, read.charge, read.payment_intent)
  if (charge.refunded) {
    const message = `Charge ${charge.id} has already been refunded.`
    throw refused(message, { code: 'charge_already_refunded' })
  }
  if (!charge.captured) return release(call, charge, p.mergeMetadata(null, read.metadata))
  if (isChargedBack(call, charge)) {
    const message = `Charge ${charge.id} has been charged back; cannot issue a refund.`
    throw refused(message, { code: 'charge_disputed' })
  }
  const rest = refundableOf(charge)
  const amount = read.amount ?? rest
  checkPayable(amount, charge.currency)
  if (amount > rest) {
    const message = `Refund amount (${amount}) is greater than unrefunded amount on charge (${rest})`
    throw refused(message, { param: 'amount' })
  }
  return makeRefund(world, owner, charge, {
    amount,
    metadata: p.mergeMetadata(null, read.metadata),
    reason: read.reason ?? null,
  })
}

/** An inquiry leaves the charge refundable; a refund is how most of them end. */
function isChargedBack({ world, owner }: Call, charge: Charge): boolean {
  return world.disputes
    .all(owner, { charge: charge.id })
    .some(dispute => !dispute.is_charge_refundable)
}

function chargeToRefund(
  call: Call,
  chargeId: string | undefined,
  intentId: string | undefined,
): Charge {
  const { world, owner } = call
  if (chargeId !== undefined) {
    const charge = world.charges.find(owner, chargeId)
    if (!charge) throw missingReference('charge', chargeId, 'charge')
    if (charge.status !== 'succeeded') throw refused(`Charge ${chargeId} has failed.`)
    return charge
  }
  if (intentId === undefined) {
    const message =
      'One of the following params should be provided for this request: payment_intent or charge.'
    throw invalidParameter(message, 'charge', 'parameter_missing')
  }
  const intent = world.paymentIntents.find(owner, intentId)
  if (!intent) throw missingReference('payment_intent', intentId, 'payment_intent')
  const charge =
    intent.latest_charge === null ? undefined : world.charges.find(owner, intent.latest_charge)
  if (charge && charge.status === 'succeeded' && charge.captured) return charge
  throw refused(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`, {
    code: 'payment_intent_unexpected_state',
  })
}

/** A refund of a plain charge that was only authorised gives the authorisation back; no money moves. */
function release(call: Call, charge: Charge, metadata: Record<string, string>): object {
  if (charge.payment_intent !== null) {
    throw refused(
      `This charge belongs to the PaymentIntent ${charge.payment_intent}, which is not captured: cancel the PaymentIntent instead.`,
    )
  }
  releaseCharge(charge)
  return makeRefund(call.world, call.owner, charge, {
    amount: charge.amount,
    metadata,
    reason: null,
  })
}
