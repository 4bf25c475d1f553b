import { describe, expect, test } from 'vitest'
import { exact, captureFacts } from '../../test/builders/plan-facts.ts'
import { lineOf, orderOf } from '../../test/builders/order.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { orderedWorth } from './ordered-worth.ts'
import type { Order, ServiceQuote } from './order.ts'
import { planCapture, planReturnOfRefused } from './plan-capture.ts'

/** A service order; `debit` 0: none yet. */
function serviceOf(id: string, state: string, debit: bigint, quote?: Partial<ServiceQuote>): Order {
  return orderOf({
    id,
    domain: 'service',
    state,
    total: debit,
    debitedAt: state === 'ORDER_PENDING' ? new Date('2026-11-02T08:30:00Z') : null,
    lines: [lineOf({ id, state, total: debit })],
    quote: { amounts: [8_000n], estimated: false, ...quote },
  })
}
const product = orderOf({ id: 'P' })
const refusedProduct = orderOf({ id: 'P', state: 'REFUSED', lines: [lineOf({ state: 'REFUSED' })] })
const kept = serviceOf('S', 'ORDER_PENDING', 8_000n)

describe('what orders were worth when they were authorised', () => {
  test.each<[string, Order[], bigint, Record<string, bigint>]>([
    [
      'a debit counts, whatever the price shows',
      [serviceOf('S', 'X', 9_000n)],
      9_000n,
      { S: 9_000n },
    ],
    ['without a debit the price does', [serviceOf('S', 'ORDER_REFUSED', 0n)], 0n, { S: 8_000n }],
    [
      'of an estimate the price counts, not the debit',
      [serviceOf('S', 'ORDER_PENDING', 7_000n, { estimated: true })],
      0n,
      { S: 8_000n },
    ],
    [
      'of two readings the one that fits what was authorised',
      [product, serviceOf('S', 'ORDER_REFUSED', 0n, { amounts: [8_000n, 9_000n] })],
      19_000n,
      { P: 10_000n, S: 9_000n },
    ],
    [
      'no reading fits: nobody knows',
      [product, serviceOf('S', 'ORDER_REFUSED', 0n, { amounts: [8_000n, 9_000n] })],
      20_000n,
      { P: 10_000n },
    ],
    [
      'two doubtful prices: nobody knows either',
      ['S', 'T'].map(id => serviceOf(id, 'ORDER_REFUSED', 0n, { amounts: [1n, 2n] })),
      3n,
      {},
    ],
    ['a price that says nothing', [serviceOf('S', 'ORDER_REFUSED', 0n, { amounts: [] })], 5n, {}],
    ['a product says it itself', [refusedProduct], 0n, { P: 10_000n }],
  ])('%s', (_, orders, authorized, worth) => {
    expect(Object.fromEntries(orderedWorth(orders, authorized))).toEqual(worth)
  })
})

describe('the capture of a purchase with services', () => {
  test.each<[string, Order[], bigint, string, bigint | null]>([
    ['product and service kept', [product, kept], 18_000n, 'capture', 18_000n],
    ['the product refused', [refusedProduct, kept], 18_000n, 'capture', 8_000n],
    [
      'the service refused, own goods stay',
      [product, serviceOf('S', 'ORDER_REFUSED', 0n)],
      23_000n,
      'capture',
      15_000n,
    ],
    ['expired', [serviceOf('S', 'ORDER_EXPIRED', 0n)], 8_000n, 'void', 8_000n],
    [
      'canceled after its debit',
      [serviceOf('S', 'ORDER_CANCELLED', 8_000n)],
      8_000n,
      'void',
      8_000n,
    ],
    ['scored out', [serviceOf('S', 'SCORING_KO', 0n)], 8_000n, 'void', 8_000n],
    [
      'undecided',
      [product, serviceOf('S', 'WAITING_ACCEPTANCE', 0n)],
      18_000n,
      'order_not_decided',
      18_000n,
    ],
    [
      'accepted, no debit',
      [serviceOf('S', 'ORDER_ACCEPTED', 0n)],
      8_000n,
      'order_not_debited',
      8_000n,
    ],
    [
      'a debit that waits',
      [serviceOf('S', 'ORDER_CONSUMED', 8_000n)],
      8_000n,
      'order_not_debited',
      8_000n,
    ],
    [
      'a refused service of unknown worth',
      [product, serviceOf('S', 'ORDER_REFUSED', 0n, { amounts: [] })],
      18_000n,
      'order_worth_unknown',
      null,
    ],
    [
      'less than the estimate',
      [serviceOf('S', 'ORDER_PENDING', 7_000n, { estimated: true })],
      8_000n,
      'capture',
      7_000n,
    ],
    [
      'less than the estimate, beside a margin or own goods',
      [serviceOf('S', 'ORDER_PENDING', 7_000n, { estimated: true })],
      9_000n,
      'amount_differs',
      8_000n,
    ],
    [
      'more than the estimate, which was all that was authorised',
      [serviceOf('S', 'ORDER_PENDING', 9_000n, { estimated: true })],
      8_000n,
      'amount_differs',
      9_000n,
    ],
    [
      'an estimate that was right',
      [serviceOf('S', 'ORDER_PENDING', 8_000n, { estimated: true })],
      8_000n,
      'capture',
      8_000n,
    ],
    [
      'an estimate that cannot be read',
      [serviceOf('S', 'ORDER_PENDING', 8_000n, { estimated: true, amounts: [] })],
      8_000n,
      'order_worth_unknown',
      null,
    ],
  ])('%s', (_, orders, authorized, kind, amount) => {
    const plan = planCapture(captureFacts({ payment: paymentOf({ authorized }), orders }), exact)
    const { decision } = plan
    const reason = 'reason' in decision ? decision.reason : plan.kind
    expect([reason, 'amount' in decision ? decision.amount : null]).toEqual([kind, amount])
  })

  test.each<[string, Order[], bigint, string, bigint | null]>([
    [
      'a refused service goes back',
      [kept, serviceOf('T', 'ORDER_REFUSED', 0n)],
      16_000n,
      'move',
      8_000n,
    ],
    ['nothing was refused', [kept, product], 18_000n, 'nothing', null],
    [
      'of unknown worth: held, not forgotten',
      [kept, serviceOf('T', 'ORDER_REFUSED', 0n, { amounts: [] })],
      16_000n,
      'order_worth_unknown',
      null,
    ],
  ])('captured up front: %s', (_, orders, authorized, to, amount) => {
    const payment = paymentOf({ status: 'captured', authorized, captured: authorized })
    const { decision } = planReturnOfRefused(captureFacts({ payment, orders }), exact)
    const said = 'reason' in decision ? decision.reason : decision.to
    expect([said, 'amount' in decision ? decision.amount : null]).toEqual([to, amount])
  })
})
