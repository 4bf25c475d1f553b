import { expect, test } from 'vitest'
import { outcomeOfPayout, outcomeOfRefund } from './states.ts'

const payout = { id: 'po_1', object: 'payout', amount: 500, currency: 'isk' } as const
const refund = { id: 're_1', object: 'refund', amount: 500, currency: 'eur' } as const

test('a payout on its way says when it lands, in seconds, and what of our minor units', () => {
  const pending = { ...payout, status: 'pending', arrival_date: 1_800_000_000 }
  expect(outcomeOfPayout(pending)).toEqual({
    result: 'accepted',
    providerId: 'po_1',
    detail: { providerStatus: 'pending', arrivesAt: 1_800_000_000, amount: 5n },
  })
})

test('a payout that the bank refused carries the bank’s code', () => {
  const failed = { ...payout, status: 'failed', failure_code: 'no_account' }
  expect(outcomeOfPayout(failed)).toMatchObject({
    result: 'rejected',
    reason: 'bank_refused',
    code: 'no_account',
    providerId: 'po_1',
  })
})

test.each([
  ['paid', 'succeeded'],
  ['in_transit', 'accepted'],
  ['canceled', 'rejected'],
  ['a state of the future', 'unknown'],
])('a payout that is %s', (status, result) => {
  expect(outcomeOfPayout({ ...payout, status })).toMatchObject({ result })
})

test.each([
  ['succeeded', 'succeeded'],
  [null, 'succeeded'],
  ['pending', 'accepted'],
  ['requires_action', 'accepted'],
  ['failed', 'rejected'],
  ['canceled', 'rejected'],
  ['a state of the future', 'unknown'],
])('a refund that is %s', (status, result) => {
  expect(outcomeOfRefund({ ...refund, status })).toMatchObject({ result })
})
