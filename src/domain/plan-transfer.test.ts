import { describe, expect, it } from 'vitest'
import { decided, decidedWhileMending, type Fault } from '../../test/builders/mending.ts'
import { lineOf, lineRefundOf, orderOf, orderWith } from '../../test/builders/order.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { endsInZero, exact, transferFacts } from '../../test/builders/plan-facts.ts'
import { accountOf, sellerOf } from '../../test/builders/seller.ts'
import type { Order } from './order.ts'
import type { Payment } from './payment.ts'
import { type TransferFacts, planTransfer, splitOf } from './plan-transfer.ts'
import { reasons } from './reasons.ts'

const ofOrder = (change: Partial<Order>) => (facts: TransferFacts) => ({
  ...facts,
  order: { ...facts.order, ...change },
})
const ofPayment = (change: Partial<Payment>) => (facts: TransferFacts) => ({
  ...facts,
  payment: paymentOf({ status: 'captured', ...change }),
})
const ofAccount = (change: Parameters<typeof accountOf>[0]) => (facts: TransferFacts) => ({
  ...facts,
  account: accountOf(change),
})
const withFacts = (change: Partial<TransferFacts>) => (facts: TransferFacts) => ({
  ...facts,
  ...change,
})

/** Movements on paper, section 4, `transfer`, in its order. */
const faults: Fault<TransferFacts>[] = [
  ['before_start_date', withFacts({ barred: 'before_start_date' })],
  ['already_moved', withFacts({ movedBefore: true })],
  ['order_refused', ofOrder({ state: 'REFUSED' })],
  ['order_canceled', ofOrder({ state: 'CANCELED' })],
  ['payment_canceled', ofPayment({ status: 'canceled' })],
  ['payment_failed', ofPayment({ status: 'failed' })],
  ['payment_refunded', ofPayment({ status: 'refunded' })],
  ['paid_elsewhere', ofOrder({ payOutPspCode: 'HIPAY' })],
  ['set_aside', withFacts({ unreadable: { field: 'total_price', problem: 'too_many_digits' } })],
  ['amount_not_positive', ofOrder({ commission: 10_001n, state: 'SHIPPING' })],
  ['seller_unknown', withFacts({ seller: null, account: null })],
  ['seller_ignored', withFacts({ seller: sellerOf({ ignored: true }) })],
  ['seller_not_onboarded', ofAccount({ transfersActive: false, detailsSubmitted: false })],
  ['seller_restricted', ofAccount({ transfersActive: false, disabledReason: 'listed' })],
  ['order_not_accepted', ofOrder({ state: 'WAITING_ACCEPTANCE', debitedAt: null })],
  ['order_not_debited', ofOrder({ state: 'WAITING_DEBIT_PAYMENT', debitedAt: null })],
  ['payment_unknown', withFacts({ payment: null })],
  ['payment_not_captured', ofPayment({ status: 'authorized' })],
  ['payment_pending', ofPayment({ status: 'pending' })],
  ['payment_disputed', withFacts({ disputed: 'du_1' })],
  ['settlement_unknown', ofPayment({ settled: null })],
  ['amount_differs', withFacts({ debited: 9_999n })],
  ['currency_differs', ofPayment({ currency: 'GBP' })],
  ['paused', withFacts({ paused: true })],
]

const plan = (change: Partial<TransferFacts> = {}) => planTransfer(transferFacts(change), exact)

describe('reasons of a transfer', () => {
  it.each(faults)('%s, when nothing else is wrong', (reason, make) => {
    const made = planTransfer(make(transferFacts()), exact)
    const to = reasons[reason].final ? 'cancel' : 'hold'
    expect(decided(made)).toBe(`${to} ${reason}`)
  })

  it('come in their order while everything is mended one by one', () => {
    const given = decidedWhileMending(transferFacts(), faults, facts =>
      decided(planTransfer(facts, exact)),
    )
    const expected = faults.map(([code]) => `${reasons[code].final ? 'cancel' : 'hold'} ${code}`)
    expect(given).toEqual([...expected, 'move 9000'])
  })

  it('are shown with the fact that was looked at', () => {
    expect(plan({ debited: 9_999n }).facts).toMatchObject({ ofOrder: '10000', ofDebit: '9999' })
    const held = plan({ account: accountOf({ transfersActive: false, disabledReason: 'listed' }) })
    expect(held.facts).toMatchObject({ account: 'acct_1', disabledReason: 'listed' })
  })
})

describe('who is ready', () => {
  it.each<[string, Partial<TransferFacts>, string]>([
    ['no account yet', { account: null }, 'hold seller_not_onboarded'],
    [
      'asked for more, and able to receive all the same',
      { account: accountOf({ detailsSubmitted: false }) },
      'move 9000',
    ],
    ['payouts disabled', { account: accountOf({ payoutsEnabled: false }) }, 'move 9000'],
    ['charges disabled', { account: accountOf({ chargesEnabled: false }) }, 'move 9000'],
    ['rejected', { account: accountOf({ standing: 'rejected' }) }, 'hold seller_restricted'],
    [
      'lost before it was complete',
      {
        account: accountOf({ standing: 'lost', transfersActive: false, detailsSubmitted: true }),
      },
      'hold seller_restricted',
    ],
  ])('%s', (_name, change, expected) => {
    expect(decided(plan(change))).toBe(expected)
  })
})

describe('which orders count as paid', () => {
  it.each<[string, Partial<Order>, string]>([
    ['STAGING', { state: 'STAGING' }, 'hold order_not_accepted'],
    ['accepted and not debited', { debitedAt: null }, 'hold order_not_debited'],
    [
      'no debit is ever confirmed in this workflow',
      { debitedAt: null, workflow: 'NO_CUSTOMER_PAYMENT_CONFIRMATION' },
      'move 9000',
    ],
    ['a state of tomorrow, debited', { state: 'IN_ORBIT' }, 'move 9000'],
    ['a state of tomorrow', { state: 'IN_ORBIT', debitedAt: null }, 'hold order_not_debited'],
    ['a service that expired', { state: 'ORDER_EXPIRED' }, 'cancel order_canceled'],
    ['paid out by us under our own name', { payOutPspCode: 'STRIPE_FR' }, 'move 9000'],
    ['paid out by the operator', { payOutPspCode: 'OPERATOR' }, 'cancel paid_elsewhere'],
  ])('%s', (_name, change, expected) => {
    expect(decided(plan({ order: orderOf(change), ourPspCodes: ['STRIPE_FR'] }))).toBe(expected)
  })
})

describe('what is asked of the provider', () => {
  it('comes from the own charge, in the group that the charge already has', () => {
    const made = plan({ payment: paymentOf({ status: 'captured', transferGroup: 'group_x' }) })
    expect(made.decision).toMatchObject({
      instruction: {
        do: 'transfer',
        currency: 'EUR',
        amount: 9_000n,
        destination: 'acct_1',
        sourceCharge: 'ch_1',
        group: 'group_x',
      },
    })
    expect(made).toMatchObject({
      kind: 'transfer',
      source: { type: 'order', id: 'C1-A', part: '', sequence: 1 },
      parties: { sellerId: '2001', orderId: 'C1-A', purchaseId: 'C1', paymentId: 'pi_1' },
    })
  })

  it('is in the group of the purchase when the charge has none', () => {
    expect(plan().decision).toMatchObject({ instruction: { group: 'C1' } })
  })

  it('keeps what is owed beside what the provider can express', () => {
    const order = orderWith({ total: 1_234n, commission: 0n }, { currency: 'KWD' })
    const payment = paymentOf({ status: 'captured', currency: 'KWD', authorized: 1_234n })
    const made = planTransfer(transferFacts({ order, payment }), endsInZero)
    expect(made.decision).toMatchObject({ amount: 1_234n, instruction: { amount: 1_230n } })
  })
})

describe('the split', () => {
  const refunded = lineRefundOf()
  it.each<[string, Order, bigint | null, string]>([
    ['100 with a commission of 10', orderOf(), null, 'move 9000'],
    [
      '30 refunded before, 3 of the commission',
      orderWith({ refunds: [refunded] }),
      null,
      'move 6300',
    ],
    [
      'a refund that is only asked for',
      orderWith({ refunds: [{ ...refunded, paid: false }] }),
      null,
      'move 9000',
    ],
    ['taxes on top', orderWith({ taxes: 2_000n }, { taxMode: 'excluded' }), 12_000n, 'move 11000'],
    ['taxes inside', orderWith({ taxes: 2_000n }), 10_000n, 'move 9000'],
    [
      'the operator pays 20 of the price: the debit is less, and its charge pays no more',
      orderWith({ operatorFunding: 2_000n }),
      8_000n,
      'move 8000',
    ],
    [
      'the debit is less by something else',
      orderWith({ operatorFunding: 2_000n }),
      8_500n,
      'hold amount_differs',
    ],
    [
      'all of it refunded',
      orderWith({ refunds: [lineRefundOf({ amount: 10_000n, commission: 1_000n })] }),
      null,
      'cancel amount_not_positive',
    ],
    [
      'the commission takes it all',
      orderWith({ commission: 10_000n }),
      null,
      'cancel amount_not_positive',
    ],
    ['19.99 EUR', orderWith({ total: 1_999n, commission: 0n }), 1_999n, 'move 1999'],
    [
      'a refused line',
      orderOf({ lines: [lineOf(), lineOf({ id: 'L2', state: 'REFUSED' })] }),
      10_000n,
      'move 9000',
    ],
  ])('%s', (_name, order, debited, expected) => {
    expect(decided(plan({ order, debited }))).toBe(expected)
  })

  it('5000 JPY are 5000', () => {
    const order = orderWith({ total: 5_000n, commission: 0n }, { currency: 'JPY' })
    const payment = paymentOf({ status: 'captured', currency: 'JPY', authorized: 5_000n })
    expect(decided(plan({ order, payment, debited: 5_000n }))).toBe('move 5000')
  })

  it('shows all its figures', () => {
    const order = orderWith({ refunds: [refunded], operatorFunding: 500n })
    expect(splitOf(order, null)).toEqual({
      share: 10_000n,
      funding: 500n,
      refunded: 3_000n,
      commission: 700n,
      tax: 0n,
      toSeller: 6_300n,
    })
    expect(plan({ order }).facts).toEqual({
      share: '10000',
      paid: '9500',
      funding: '500',
      refunded: '3000',
      netted: ['R1'],
      commission: '700',
    })
  })
})
