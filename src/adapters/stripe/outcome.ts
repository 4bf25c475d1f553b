import Stripe from 'stripe'
import { ProviderError } from '../../domain/errors.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { ReasonCode } from '../../domain/reasons.ts'
import { idMax, storableText } from '../../domain/storable.ts'
import { AmountNotExpressible } from './amounts.ts'

type Refused = Extract<Outcome, { result: 'rejected' | 'unknown' }>

/** Codes that speak of the account that gives or receives (https://docs.stripe.com/error-codes). */
const accountCodes = new Set([
  'account_closed',
  'account_invalid',
  'bank_account_declined',
  'bank_account_restricted',
  'bank_account_unusable',
  'bank_account_unverified',
  'insufficient_capabilities_for_transfer',
  'no_account',
  'payouts_not_allowed',
  'transfers_not_allowed',
])
const fundsCodes = new Set(['balance_insufficient', 'insufficient_funds'])
const expiryCodes = new Set(['capture_charge_authorization_expired', 'charge_expired_for_capture'])
const waitingCodes = new Set(['lock_timeout', 'rate_limit'])
const secondsAfterRateLimit = 5
/** Seconds to wait at most, whatever Retry-After says: a date must come of it. */
const longestPause = 24 * 3600
/** Characters of a message that are kept. */
const messageMax = 2000

/**
 * What a failed money call means. Decided by `rawType`, `statusCode` and `code`, not by the SDK's
 * class alone: it makes a 409 idempotency_error an API error and a page of HTML one without a status.
 */
export function outcomeOf(error: unknown): Refused {
  if (error instanceof AmountNotExpressible)
    return rejected('provider_refused', 'amount_not_expressible', error.message)
  if (!(error instanceof Stripe.errors.StripeError)) return unknown(messageOf(error))
  const { statusCode: status, code = '' } = error
  const message = messageOf(error)
  if (status === undefined || status < 400) return unknown(message)
  if (status >= 500) return unknown(message, isReplayed(error))
  // The first request with this key is still under way; asking again brings its answer.
  if (status === 409) return unknown(message)
  // The key was used with other parameters: no request with it will ever tell what became of it.
  if (error.rawType === 'idempotency_error') return unknown(message, true)
  if (status === 429 || waitingCodes.has(code))
    return { ...unknown(message), retryAfterSeconds: retryAfter(error) ?? secondsAfterRateLimit }
  return rejected(reasonOf(error, status, code), refusalCode(error, status), message)
}

function reasonOf(
  error: InstanceType<typeof Stripe.errors.StripeError>,
  status: number,
  code: string,
): ReasonCode {
  if (fundsCodes.has(code)) return 'insufficient_funds'
  if (accountCodes.has(code)) return 'account_refused'
  if (expiryCodes.has(code)) return 'authorization_expired'
  // A key without access to an account answers 403 with `account_invalid`, which is above.
  if (status === 401 || status === 403) return 'credentials_refused'
  if (code === 'resource_missing' && error.param === 'destination') return 'account_refused'
  return 'provider_refused'
}

function refusalCode(
  error: InstanceType<typeof Stripe.errors.StripeError>,
  status: number,
): string {
  const code = error.decline_code ?? error.code ?? error.rawType ?? status
  return storableText(String(code).slice(0, idMax))
}

export function rejected(
  reason: ReasonCode,
  code: string,
  message: string,
  providerId?: string,
): Extract<Outcome, { result: 'rejected' }> {
  const answer = { result: 'rejected', reason, code, message } as const
  return providerId === undefined ? answer : { ...answer, providerId }
}

export function unknown(message: string, lookUp = false): Extract<Outcome, { result: 'unknown' }> {
  return { result: 'unknown', message, lookUp }
}

/** A failed read tells nothing about the movement that it looked for. */
export function unreadOf(error: unknown): Extract<Outcome, { result: 'unknown' }> {
  const seconds = retryAfter(error)
  const answer = unknown(messageOf(error), true)
  return seconds === null ? answer : { ...answer, retryAfterSeconds: seconds }
}

/** Was the answer one that Stripe kept for the key? A replayed 5xx comes back for ever. */
function isReplayed(error: InstanceType<typeof Stripe.errors.StripeError>): boolean {
  return error.headers?.['idempotent-replayed'] === 'true'
}

function retryAfter(error: unknown): number | null {
  if (!(error instanceof Stripe.errors.StripeError)) return null
  const text = error.headers?.['retry-after']
  const seconds = Number(text)
  return text !== undefined && Number.isFinite(seconds) && seconds >= 0
    ? Math.min(longestPause, Math.ceil(seconds))
    : null
}

/** What an error says, as far as it can be kept. */
export function messageOf(error: unknown): string {
  const text = String(error instanceof Error ? error.message : error)
  return storableText(text.slice(0, messageMax))
}

/** Does Stripe not know the account (any more), or does it not let us at it? */
export function isAccountLost(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError)) return false
  if (error.code === 'account_invalid' || error.code === 'no_account') return true
  return error.statusCode === 404 && error.code === 'resource_missing'
}

export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.statusCode === 404
}

/** May the same read succeed a little later? */
export function isPassing(error: unknown): boolean {
  const outcome = outcomeOf(error)
  return outcome.result === 'unknown'
}

/** A failed read as the error that people meet. */
export function providerErrorOf(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error
  const message = `Stripe: ${messageOf(error)}`
  const status = error instanceof Stripe.errors.StripeError ? error.statusCode : undefined
  if (status === 401)
    return new ProviderError('unauthorized', message, 'Set STRIPE_CLIENT_SECRET to a valid key.')
  if (status === 403)
    return new ProviderError('forbidden', message, 'Give the restricted key this permission.')
  if (status === 404)
    return new ProviderError('not_found', message, 'Check the id, and that the key is of its mode.')
  if (status === 429) return new ProviderError('rate_limited', message, 'Wait and try again.')
  if (isPassing(error))
    return new ProviderError('unavailable', message, 'Try again; see https://status.stripe.com.')
  return new ProviderError('refused', message, 'See the message of Stripe.')
}
