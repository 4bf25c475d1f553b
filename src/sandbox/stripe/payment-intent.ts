import type Stripe from 'stripe'
import { checkChargeable } from './amounts.ts'
import { missing, missingReference, refused } from './failure.ts'
import * as p from './parameters.ts'
import { authorizationSeconds, captureCharge, releaseCharge } from './charge-record.ts'
import { confirmIntent } from './confirmation.ts'
import { listPage, pageParameters, readPage } from './page.ts'
import { route } from './route.ts'
import type { Call, Route } from './route.ts'
import { findTestCard } from './test-card.ts'
import { later } from './world.ts'
import type { PaymentIntent, World } from './world.ts'

const described = {
  description: p.unsettable,
  metadata: p.metadata,
  payment_method: p.text,
  payment_method_types: p.listOf(p.text),
  receipt_email: p.unsettable,
  setup_future_usage: p.anything,
  shipping: p.anything,
  statement_descriptor: p.text,
  statement_descriptor_suffix: p.text,
  transfer_group: p.text,
}
const readCreate = p.shape(
  { amount: p.amount, currency: p.currency },
  {
    ...described,
    automatic_payment_methods: p.shape(
      { enabled: p.boolean },
      { allow_redirects: p.oneOf('always', 'never') },
    ),
    capture_method: p.oneOf('automatic', 'automatic_async', 'manual'),
    confirm: p.boolean,
    confirmation_method: p.oneOf('automatic', 'manual'),
    error_on_requires_action: p.boolean,
    off_session: p.boolean,
    payment_method_options: p.anything,
    return_url: p.text,
  },
)
const readUpdate = p.shape({}, { ...described, amount: p.amount })
const readConfirm = p.shape(
  {},
  {
    error_on_requires_action: p.boolean,
    off_session: p.boolean,
    payment_method: p.text,
    return_url: p.text,
  },
)
const readCapture = p.shape(
  {},
  {
    amount_to_capture: p.amount,
    final_capture: p.boolean,
    metadata: p.metadata,
    statement_descriptor: p.text,
    statement_descriptor_suffix: p.text,
  },
)
const reasons = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const
const readCancel = p.shape({}, { cancellation_reason: p.oneOf(...reasons) })
const readList = p.shape({}, { ...pageParameters, customer: p.text })

export const paymentIntentRoutes: Route[] = [
  route('POST', '/v1/payment_intents', create),
  route('GET', '/v1/payment_intents', call => {
    const read = readList(call.parameters)
    return listPage(call, call.world.paymentIntents, '/v1/payment_intents', {
      ...readPage(read),
      match: { customer: read.customer },
    })
  }),
  route('GET', '/v1/payment_intents/:id', call => {
    p.shape({}, { client_secret: p.text })(call.parameters)
    return findIntent(call)
  }),
  route('POST', '/v1/payment_intents/:id', update),
  route('POST', '/v1/payment_intents/:id/confirm', confirm),
  route('POST', '/v1/payment_intents/:id/capture', capture),
  route('POST', '/v1/payment_intents/:id/cancel', cancel),
]

function findIntent(call: Call): PaymentIntent {
  const intent = call.world.paymentIntents.find(call.owner, call.id)
  if (!intent) throw missing('payment_intent', call.id, 'intent')
  return intent
}

function create(call: Call): object {
  const read = readCreate(call.parameters)
  checkChargeable(read.amount, read.currency)
  checkMethod(read.payment_method)
  const { world, owner } = call
  const intent = newIntent(world, read)
  world.paymentIntents.add(owner, intent)
  world.emit(owner, 'payment_intent.created', intent)
  if (read.confirm === true) confirmAndWatch(world, owner, intent)
  return intent
}

function newIntent(world: World, read: ReturnType<typeof readCreate>): PaymentIntent {
  const id = world.newId('pi')
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: read.amount,
    amount_capturable: 0,
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: read.automatic_payment_methods ?? null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: read.capture_method ?? 'automatic',
    client_secret: `${id}_${world.newId('secret')}`,
    confirmation_method: read.confirmation_method ?? 'automatic',
    created: world.seconds(),
    currency: read.currency,
    customer: null,
    customer_account: null,
    description: read.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: world.livemode,
    managed_payments: null,
    metadata: p.mergeMetadata(null, read.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: read.payment_method ?? null,
    payment_method_configuration_details: null,
    payment_method_options: noOptions,
    payment_method_types: read.payment_method_types ?? cardOnly,
    payment_record: null,
    processing: null,
    receipt_email: read.receipt_email ?? null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: read.statement_descriptor ?? null,
    statement_descriptor_suffix: read.statement_descriptor_suffix ?? null,
    status: read.payment_method === undefined ? 'requires_payment_method' : 'requires_confirmation',
    transfer_data: null,
    transfer_group: read.transfer_group ?? null,
  }
}

const noOptions: Stripe.PaymentIntent.PaymentMethodOptions = {}
const cardOnly: string[] = ['card']

function checkMethod(method: string | undefined): void {
  if (method === undefined || findTestCard(method)) return
  throw missingReference('PaymentMethod', method, 'payment_method')
}

function update(call: Call): object {
  const intent = findIntent(call)
  const read = readUpdate(call.parameters)
  const touchesMoney = read.amount !== undefined || read.payment_method !== undefined
  if (touchesMoney) requireStatus(intent, 'updated', openStatuses)
  checkMethod(read.payment_method)
  if (read.amount !== undefined) {
    checkChargeable(read.amount, intent.currency)
    intent.amount = read.amount
  }
  if (read.payment_method !== undefined) {
    intent.payment_method = read.payment_method
    intent.status = 'requires_confirmation'
  }
  intent.metadata = p.mergeMetadata(intent.metadata, read.metadata)
  if (read.description !== undefined) intent.description = read.description
  if (read.transfer_group !== undefined) intent.transfer_group = read.transfer_group
  return intent
}

const openStatuses: PaymentIntent['status'][] = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
]

function confirm(call: Call): object {
  const intent = findIntent(call)
  const read = readConfirm(call.parameters)
  requireStatus(intent, 'confirmed', openStatuses)
  checkMethod(read.payment_method)
  intent.payment_method = read.payment_method ?? intent.payment_method
  confirmAndWatch(call.world, call.owner, intent)
  return intent
}

function confirmAndWatch(world: World, owner: string, intent: PaymentIntent): void {
  confirmIntent(world, owner, intent)
  if (intent.status === 'requires_capture') expireLater(world, owner, intent)
}

/** Cancels the intent when its authorisation ends without a capture, as Stripe does by itself. */
export function expireLater(world: World, owner: string, intent: PaymentIntent): void {
  later(world, world.seconds() + authorizationSeconds, () => {
    if (intent.status !== 'requires_capture') return
    const charge = intent.latest_charge && world.charges.find(owner, intent.latest_charge)
    if (charge) {
      releaseCharge(charge)
      world.emit(owner, 'charge.expired', charge)
    }
    markCanceled(world, owner, intent, 'automatic')
  })
}

function markCanceled(
  world: World,
  owner: string,
  intent: PaymentIntent,
  reason: PaymentIntent['cancellation_reason'],
): void {
  intent.status = 'canceled'
  intent.canceled_at = world.seconds()
  intent.cancellation_reason = reason
  intent.amount_capturable = 0
  intent.next_action = null
  world.emit(owner, 'payment_intent.canceled', intent)
}

function capture(call: Call): object {
  const { world, owner } = call
  const intent = findIntent(call)
  const read = readCapture(call.parameters)
  requireStatus(intent, 'captured', ['requires_capture'])
  const charge = intent.latest_charge && world.charges.find(owner, intent.latest_charge)
  if (!charge) throw refused('This PaymentIntent has no charge to capture.')
  const amount = read.amount_to_capture ?? intent.amount_capturable
  checkChargeable(amount, intent.currency, 'amount_to_capture')
  captureCharge(world, owner, charge, amount)
  intent.metadata = p.mergeMetadata(intent.metadata, read.metadata)
  intent.amount_capturable = 0
  intent.amount_received = amount
  intent.status = 'succeeded'
  world.emit(owner, 'payment_intent.succeeded', intent)
  return intent
}

function cancel(call: Call): object {
  const { world, owner } = call
  const intent = findIntent(call)
  const read = readCancel(call.parameters)
  requireStatus(intent, 'canceled', [...openStatuses, 'requires_capture'])
  const charge = intent.latest_charge && world.charges.find(owner, intent.latest_charge)
  if (charge && charge.status === 'succeeded') {
    releaseCharge(charge)
    world.emit(owner, 'charge.refunded', charge)
  }
  markCanceled(world, owner, intent, read.cancellation_reason ?? null)
  return intent
}

function requireStatus(
  intent: PaymentIntent,
  done: 'canceled' | 'captured' | 'confirmed' | 'updated',
  allowed: readonly PaymentIntent['status'][],
): void {
  if (allowed.includes(intent.status)) return
  const message = `This PaymentIntent could not be ${done} because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ${done}: ${allowed.join(', ')}.`
  throw refused(message, { code: 'payment_intent_unexpected_state', payment_intent: { ...intent } })
}
