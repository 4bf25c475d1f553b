import { describe, expect, it } from 'vitest'
import { decided, decidedWhileMending, type Fault } from '../../test/builders/mending.ts'
import { at } from '../../test/builders/moments.ts'
import { cancelationOf, lineOf, orderOf, orderWith } from '../../test/builders/order.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { captureFacts, endsInZero, exact } from '../../test/builders/plan-facts.ts'
import type { Order } from './order.ts'
import { type CaptureFacts, isSettled, nearsExpiry, planCapture } from './plan-capture.ts'
import { reasons } from './reasons.ts'

const withFacts = (change: Partial<CaptureFacts>) => (facts: CaptureFacts) => ({
  ...facts,
  ...change,
})
const ofOrders = (change: Partial<Order>) => (facts: CaptureFacts) => ({
  ...facts,
  orders: facts.orders.map(order => ({ ...order, ...change })),
})
const ofPayment = (change: Parameters<typeof paymentOf>[0]) => (facts: CaptureFacts) => ({
  ...facts,
  payment: paymentOf(change),
})

/**
 * In the order of the checks. `capture_lost` comes before the failures that it is made of, and what
 * no seller can mend any more (an expired authorisation) before what waits for a seller.
 */
const faults: Fault<CaptureFacts>[] = [
  ['no_start_date', withFacts({ barred: 'no_start_date' })],
  ['already_captured', ofPayment({ status: 'captured' })],
  [
    'capture_lost',
    facts => ofOrders({ debitedAt: at('08:30') })(ofPayment({ status: 'canceled' })(facts)),
  ],
  [
    'payment_failed',
    facts => ofOrders({ debitedAt: null })(ofPayment({ status: 'failed' })(facts)),
  ],
  [
    'payment_canceled',
    facts => ofOrders({ debitedAt: null })(ofPayment({ status: 'canceled' })(facts)),
  ],
  ['payment_pending', ofPayment({ status: 'pending' })],
  ['payment_ambiguous', withFacts({ rival: 'pi_2' })],
  ['set_aside', withFacts({ unreadable: 'C1-B' })],
  ['authorization_expired', ofPayment({ captureBefore: at('09:59') })],
  ['workflow_unsupported', ofOrders({ workflow: 'PAY_ON_SHIPMENT' })],
  ['order_not_decided', ofOrders({ state: 'WAITING_ACCEPTANCE' })],
  ['order_not_debited', ofOrders({ debitedAt: null })],
  ['currency_differs', ofOrders({ currency: 'GBP' })],
  ['amount_differs', withFacts({ askedBack: 10_001n })],
  ['paused', withFacts({ paused: true })],
]

const plan = (change: Partial<CaptureFacts> = {}) => planCapture(captureFacts(change), exact)

describe('reasons of a capture', () => {
  it.each(faults)('%s, when nothing else is wrong', (reason, make) => {
    const made = planCapture(make(captureFacts()), exact)
    expect(decided(made)).toBe(`${reasons[reason].final ? 'cancel' : 'hold'} ${reason}`)
  })

  it('come in their order while everything is mended one by one', () => {
    const given = decidedWhileMending(captureFacts(), faults, facts =>
      decided(planCapture(facts, exact)),
    )
    const expected = faults.map(([code]) => `${reasons[code].final ? 'cancel' : 'hold'} ${code}`)
    expect(given).toEqual([...expected, 'move 10000'])
  })

  it('name the orders that are waited for', () => {
    const orders = [orderOf(), orderOf({ id: 'C1-B', state: 'WAITING_ACCEPTANCE' })]
    const made = plan({ orders })
    expect(made.checks.find(check => check.stops)).toMatchObject({
      reason: 'order_not_decided',
      facts: { orders: ['C1-B'] },
    })
  })
})

describe('defect 13: a payment that is captured already', () => {
  it.each(['captured', 'refunded'] as const)('is over: %s', status => {
    expect(decided(plan({ payment: paymentOf({ status }) }))).toBe('cancel already_captured')
  })
})

describe('what is captured', () => {
  const refused = lineOf({ id: 'L2', state: 'REFUSED' })
  const second = (change: Partial<Order> = {}) => orderOf({ id: 'C1-B', ...change })
  const gone = second({ state: 'REFUSED', debitedAt: null, lines: [refused] })
  const basket = (authorized: bigint) => paymentOf({ authorized })

  it.each<[string, Partial<CaptureFacts>, string]>([
    ['all that was authorised', {}, 'capture 10000'],
    [
      'less a refused order',
      { payment: basket(20_000n), orders: [orderOf(), gone] },
      'capture 10000',
    ],
    [
      'less a refused line',
      { payment: basket(20_000n), orders: [orderOf({ lines: [lineOf(), refused] })] },
      'capture 10000',
    ],
    ['own goods of 50 in a basket of 150', { payment: basket(15_000n) }, 'capture 15000'],
    [
      'own goods, when the only seller refused',
      { payment: basket(15_000n), orders: [gone] },
      'capture 5000',
    ],
    ['less what was asked back before', { askedBack: 3_000n }, 'capture 7000'],
    ['nothing is left: it is given back whole', { orders: [gone] }, 'void 10000'],
    [
      'a refused line that the operator paid a part of: the customer authorised the rest only',
      {
        payment: basket(18_000n),
        orders: [
          orderOf({
            lines: [lineOf(), lineOf({ id: 'L2', state: 'REFUSED', operatorFunding: 2_000n })],
          }),
        ],
      },
      'capture 10000',
    ],
    ['all of it asked back', { askedBack: 10_000n }, 'void 10000'],
    [
      'an order that a scoring refused before anybody accepted it',
      { payment: basket(20_000n), orders: [orderOf(), second({ state: 'SCORING_KO' })] },
      'capture 10000',
    ],
    [
      'an order without confirmation of debits',
      { orders: [orderOf({ debitedAt: null, workflow: 'NO_CUSTOMER_PAYMENT_CONFIRMATION' })] },
      'capture 10000',
    ],
  ])('%s', (_name, change, expected) => {
    const made = plan(change)
    const amount = made.decision.to === 'move' ? made.decision.amount : null
    expect(`${made.kind} ${amount}`).toBe(expected)
    expect(made.decision).toMatchObject({ instruction: { do: made.kind, intentId: 'pi_1' } })
  })

  it('is no movement at all when nothing was authorised', () => {
    const facts = captureFacts({
      payment: paymentOf({ authorized: 0n }),
      orders: [orderOf({ total: 0n })],
    })
    expect(planCapture(facts, exact).decision).toEqual({ to: 'nothing' })
  })

  it('is nothing when the provider cannot express what is left', () => {
    const order = orderWith({ state: 'REFUSED', total: 1_225n }, { currency: 'KWD' })
    const payment = paymentOf({ currency: 'KWD', authorized: 1_234n })
    const made = planCapture(captureFacts({ payment, orders: [order] }), endsInZero)
    expect(`${made.kind} ${decided(made)}`).toBe('void move 1234')
  })

  it('is asked for in amounts that the provider can express', () => {
    const order = orderWith({ total: 1_234n }, { currency: 'KWD' })
    const payment = paymentOf({ currency: 'KWD', authorized: 1_234n })
    const made = planCapture(captureFacts({ payment, orders: [order] }), endsInZero)
    expect(made.decision).toMatchObject({ amount: 1_234n, instruction: { amount: 1_230n } })
  })
})

describe('defect 16: canceled lines, with their shipping and taxes', () => {
  const canceled = lineOf({
    id: 'L2',
    state: 'CANCELED',
    total: 0n,
    cancelations: [cancelationOf({ amount: 4_000n, shipping: 500n, taxes: 900n })],
  })
  const part = cancelationOf({ id: 'X2', amount: 2_000n, shipping: 300n, taxes: 460n })

  it.each([
    ['a whole line, taxes inside', 'included', [lineOf(), canceled], 14_500n, 10_000n],
    ['a whole line, taxes on top', 'excluded', [lineOf(), canceled], 15_400n, 10_000n],
    [
      'a part, taxes inside',
      'included',
      [lineOf({ total: 7_700n, cancelations: [part] })],
      10_000n,
      7_700n,
    ],
    [
      'a part, taxes on top',
      'excluded',
      [lineOf({ total: 7_700n, taxes: 1_540n, cancelations: [part] })],
      12_000n,
      9_240n,
    ],
    [
      'both',
      'excluded',
      [lineOf({ total: 7_700n, taxes: 1_540n, cancelations: [part] }), canceled],
      17_400n,
      9_240n,
    ],
  ] as const)('%s', (_name, taxMode, lines, authorized, expected) => {
    const orders = [orderOf({ taxMode, lines })]
    const made = plan({ payment: paymentOf({ authorized }), orders })
    expect(decided(made)).toBe(`move ${expected}`)
  })

  it('an order that was given up releases a line canceled in part once, however it is shown', () => {
    const shownFirst = orderOf({
      id: 'C1-B',
      state: 'REFUSED',
      total: 7_700n,
      lines: [lineOf({ cancelations: [cancelationOf({ amount: 2_300n })] })],
    })
    const payment = paymentOf({ authorized: 20_000n })
    expect(decided(plan({ payment, orders: [orderOf(), shownFirst] }))).toBe('move 10000')
  })
})

describe('an authorisation near its end', () => {
  const late = { now: at('09:00', '2026-03-16') }
  const payment = paymentOf({ authorized: 20_000n })
  const open = orderOf({ id: 'C1-B', state: 'WAITING_ACCEPTANCE', debitedAt: null })
  const unconfirmed = orderOf({ id: 'C1-B', debitedAt: null })

  it.each<[string, Partial<CaptureFacts>, string]>([
    [
      'waits for the seller, by one setting',
      { ...late, orders: [orderOf(), open] },
      'hold order_not_decided',
    ],
    [
      'is captured for what is confirmed, by the other',
      { ...late, nearExpiry: 'capture_confirmed', orders: [orderOf(), open] },
      'move 10000',
    ],
    [
      'does not wait for a confirmation either',
      { ...late, nearExpiry: 'capture_confirmed', orders: [orderOf(), unconfirmed] },
      'move 10000',
    ],
    [
      'waits as long as there is time',
      { nearExpiry: 'capture_confirmed', orders: [orderOf(), open] },
      'hold order_not_decided',
    ],
    [
      'is given back when nothing is confirmed',
      { ...late, payment: paymentOf(), nearExpiry: 'capture_confirmed', orders: [open] },
      'move 10000',
    ],
    [
      'is over when it is over',
      { nearExpiry: 'capture_confirmed', now: at('08:00', '2026-03-17') },
      'hold authorization_expired',
    ],
  ])('%s', (_name, change, expected) => {
    expect(decided(plan({ payment, ...change }))).toBe(expected)
  })

  it('names the orders that it was captured for', () => {
    const made = plan({
      payment,
      ...late,
      nearExpiry: 'capture_confirmed',
      orders: [orderOf(), open],
    })
    expect(made.facts).toEqual({ orders: ['C1-A'], ownGoods: '0' })
    expect(made.kind).toBe('capture')
  })

  it('is near from the set time on', () => {
    const end = at('08:00', '2026-03-17')
    const near = (now: Date, change = {}) => nearsExpiry(paymentOf(change), now, 60)
    expect(near(new Date(end.getTime() - 60_001))).toBe(false)
    expect(near(new Date(end.getTime() - 60_000))).toBe(true)
    expect(near(end, { captureBefore: null })).toBe(false)
    expect(near(end, { status: 'captured' })).toBe(false)
  })
})

describe('isSettled', () => {
  it.each<[string, Order[], boolean]>([
    ['kept and confirmed', [orderOf()], true],
    ['refused beside it', [orderOf(), orderOf({ state: 'REFUSED', debitedAt: null })], true],
    ['not confirmed', [orderOf({ debitedAt: null })], false],
    ['not decided', [orderOf(), orderOf({ state: 'WAITING_SCORING' })], false],
    ['waiting for its debit', [orderOf({ state: 'WAITING_DEBIT_PAYMENT' })], false],
  ])('%s', (_name, orders, expected) => {
    expect(isSettled(orders)).toBe(expected)
  })
})
