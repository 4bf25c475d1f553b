import Stripe from 'stripe'
import { expect, test } from 'vitest'
import type { Json } from '../../domain/json.ts'
import { createStripeEvents } from './events.ts'

const at = new Date('2026-11-02T08:00:00Z')
const reader = createStripeEvents({
  purchaseMetadataKey: 'mirakl_commercial_order_id',
  live: false,
  now: () => at,
})

function bodyOf(type: string, object: { [key: string]: Json }, more: object = {}): string {
  return JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type,
    created: 1_800_000_000,
    livemode: false,
    data: { object },
    ...more,
  })
}

function sign(payload: string, secret: string, secondsAgo = 0): string {
  const timestamp = Math.floor(at.getTime() / 1000) - secondsAgo
  return Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
}

function verified(type: string, object: { [key: string]: Json }, more: object = {}) {
  const body = bodyOf(type, object, more)
  return reader.verify(body, sign(body, 'whsec_b'), ['whsec_a', 'whsec_b'])
}

const payout = {
  id: 'po_1',
  object: 'payout',
  amount: 5000,
  arrival_date: 1_800_100_000,
  currency: 'eur',
  metadata: { tributary_movement: 'mv_1' },
  status: 'paid',
}

test('each secret is tried, and nothing is read before one fits', () => {
  const body = bodyOf('payout.paid', payout, { account: 'acct_1' })
  const signature = sign(body, 'whsec_b')
  expect(reader.verify(body, signature, ['whsec_a', 'whsec_b'])).toMatchObject({
    ok: true,
    event: { id: 'evt_1', type: 'payout.paid', live: false, account: 'acct_1' },
  })
  expect(reader.verify(body, signature, ['whsec_a'])).toMatchObject({ ok: false })
  expect(reader.verify(`${body} `, signature, ['whsec_b'])).toMatchObject({ ok: false })
  expect(reader.verify(body, null, ['whsec_b'])).toMatchObject({ ok: false })
  expect(reader.verify(body, 'nonsense', ['whsec_b'])).toMatchObject({ ok: false })
  expect(reader.verify(body, signature, [])).toMatchObject({ ok: false })
})

test('a signature is valid for 300 seconds', () => {
  const body = bodyOf('payout.paid', payout)
  const secrets = ['whsec_a', 'whsec_b']
  expect(reader.verify(body, sign(body, 'whsec_b', 299), secrets).ok).toBe(true)
  const late = reader.verify(body, sign(body, 'whsec_b', 301), secrets)
  expect(late).toMatchObject({ ok: false, problem: expect.stringContaining('tolerance') })
})

test.each([
  ['paid', 'succeeded', null],
  ['in_transit', 'accepted', null],
  ['failed', 'rejected', 5000n],
  ['canceled', 'rejected', null],
])('a payout that is %s', (status, result, takenBack) => {
  const answer = verified(`payout.${status}`, { ...payout, status }, { account: 'acct_1' })
  expect(answer).toMatchObject({
    ok: true,
    event: {
      subject: {
        about: 'movement',
        movementId: 'mv_1',
        providerId: 'po_1',
        object: 'payout',
        account: 'acct_1',
        outcome: { result },
        takenBack,
      },
    },
  })
})

test('a deauthorised account is the one that the event came from', () => {
  const application = { id: 'ca_1', object: 'application' }
  expect(
    verified('account.application.deauthorized', application, { account: 'acct_1' }),
  ).toMatchObject({ event: { subject: { about: 'account_lost', accountId: 'acct_1' } } })
})

test('an account speaks for itself only', () => {
  const account = {
    id: 'acct_2',
    object: 'account',
    payouts_enabled: true,
    charges_enabled: true,
    details_submitted: true,
  }
  expect(verified('account.updated', account, { account: 'acct_1' })).toMatchObject({
    event: { subject: { about: 'other' } },
  })
  expect(verified('account.updated', account, { account: 'acct_2' })).toMatchObject({
    event: { subject: { about: 'account', account: { id: 'acct_2', standing: 'open' } } },
  })
})

test('an event of the other mode, or of what we do not know, is about nothing', () => {
  expect(verified('payout.paid', payout, { livemode: true })).toMatchObject({
    ok: true,
    event: { live: true, subject: { about: 'other' } },
  })
  expect(verified('payout.paid', { ...payout, currency: 'usdc' })).toMatchObject({
    event: { subject: { about: 'other' } },
  })
  expect(verified('invention.made', {})).toMatchObject({
    ok: true,
    event: { subject: { about: 'other' } },
  })
})

test('an object of an unknown shape is stored with its event and fails when it is applied', () => {
  for (const object of [{ id: 'po_1' }, { ...payout, amount: 1.5 }]) {
    const answer = verified('payout.paid', object)
    expect(answer).toMatchObject({ ok: true, event: { subject: { about: 'other' } } })
    expect(() => reader.read(answer.ok ? answer.raw : null)).toThrow(/invalid|expected/i)
  }
})

test('what is no event is a problem, not an error', () => {
  const body = '[not JSON'
  expect(reader.verify(body, sign(body, 'whsec_b'), ['whsec_b'])).toMatchObject({ ok: false })
})

test('a stored event is read again as it was verified', () => {
  const answer = verified('payout.paid', payout)
  if (!answer.ok) throw new Error(answer.problem)
  expect(reader.read(answer.raw)).toEqual(answer.event)
})
