import { describe, expect, test } from 'vitest'
import type { OldMovement, Sight } from './old-records.ts'
import {
  identityOf,
  judgeGivenUp,
  judgeMade,
  judgeOpen,
  reasonOfGivenUp,
  standingOf,
} from './plan-import.ts'

function old(change: Partial<OldMovement> = {}): OldMovement {
  return {
    table: 'transfers',
    row: '1',
    type: 'TRANSFER_PRODUCT_ORDER',
    status: 'TRANSFER_CREATED',
    statusReason: null,
    name: 'P-1-A',
    providerId: 'tr_1',
    of: 'ch_1',
    sellerId: '2003',
    accountId: 'acct_1',
    orderId: null,
    purchaseId: null,
    amount: 9_000n,
    currency: 'EUR',
    createdAt: new Date('2026-10-20T10:00:00Z'),
    changedAt: new Date('2026-10-20T10:00:00Z'),
    marketplaceAt: null,
    refund: null,
    ...change,
  }
}

const sight: Sight = { providerId: 'tr_1', amount: 9_000n, currency: 'EUR', state: 'succeeded' }

describe('a row stands under the name that planning gives its movement', () => {
  test.each([
    ['TRANSFER_PRODUCT_ORDER', 'P-1-A', 'transfer', 'order', 'P-1-A', ''],
    ['TRANSFER_SERVICE_ORDER', 'S-1', 'transfer', 'order', 'S-1', ''],
    ['TRANSFER_ORDER', 'P-1-A', 'transfer', 'order', 'P-1-A', ''],
    ['TRANSFER_PRODUCT_ORDER', 'P-1-A_TAX', 'tax_transfer', 'order', 'P-1-A', ''],
    ['TRANSFER_REFUND', '77', 'reversal', 'refund', '77', ''],
    ['TRANSFER_REFUND', '77_TAX', 'tax_reversal', 'refund', '77', ''],
    ['TRANSFER_SUBSCRIPTION', '4001', 'collection', 'cycle', '4001', 'subscription'],
    ['TRANSFER_EXTRA_INVOICES', '4001', 'collection', 'cycle', '4001', 'invoices'],
    ['TRANSFER_EXTRA_CREDITS', '4001', 'credit', 'cycle', '4001', 'credits'],
    ['PAYOUT', '4001', 'payout', 'cycle', '4001', ''],
    ['REFUND_PRODUCT_ORDER', '77', 'refund', 'refund', '77', ''],
    ['REFUND_SERVICE_ORDER', '77', 'refund', 'refund', '77', ''],
  ])('%s of %s', (type, name, kind, source, id, part) => {
    expect(identityOf(old({ type, name }))).toMatchObject({
      kind,
      source: { type: source, id, part, sequence: 1 },
    })
  })

  test('the tax account is no seller, and an unknown type is no movement', () => {
    expect(identityOf(old({ name: 'P-1-A_TAX' }))?.parties.sellerId).toBeNull()
    expect(identityOf(old())?.parties).toMatchObject({ sellerId: '2003', orderId: 'P-1-A' })
    expect(identityOf(old({ type: 'TRANSFER_GIFT' }))).toBeNull()
  })
})

test.each([
  ['TRANSFER_CREATED', 'made'],
  ['PAYOUT_ABORTED', 'given_up'],
  ['TRANSFER_INVALID_AMOUNT', 'given_up'],
  ['REFUND_PENDING', 'open'],
  ['TRANSFER_IGNORED', 'open'],
  ['PAYOUT_FAILED', 'open'],
  ['REFUND_ON_HOLD', 'open'],
  ['TRANSFER_SHIPPED', null],
  ['constructor', null],
])('%s is %s', (status, standing) => {
  expect(standingOf(status)).toBe(standing)
})

describe('a row that says it was made', () => {
  const byId = (found: Sight | null) => ({ asked: 'by_id', sight: found }) as const
  test.each([
    ['on its word', { asked: 'not' } as const, 'recorded', null],
    ['as the provider shows it', byId(sight), 'recorded', null],
    [
      'with the amount of the provider',
      byId({ ...sight, amount: 1n }),
      'recorded',
      'amount_differs',
    ],
    ['although the provider has lost it', byId(null), 'recorded', 'missing_at_provider'],
    ['as under way', byId({ ...sight, state: 'accepted' }), 'under_way', null],
    ['not, when it failed', byId({ ...sight, state: 'failed' }), 'left', 'failed_at_provider'],
  ])('is taken %s', (_, looked, outcome, reason) => {
    expect(judgeMade(sight, looked)).toMatchObject({ outcome, reason })
  })

  test('without an amount anywhere it waits for a person', () => {
    expect(judgeMade(null, byId(null))).toMatchObject({ outcome: 'review', reason: 'no_amount' })
    expect(judgeMade(null, byId(sight))).toMatchObject({ outcome: 'recorded', sight })
  })
})

describe('a row that says nothing about money', () => {
  const open = old({ status: 'TRANSFER_FAILED', providerId: null, statusReason: 'timeout' })
  const byName = (found: readonly Sight[] | 'too_many') => ({ asked: 'by_name', found }) as const
  test.each([
    ['recorded when it is at the provider', byName([sight]), 'recorded', 'found_at_provider'],
    ['left when it is not', byName([]), 'left', 'not_at_provider'],
    ['reviewed when nobody can tell', byName('too_many'), 'review', 'too_many_to_look_through'],
    ['left when nobody asked', { asked: 'not' } as const, 'left', 'not_looked_up'],
  ])('is %s', (_, looked, outcome, reason) => {
    expect(judgeOpen(open, 'transfer', looked)).toMatchObject({ outcome, reason })
  })

  test('a collection without an amount may be one or the other; a new status is nothing known', () => {
    const held = old({ status: 'TRANSFER_ON_HOLD', amount: null })
    const both = judgeOpen(held, 'collection', byName([sight]))
    expect(both).toMatchObject({ outcome: 'review', reason: 'ambiguous_at_provider' })
    const strange = judgeOpen(old({ status: 'TRANSFER_SHIPPED' }), 'transfer', byName([]))
    expect(strange).toMatchObject({ outcome: 'review', reason: 'unknown_status' })
  })
})

describe('a row that was given up', () => {
  const zero = 'Amount must be positive, input was: 0'
  test('is canceled; a part of an invoice of 0 is nothing', () => {
    expect(judgeGivenUp(old({ statusReason: zero }), 'collection').outcome).toBe('nothing_owed')
    expect(judgeGivenUp(old({ statusReason: zero }), 'transfer').outcome).toBe('canceled')
    expect(judgeGivenUp(old({ statusReason: `${zero}5` }), 'payout').outcome).toBe('canceled')
  })

  test.each([
    ['Payment pi_1 failed', 'payment_failed'],
    ['Payment ch_1 has been canceled', 'payment_canceled'],
    ['Payment ch_1 has been fully refunded', 'payment_refunded'],
    ['Order cannot be processed, status is REFUSED', 'order_refused'],
    ['Order cannot be processed, status is ORDER_EXPIRED', 'order_canceled'],
    ['Amount must be positive, input was: -5', 'amount_not_positive'],
    ['Refund 77 has been aborted', 'refund_refused'],
    ['No such charge: ch_1', 'already_moved'],
    [null, 'already_moved'],
  ])('because: %s', (statusReason, reason) => {
    expect(reasonOfGivenUp(old({ statusReason }))).toBe(reason)
  })
})
