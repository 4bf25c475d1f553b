import Stripe from 'stripe'
import { createStripe, type StripeOptions } from '../../src/adapters/stripe/provider.ts'
import type { Instruction, Movement } from '../../src/domain/movement.ts'
import { createClock } from '../../src/sandbox/clock.ts'
import { createFaultPlan } from '../../src/sandbox/faults.ts'
import { fetchOf, withFaults } from '../../src/sandbox/http.ts'
import { createStripeSandbox } from '../../src/sandbox/stripe/sandbox.ts'

/** Where the virtual time starts. */
export const start = new Date('2026-11-02T08:00:00Z')

/** The adapter against the simulated Stripe through an unreliable network, and the SDK beside it. */
export function openStripe(options: Partial<StripeOptions> = {}) {
  const clock = createClock(start)
  const delivered: { body: string; signature: string }[] = []
  const sandbox = createStripeSandbox({
    clock,
    deliver: async (input, init) => {
      const request = new Request(input, init)
      delivered.push({
        body: await request.text(),
        signature: request.headers.get('stripe-signature') ?? '',
      })
      return new Response('')
    },
  })
  const faults = createFaultPlan(1)
  const handler = withFaults('stripe', sandbox.handler, faults, () => clock.now())
  const requests: Request[] = []
  const provider = createStripe({
    secretKey: 'sk_test_123',
    fetch: fetchOf(request => {
      requests.push(request.clone())
      return handler(request)
    }),
    purchaseMetadataKey: 'mirakl_commercial_order_id',
    requestsPerSecond: null,
    totalPerSecond: null,
    pluginVersion: '0.1.0',
    ...options,
  })
  const stripe = new Stripe('sk_test_123', {
    httpClient: Stripe.createFetchHttpClient(fetchOf(sandbox.handler)),
    telemetry: false,
  })
  return { clock, sandbox, faults, provider, stripe, requests, delivered }
}

export type StripeLaboratory = ReturnType<typeof openStripe>

/** A seller who can be paid. */
export async function openSeller({ stripe, sandbox }: StripeLaboratory): Promise<string> {
  const account = await stripe.accounts.create({ type: 'express', country: 'FR' })
  sandbox.completeOnboarding(account.id)
  return account.id
}

/** A confirmed payment of a purchase; its money is available at once. */
export function pay(
  { stripe }: StripeLaboratory,
  amount: number,
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.create({
    amount,
    currency: 'eur',
    payment_method: 'pm_card_bypassPending',
    confirm: true,
    metadata: { mirakl_commercial_order_id: 'purchase-1' },
    ...more,
  })
}

export function chargeOf(intent: Stripe.PaymentIntent): string {
  if (typeof intent.latest_charge !== 'string') throw new Error('The intent has no charge.')
  return intent.latest_charge
}

let movements = 0

/** A movement that is about to be sent. */
export function movementOf(instruction: Instruction, more: Partial<Movement> = {}): Movement {
  movements += 1
  return {
    id: `mv_${movements}`,
    kind: instruction.do === 'reversal' ? 'reversal' : 'transfer',
    origin: 'planned',
    source: { type: 'order', id: 'order-1', part: '', sequence: 1 },
    parties: {
      sellerId: '2001',
      orderId: 'order-1',
      purchaseId: 'purchase-1',
      cycleId: null,
      paymentId: null,
    },
    status: 'submitted',
    reason: null,
    needsReview: false,
    currency: instruction.currency,
    amount: instruction.amount,
    sentAmount: instruction.amount,
    account: null,
    provider: 'stripe',
    instruction,
    facts: {},
    attempt: 1,
    attemptedAt: start,
    providerId: null,
    failure: null,
    nextLookAt: null,
    original: null,
    createdAt: start,
    updatedAt: start,
    ...more,
  }
}
