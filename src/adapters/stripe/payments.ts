import { z } from 'zod'
import type { Payment, PaymentStatus, Settled } from '../../domain/payment.ts'
import type { PaymentPage } from '../../workflows/ports.ts'
import { currencyOf, fromStripe, isKnownCurrency } from './amounts.ts'
import type { StripeClient } from './client.ts'
import { isMissing, providerErrorOf } from './outcome.ts'
import { nextAfter, rowsOf } from './readings.ts'
import { type ChargeShape, chargeShape, idOf, type IntentShape, intentShape } from './shapes.ts'

/**
 * A payment from its intent and the intent's latest charge. A charge that is not at hand (an event
 * carries only its id) leaves what it alone knows at nothing: refunded, captureBefore, settled.
 */
export function paymentOfIntent(intent: IntentShape, purchaseKey: string): Payment {
  const { latest_charge: latest } = intent
  const charge = typeof latest === 'object' ? (latest ?? null) : null
  const amounts = charge === null ? null : amountsOf(charge)
  const captured = amounts?.captured ?? fromStripe(intent.amount_received, intent.currency)
  const refunded = amounts?.refunded ?? 0n
  return {
    id: intent.id,
    intentId: intent.id,
    chargeId: idOf(latest),
    purchaseId: purchaseOf(charge, purchaseKey) ?? purchaseOf(intent, purchaseKey),
    status: statusOfIntent(intent, charge, captured > 0n && refunded >= captured),
    currency: currencyOf(intent.currency),
    authorized: fromStripe(intent.amount, intent.currency),
    captured,
    refunded,
    captureBefore: charge === null ? null : captureBefore(charge),
    transferGroup: charge?.transfer_group ?? intent.transfer_group ?? null,
    settled: charge === null ? null : settledOf(charge),
    createdAt: new Date(intent.created * 1000),
    failure: intent.last_payment_error?.message ?? (charge === null ? null : failureOf(charge)),
  }
}

/** A payment from a charge that has no intent (Charges API), or whose intent is not at hand. */
export function paymentOfCharge(charge: ChargeShape, purchaseKey: string): Payment {
  const { captured, refunded } = amountsOf(charge)
  const intentId = idOf(charge.payment_intent)
  return {
    id: intentId ?? charge.id,
    intentId,
    chargeId: charge.id,
    purchaseId: purchaseOf(charge, purchaseKey),
    status: statusOfCharge(charge, captured > 0n && refunded >= captured),
    currency: currencyOf(charge.currency),
    authorized: fromStripe(charge.amount, charge.currency),
    captured,
    refunded,
    captureBefore: captureBefore(charge),
    transferGroup: charge.transfer_group ?? null,
    settled: settledOf(charge),
    createdAt: new Date(charge.created * 1000),
    failure: failureOf(charge),
  }
}

/**
 * A declined attempt leaves the intent at `requires_payment_method`, where the customer may try
 * again: it counts as failed while its latest charge is a failed one, and a new attempt, which
 * replaces that charge, takes this back.
 */
function statusOfIntent(
  intent: IntentShape,
  charge: ChargeShape | null,
  wholeRefunded: boolean,
): PaymentStatus {
  switch (intent.status) {
    case 'requires_capture':
      return 'authorized'
    case 'succeeded':
      return wholeRefunded ? 'refunded' : 'captured'
    case 'canceled':
      return 'canceled'
    case 'requires_payment_method':
      return charge?.status === 'failed' ? 'failed' : 'pending'
    default:
      return 'pending'
  }
}

function statusOfCharge(charge: ChargeShape, wholeRefunded: boolean): PaymentStatus {
  if (charge.status === 'failed') return 'failed'
  if (charge.status !== 'succeeded') return 'pending'
  if (charge.captured) return wholeRefunded ? 'refunded' : 'captured'
  // An authorisation that was released or that expired is shown as refunded.
  return charge.refunded ? 'canceled' : 'authorized'
}

/**
 * What came and what went back. Stripe counts the part of an authorisation that a partial capture
 * releases as refunded (a charge of 20675 captured at 20300 shows amount_refunded 375), and a
 * pending or failed charge as captured already.
 */
function amountsOf(charge: ChargeShape): { captured: bigint; refunded: bigint } {
  if (charge.status !== 'succeeded' || !charge.captured) return { captured: 0n, refunded: 0n }
  const released = charge.amount - charge.amount_captured
  return {
    captured: fromStripe(charge.amount_captured, charge.currency),
    refunded: fromStripe(Math.max(0, charge.amount_refunded - released), charge.currency),
  }
}

/**
 * What the charge brought, before fees. Null where its balance transaction is not at hand (no event
 * has it) or not made yet; also for a currency that ISO does not know, in which nothing can be paid.
 */
function settledOf(charge: ChargeShape): Settled | null {
  const booked = charge.balance_transaction
  if (!charge.captured || typeof booked !== 'object' || booked === null) return null
  if (!isKnownCurrency(booked.currency)) return null
  return {
    amount: fromStripe(booked.amount, booked.currency),
    currency: currencyOf(booked.currency),
  }
}

/** The purchase that an object names; an empty text counts as none. */
function purchaseOf(
  object: { readonly metadata?: Readonly<Record<string, string>> | null | undefined } | null,
  key: string,
): string | null {
  return object?.metadata?.[key]?.trim() || null
}

function captureBefore(charge: ChargeShape): Date | null {
  const seconds = charge.payment_method_details?.card?.capture_before
  return typeof seconds === 'number' ? new Date(seconds * 1000) : null
}

function failureOf(charge: ChargeShape): string | null {
  return charge.failure_message ?? charge.failure_code ?? null
}

/**
 * Is the charge a customer's payment? Money that another account of the platform sent (a collection)
 * arrives as a charge, too; and no marketplace sells in a currency that ISO does not know.
 */
export function isCustomers(charge: ChargeShape): boolean {
  return idOf(charge.source_transfer) === null && isKnownCurrency(charge.currency)
}

/** A payment by the id of its intent (`pi_`) or its charge (`ch_`, `py_`). @throws ProviderError */
export async function readPayment(client: StripeClient, id: string): Promise<Payment | null> {
  const key = client.options.purchaseMetadataKey
  try {
    if (id.startsWith('pi_')) return paymentOfIntent(await readIntent(client, id), key)
    if (!/^(ch|py)_/.test(id)) return null
    const charge = await client.ask('charges', sdk =>
      sdk.charges.retrieve(id, { expand: ['balance_transaction'] }),
    )
    if (!isCustomers(charge)) return null
    const intentId = idOf(charge.payment_intent)
    if (intentId === null) return paymentOfCharge(charge, key)
    return paymentOfIntent(await readIntent(client, intentId), key)
  } catch (error) {
    if (isMissing(error)) return null
    throw providerErrorOf(error)
  }
}

function readIntent(client: StripeClient, id: string): Promise<IntentShape> {
  return client.ask('payment_intents', sdk =>
    sdk.paymentIntents.retrieve(id, { expand: ['latest_charge.balance_transaction'] }),
  )
}

/**
 * A page of payments, newest first. Lists charges with their intents and not intents: the charges
 * hold everything that authorised, took or tried to take money, plain charges included, which no
 * list of intents shows; an intent that never had a charge is a basket, not a payment. An intent
 * with several attempts stands once, by its latest charge. @throws ProviderError
 */
export async function listPayments(
  client: StripeClient,
  query: { createdSince: Date | null; after: string | null },
): Promise<PaymentPage> {
  const key = client.options.purchaseMetadataKey
  try {
    const page = await client.ask('charges', sdk =>
      sdk.charges.list({
        limit: 100,
        expand: ['data.payment_intent', 'data.balance_transaction'],
        ...(query.createdSince === null
          ? {}
          : { created: { gte: Math.floor(query.createdSince.getTime() / 1000) } }),
        ...(query.after === null ? {} : { starting_after: query.after }),
      }),
    )
    const rows = await rowsOf(page.data, row => paymentInList(listedShape.parse(row), key))
    return { payments: rows.read, unread: rows.unread, next: nextAfter(page) }
  } catch (error) {
    throw providerErrorOf(error)
  }
}

/** A charge of the list, with its intent. */
const listedShape = chargeShape.extend({
  payment_intent: z.union([z.string(), intentShape]).nullish(),
})

function paymentInList(charge: z.infer<typeof listedShape>, key: string): Payment[] {
  if (!isCustomers(charge)) return []
  const intent = charge.payment_intent
  if (intent === null || intent === undefined || typeof intent === 'string')
    return [paymentOfCharge(charge, key)]
  if ((idOf(intent.latest_charge) ?? charge.id) !== charge.id) return []
  return [paymentOfIntent({ ...intent, latest_charge: charge }, key)]
}
