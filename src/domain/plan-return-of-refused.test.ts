import { describe, expect, it } from 'vitest'
import { decided, decidedWhileMending, type Fault } from '../../test/builders/mending.ts'
import { cancelationOf, lineOf, orderOf } from '../../test/builders/order.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { captureFacts, exact } from '../../test/builders/plan-facts.ts'
import { type CaptureFacts, planReturnOfRefused } from './plan-capture.ts'
import { reasons } from './reasons.ts'

const refusedLine = lineOf({ id: 'L2', state: 'REFUSED' })
const refused = orderOf({ id: 'C1-B', state: 'REFUSED', debitedAt: null, lines: [refusedLine] })

/** Captured when it was made: 200.00 for two orders, one of which was refused. */
const upFront = captureFacts({
  payment: paymentOf({ status: 'captured', authorized: 20_000n }),
  orders: [orderOf(), refused],
})

const plan = (change: Partial<CaptureFacts> = {}) =>
  planReturnOfRefused({ ...upFront, ...change }, exact)

describe('a charge that was captured up front', () => {
  it('gives back what a seller refused', () => {
    expect(plan()).toMatchObject({
      kind: 'refund',
      source: { type: 'payment', id: 'pi_1', part: 'refused', sequence: 1 },
      decision: { amount: 10_000n, instruction: { do: 'refund', chargeId: 'ch_1' } },
    })
  })

  it.each<[string, Partial<CaptureFacts>, string]>([
    ['nothing was refused', { orders: [orderOf()] }, 'nothing'],
    [
      'everything was refused',
      { orders: [{ ...refused, lines: [refusedLine, lineOf({ id: 'L3', state: 'REFUSED' })] }] },
      'move 20000',
    ],
    [
      'a service that was refused: its line does not say so',
      { orders: [orderOf(), orderOf({ id: 'C1-B', domain: 'service', state: 'ORDER_REFUSED' })] },
      'move 10000',
    ],
    [
      'a line canceled in part',
      {
        orders: [
          orderOf({
            lines: [lineOf({ total: 8_000n, cancelations: [cancelationOf({ amount: 2_000n })] })],
          }),
        ],
      },
      'move 2000',
    ],
    [
      'our own capture already left it out',
      { payment: paymentOf({ status: 'captured', authorized: 20_000n, captured: 10_000n }) },
      'nothing',
    ],
    [
      'our own capture left a part of it out',
      { payment: paymentOf({ status: 'captured', authorized: 20_000n, captured: 15_000n }) },
      'move 5000',
    ],
    [
      'more went back than is there to refuse',
      { payment: paymentOf({ status: 'captured', authorized: 20_000n, refunded: 10_001n }) },
      'hold amount_differs',
    ],
  ])('%s', (_name, change, expected) => {
    expect(decided(plan(change))).toBe(expected)
  })

  it('gives its reasons in their order while everything is mended one by one', () => {
    const withFacts = (change: Partial<CaptureFacts>) => (facts: CaptureFacts) => ({
      ...facts,
      ...change,
    })
    const ofPayment = (change: Parameters<typeof paymentOf>[0]) =>
      withFacts({ payment: paymentOf({ status: 'captured', authorized: 20_000n, ...change }) })
    const beside = (change: Parameters<typeof orderOf>[0]) =>
      withFacts({ orders: [orderOf(change), refused] })
    const faults: Fault<CaptureFacts>[] = [
      ['before_start_date', withFacts({ barred: 'before_start_date' })],
      ['payment_refunded', ofPayment({ status: 'refunded' })],
      ['payment_unknown', ofPayment({ chargeId: null })],
      ['payment_ambiguous', withFacts({ rival: 'pi_2' })],
      ['set_aside', withFacts({ unreadable: 'C1-C' })],
      ['order_not_decided', beside({ state: 'WAITING_ACCEPTANCE', debitedAt: null })],
      ['order_not_debited', beside({ debitedAt: null })],
      ['amount_differs', ofPayment({ refunded: 15_000n })],
      ['paused', withFacts({ paused: true })],
    ]
    const given = decidedWhileMending(upFront, faults, facts =>
      decided(planReturnOfRefused(facts, exact)),
    )
    const expected = faults.map(([code]) => `${reasons[code].final ? 'cancel' : 'hold'} ${code}`)
    expect(given).toEqual([...expected, 'move 10000'])
  })
})
