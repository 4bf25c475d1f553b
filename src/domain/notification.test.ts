import { describe, expect, test } from 'vitest'
import type { Movement } from './movement.ts'
import { accountUpdated, movementFailed } from './notification.ts'

const refusal = { code: 'x', message: 'Reason message', providerId: null, counterpart: null }

function failed(change: Partial<Movement>): Movement {
  return {
    id: 'mv_1',
    kind: 'transfer',
    origin: 'planned',
    source: { type: 'order', id: '123', part: '', sequence: 1 },
    parties: {
      sellerId: '2003',
      orderId: '123',
      purchaseId: null,
      cycleId: null,
      paymentId: null,
    },
    status: 'submitted',
    reason: null,
    needsReview: false,
    currency: 'EUR',
    amount: 3400n,
    sentAmount: 3400n,
    account: 'acct_1032D82eZvKYlo2C',
    provider: 'stripe',
    instruction: null,
    facts: {},
    attempt: 1,
    attemptedAt: null,
    providerId: null,
    failure: null,
    nextLookAt: null,
    original: null,
    createdAt: new Date(0),
    updatedAt: new Date(0),
    ...change,
  }
}

const none = { sellerId: null, orderId: null, purchaseId: null, cycleId: null, paymentId: null }

describe('the documented payloads, to the letter', () => {
  test('account.updated', () => {
    expect(JSON.stringify(accountUpdated('2000', 'acct_1032D82eZvKYlo2C'))).toBe(
      '{"type":"account.updated","payload":{"miraklShopId":2000,"stripeUserId":"acct_1032D82eZvKYlo2C"}}',
    )
  })

  test('transfer.failed', () => {
    expect(JSON.stringify(movementFailed(failed({}), 5, refusal))).toBe(
      '{"type":"transfer.failed","payload":{"internalId":5,"miraklId":123,"type":"TRANSFER_ORDER",' +
        '"stripeAccountId":"acct_1032D82eZvKYlo2C","miraklShopId":2003,"transferId":null,' +
        '"transactionId":null,"amount":3400,"status":"TRANSFER_FAILED",' +
        '"failedReason":"Reason message","currency":"EUR"}}',
    )
  })

  test('refund.failed', () => {
    const refund = failed({
      kind: 'refund',
      source: { type: 'refund', id: '1100', part: '', sequence: 1 },
      parties: { ...none, orderId: 'order_refunded_5' },
    })
    const known = { ...refusal, counterpart: 'trr_10' }
    expect(JSON.stringify(movementFailed(refund, 5, known))).toBe(
      '{"type":"refund.failed","payload":{"internalId":5,"miraklOrderId":"order_refunded_5",' +
        '"miraklRefundId":"1100","stripeRefundId":null,"stripeReversalId":"trr_10","amount":3400,' +
        '"status":"REFUND_FAILED","failedReason":"Reason message","currency":"EUR"}}',
    )
  })

  test('payout.failed', () => {
    const payout = failed({
      kind: 'payout',
      amount: 2300n,
      sentAmount: 2300n,
      parties: { ...none, sellerId: '2003', cycleId: '2000' },
    })
    expect(JSON.stringify(movementFailed(payout, 12, refusal))).toBe(
      '{"type":"payout.failed","payload":{"internalId":12,"amount":2300,"currency":"EUR",' +
        '"miraklInvoiceId":2000,"stripePayoutId":null,"status":"PAYOUT_FAILED",' +
        '"failedReason":"x: Reason message"}}',
    )
  })
})

describe('what a failed movement is told as', () => {
  test.each([
    ['credit', 'credits', 'TRANSFER_EXTRA_CREDITS'],
    ['collection', 'subscription', 'TRANSFER_SUBSCRIPTION'],
    ['collection', 'invoices', 'TRANSFER_EXTRA_INVOICES'],
  ] as const)('a %s of %s', (kind, part, type) => {
    const movement = failed({
      kind,
      source: { type: 'cycle', id: '77', part, sequence: 1 },
      parties: { ...none, sellerId: '2003', cycleId: '77' },
    })
    expect(movementFailed(movement, 1, refusal)?.payload).toMatchObject({ type, miraklId: 77 })
  })

  test('a reversal, with its refund beside it', () => {
    const reversal = failed({
      kind: 'reversal',
      source: { type: 'refund', id: '1100', part: '', sequence: 1 },
    })
    const known = { ...refusal, counterpart: 're_1' }
    expect(movementFailed(reversal, 1, known)).toMatchObject({
      type: 'refund.failed',
      payload: { stripeRefundId: 're_1', stripeReversalId: null },
    })
  })

  test('the charge that a transfer was to be made from', () => {
    const transfer = failed({
      instruction: {
        do: 'transfer',
        currency: 'EUR',
        amount: 3400n,
        destination: 'acct_1',
        sourceCharge: 'ch_1',
        group: null,
      },
    })
    expect(movementFailed(transfer, 1, refusal)?.payload).toMatchObject({ transactionId: 'ch_1' })
  })

  test('ids of Mirakl that are no numbers stay texts', () => {
    const order = failed({ parties: { ...none, orderId: 'ORD-1-A', sellerId: '007' } })
    expect(movementFailed(order, 1, refusal)?.payload).toMatchObject({
      miraklId: 'ORD-1-A',
      miraklShopId: '007',
    })
  })

  test('nobody is told of a capture', () => {
    expect(movementFailed(failed({ kind: 'capture' }), 1, refusal)).toBeNull()
  })

  test('a reason of any length is cut', () => {
    const long = { ...refusal, message: 'x'.repeat(5000) }
    const told = movementFailed(failed({}), 1, long)
    expect(told?.payload['failedReason']).toHaveLength(1000)
  })
})
