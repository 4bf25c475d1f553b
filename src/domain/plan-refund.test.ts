import { describe, expect, it } from 'vitest'
import { decided, decidedWhileMending, type Fault } from '../../test/builders/mending.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { endsInZero, exact } from '../../test/builders/plan-facts.ts'
import { refundFacts, refundOf } from '../../test/builders/refund.ts'
import type { Payment } from './payment.ts'
import { isReleasable, planRefund, type RefundFacts } from './plan-refund.ts'
import { reasons } from './reasons.ts'

const withFacts = (change: Partial<RefundFacts>) => (facts: RefundFacts) => ({
  ...facts,
  ...change,
})
const ofPayment = (change: Partial<Payment>) =>
  withFacts({ payment: paymentOf({ status: 'captured', ...change }) })

/** Movements on paper, section 4, `refund`, in its order. */
const faults: Fault<RefundFacts>[] = [
  ['before_start_date', withFacts({ barred: 'before_start_date' })],
  ['set_aside', withFacts({ unreadable: 'order_id' })],
  ['payment_unknown', withFacts({ payment: null })],
  ['payment_failed', ofPayment({ status: 'failed' })],
  ['payment_canceled', ofPayment({ status: 'canceled' })],
  ['payment_refunded', ofPayment({ status: 'refunded' })],
  ['payment_pending', ofPayment({ status: 'pending' })],
  ['payment_not_captured', ofPayment({ status: 'authorized' })],
  ['currency_differs', ofPayment({ currency: 'USD' })],
  ['refund_withdrawn', withFacts({ listed: false })],
  ['paused', withFacts({ paused: true })],
]

const decide = (facts: RefundFacts) => decided(planRefund(facts, exact, exact))

describe('a refund', () => {
  it('says the first thing that stops it, in the order on paper', () => {
    const expected = faults.map(
      ([reason]) => `${reasons[reason].final ? 'cancel' : 'hold'} ${reason}`,
    )
    expect(decidedWhileMending(refundFacts(), faults, decide)).toEqual([...expected, 'move 3000'])
  })

  it('asks for what the marketplace lists, on the charge, under its own id', () => {
    const plan = planRefund(refundFacts(), exact, exact)
    expect(plan).toMatchObject({
      kind: 'refund',
      source: { type: 'refund', id: 'R1', part: '', sequence: 1 },
      parties: { orderId: 'C1-A', purchaseId: 'C1', sellerId: '2001', paymentId: 'pi_1' },
      decision: { instruction: { do: 'refund', chargeId: 'ch_1', amount: 3_000n } },
    })
  })

  it('of an amount of 0 is nothing', () => {
    expect(decide(refundFacts({ refund: refundOf({ amount: 0n }) }))).toBe('nothing')
  })

  it('is nothing once the capture left it out, or is to leave it out', () => {
    expect(decide(refundFacts({ capturedLess: true }))).toBe('nothing')
    const refund = refundOf({ releasedBy: 'pi_1' })
    for (const status of ['authorized', 'canceled'] as const) {
      expect(decide(refundFacts({ refund, payment: paymentOf({ status }) }))).toBe('nothing')
    }
    // One that waited before is not given up until the capture has left it out.
    const authorized = paymentOf({ status: 'authorized' })
    const held = { refund, held: true, payment: authorized }
    expect(decide(refundFacts(held))).toBe('hold payment_not_captured')
    expect(decide(refundFacts({ ...held, capturedLess: true }))).toBe('nothing')
    // Captured without leaving it out: it is made from the captured money.
    expect(decide(refundFacts({ refund }))).toBe('move 3000')
  })
})

describe('an authorisation', () => {
  const authorized = { payment: paymentOf({ status: 'authorized' as const }) }

  it('is captured less while nobody has asked for the capture', () => {
    expect(isReleasable(refundFacts(authorized))).toBe(true)
  })

  const not: [string, Partial<RefundFacts>][] = [
    ['the capture is being asked for', { captureAsked: true }],
    ['the marketplace does not list it', { listed: false }],
    ['the order cannot be read', { unreadable: 'total_price' }],
    ['it is paused', { paused: true }],
    ['it is too old', { barred: 'before_start_date' }],
    ['the currency differs', { refund: refundOf({ currency: 'USD' }) }],
    ['it is captured', { payment: paymentOf({ status: 'captured' }) }],
    ['there is none', { payment: null }],
  ]
  it.each(not)('is left alone when %s', (_, change) => {
    expect(isReleasable(refundFacts({ ...authorized, ...change }))).toBe(false)
  })
})

describe('an amount that the provider cannot express', () => {
  const endsInZeroUp = (amount: bigint) => amount + ((10n - (amount % 10n)) % 10n)
  const sent = (amount: bigint, captured: bigint, refunded = 0n) => {
    const payment = paymentOf({ status: 'captured', currency: 'KWD', captured, refunded })
    const facts = refundFacts({ refund: refundOf({ amount, currency: 'KWD' }), payment })
    const { decision } = planRefund(facts, endsInZeroUp, endsInZero)
    return decision.to === 'move' ? decision.instruction.amount : null
  }

  it.each([
    [601n, 1_230n, 0n, 610n],
    [1_234n, 1_230n, 0n, 1_230n],
    [634n, 1_230n, 600n, 630n],
    [1_240n, 1_230n, 0n, 1_240n],
  ])('%i of %i captured and %i refunded: asks for %i', (amount, captured, refunded, expected) => {
    expect(sent(amount, captured, refunded)).toBe(expected)
  })
})
