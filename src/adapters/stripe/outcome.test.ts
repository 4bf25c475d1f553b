import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { outcomeOf, providerErrorOf } from './outcome.ts'

function failure(
  statusCode: number,
  type: string,
  more: { code?: string; param?: string; headers?: Record<string, string> } = {},
): Error {
  return Stripe.errors.StripeError.generate({
    statusCode,
    type: type as 'api_error',
    message: 'Stripe says no',
    ...more,
  })
}

test.each([
  ['a refused key', failure(401, 'invalid_request_error'), 'credentials_refused'],
  ['a key without the permission', failure(403, 'invalid_request_error'), 'credentials_refused'],
  [
    'an account out of reach',
    failure(403, 'invalid_request_error', { code: 'account_invalid' }),
    'account_refused',
  ],
  [
    'an account without the capability',
    failure(400, 'invalid_request_error', { code: 'insufficient_capabilities_for_transfer' }),
    'account_refused',
  ],
  [
    'a destination that does not exist',
    failure(400, 'invalid_request_error', { code: 'resource_missing', param: 'destination' }),
    'account_refused',
  ],
  [
    'too little money',
    failure(400, 'invalid_request_error', { code: 'balance_insufficient' }),
    'insufficient_funds',
  ],
  [
    'an expired authorisation',
    failure(400, 'invalid_request_error', { code: 'charge_expired_for_capture' }),
    'authorization_expired',
  ],
  ['anything else', failure(400, 'invalid_request_error'), 'provider_refused'],
])('%s is refused for certain', (_, error, reason) => {
  expect(outcomeOf(error)).toMatchObject({ result: 'rejected', reason, message: 'Stripe says no' })
})

test.each([
  ['a 500', failure(500, 'api_error'), false],
  [
    'a 500 that is played again',
    failure(500, 'api_error', { headers: { 'idempotent-replayed': 'true' } }),
    true,
  ],
  ['a key in flight', failure(409, 'idempotency_error', { code: 'idempotency_key_in_use' }), false],
  ['a key of other parameters', failure(400, 'idempotency_error'), true],
  ['a lost connection', new Stripe.errors.StripeConnectionError({ message: 'reset' }), false],
  ['a page of HTML', new Stripe.errors.StripeAPIError({ message: 'Invalid JSON' }), false],
  ['anything thrown', new TypeError('fetch failed'), false],
])('%s is unknown', (_, error, lookUp) => {
  expect(outcomeOf(error)).toMatchObject({ result: 'unknown', lookUp })
})

test('a rate limit says when to come back, by its header or by our own patience', () => {
  const told = failure(429, 'invalid_request_error', { headers: { 'retry-after': '12' } })
  expect(outcomeOf(told)).toMatchObject({ result: 'unknown', retryAfterSeconds: 12 })
  const silent = failure(429, 'invalid_request_error', { code: 'lock_timeout' })
  expect(outcomeOf(silent)).toMatchObject({ result: 'unknown', retryAfterSeconds: 5 })
})

test.each([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [429, 'rate_limited'],
  [500, 'unavailable'],
  [400, 'refused'],
])('a read that fails with %i is %s', (status, kind) => {
  expect(providerErrorOf(failure(status, 'invalid_request_error'))).toMatchObject({ kind })
})
