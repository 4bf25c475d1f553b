import { expect, test } from 'vitest'
import { at } from '../../test/builders/moments.ts'
import { lineRefundOf, orderOf, orderWith } from '../../test/builders/order.ts'
import type { CauseCode } from './reconcile-causes.ts'
import { judgeOrder, type OrderFacts, type RefundSide } from './reconcile-order.ts'

const paid: RefundSide = {
  movementId: 'mv_1',
  status: 'succeeded',
  amount: 3_000n,
  providerId: 're_1',
  returned: false,
  released: false,
  asked: 3_000n,
  toldAt: null,
}

function judge(change: Partial<OrderFacts>): CauseCode[] {
  const facts = {
    order: orderOf(),
    debitToldAt: at('08:20'),
    refunds: new Map<string, RefundSide>(),
    paysRefunds: true,
    until: at('23:00'),
    ...change,
  }
  return judgeOrder(facts).map(each => each.cause)
}

const refunded = orderWith({ refunds: [lineRefundOf()] })
const waiting = orderWith({ refunds: [lineRefundOf({ paid: false })] })
const sides = (change: Partial<RefundSide>) => new Map([['R1', { ...paid, ...change }]])

test.each<[string, Partial<OrderFacts>, CauseCode[]]>([
  ['debited, as it was told', {}, []],
  ['not debited', { order: orderOf({ debitedAt: null }) }, ['debit_confirmation_lost']],
  ['not debited, and never told', { order: orderOf({ debitedAt: null }), debitToldAt: null }, []],
  ['told a moment ago', { order: orderOf({ debitedAt: null }), debitToldAt: at('23:10') }, []],
  ['canceled since', { order: orderOf({ debitedAt: null, state: 'CANCELED' }) }, []],
  ['refunded on both sides', { order: refunded, refunds: sides({}) }, []],
  ['refunded there alone', { order: refunded }, ['refund_missing']],
  ['failed here', { order: refunded, refunds: sides({ status: 'failed' }) }, ['refund_missing']],
  ['somebody else pays refunds', { order: refunded, paysRefunds: false }, []],
  [
    'captured less in its place',
    { order: refunded, refunds: sides({ released: true, status: null, movementId: null }) },
    [],
  ],
  ['came back', { order: refunded, refunds: sides({ returned: true }) }, ['refund_returned']],
  ['another amount', { order: refunded, refunds: sides({ asked: 1n }) }, ['refund_amount_differs']],
  ['waits, and was not told', { order: waiting, refunds: sides({}) }, []],
  [
    'waits, although it was told',
    { order: waiting, refunds: sides({ toldAt: at('10:00') }) },
    ['refund_confirmation_lost'],
  ],
])('%s', (_, change, causes) => {
  expect(judge(change)).toEqual(causes)
})
