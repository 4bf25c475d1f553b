import Stripe from 'stripe'
import { createClock } from '../clock.ts'
import type { VirtualClock } from '../clock.ts'
import { fetchOf } from '../http.ts'
import { createStripeSandbox } from './sandbox.ts'
import type { StripeSandbox, StripeSandboxOptions } from './sandbox.ts'

/** A sandbox with the official SDK in front of it, for the tests of this folder. */
export interface Laboratory {
  clock: VirtualClock
  sandbox: StripeSandbox
  stripe: Stripe
}

export const days = (count: number): number => count * 86_400_000

/** Starts at 2026-11-02T08:00:00Z; the SDK repeats nothing by itself. */
export function openLaboratory(options: Partial<StripeSandboxOptions> = {}): Laboratory {
  const clock = createClock(new Date('2026-11-02T08:00:00Z'))
  const sandbox = createStripeSandbox({ clock, ...options })
  return { clock, sandbox, stripe: connect(sandbox) }
}

/** Another client of the same sandbox. */
export function connect(sandbox: StripeSandbox, key = 'sk_test_123'): Stripe {
  return new Stripe(key, {
    httpClient: Stripe.createFetchHttpClient(fetchOf(sandbox.handler)),
    maxNetworkRetries: 0,
    telemetry: false,
  })
}

/** A seller who can be paid. */
export async function openSeller(
  { stripe, sandbox }: Laboratory,
  metadata: Record<string, string> = {},
): Promise<string> {
  const account = await stripe.accounts.create({ type: 'express', country: 'FR', metadata })
  sandbox.completeOnboarding(account.id)
  return account.id
}

/** The charge of a captured payment. */
export async function pay(
  { stripe }: Laboratory,
  amount: number,
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
): Promise<Stripe.Charge> {
  const intent = await stripe.paymentIntents.create({
    amount,
    currency: 'eur',
    payment_method: 'pm_card_visa',
    confirm: true,
    ...more,
    expand: ['latest_charge'],
  })
  if (intent.latest_charge === null || typeof intent.latest_charge === 'string') {
    throw new Error('The charge was not expanded')
  }
  return intent.latest_charge
}

/** The error with which a call is refused; fails when it is not. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (error instanceof Stripe.errors.StripeError) return error
  throw new Error(`Expected a refusal of Stripe, got ${String(error)}`)
}
