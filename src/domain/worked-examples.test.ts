import { describe, expect, it } from 'vitest'
import { balanceOf, cycleOf } from '../../test/builders/cycle.ts'
import { decided } from '../../test/builders/mending.ts'
import { lineRefundOf, orderWith } from '../../test/builders/order.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import {
  captureFacts,
  endsInZero,
  exact,
  settlementFacts,
  transferFacts,
} from '../../test/builders/plan-facts.ts'
import type { Order } from './order.ts'
import type { Payment } from './payment.ts'
import { planCapture, planReturnOfRefused } from './plan-capture.ts'
import { planCycleParts, planPayout } from './plan-settlement.ts'
import { planOrderCollection, planTransfer, splitOf } from './plan-transfer.ts'
import type { Plan, Representable } from './plan.ts'

/** Movements on paper, section 5: what needs no refund by the marketplace and no dispute. */

const captured = (payment: Payment, amount: bigint): Payment => ({
  ...payment,
  status: 'captured',
  captured: amount,
  settled: { amount, currency: payment.currency },
})

function transferOf(order: Order, payment: Payment, representable: Representable = exact): Plan {
  return planTransfer(transferFacts({ order, payment }), representable)
}

function sentBy(plan: Plan | null): bigint {
  return plan?.decision.to === 'move' ? plan.decision.instruction.amount : 0n
}

describe('worked examples', () => {
  it('simple order: 100 with a commission of 10', () => {
    const order = orderWith({})
    const capture = planCapture(captureFacts({ orders: [order] }), exact)
    expect(decided(capture)).toBe('move 10000')
    const transfer = transferOf(order, captured(paymentOf(), sentBy(capture)))
    expect(decided(transfer)).toBe('move 9000')
    expect(sentBy(capture) - sentBy(transfer)).toBe(splitOf(order, null).commission)
    const payout = planPayout(settlementFacts({ balance: balanceOf(sentBy(transfer)) }), exact)
    expect(payout && decided(payout)).toBe('move 9000')
  })

  it('refund of 30 with 3 of the commission before the split: 63 and 7', () => {
    const order = orderWith({ refunds: [lineRefundOf()] })
    expect(decided(transferOf(order, captured(paymentOf(), 10_000n)))).toBe('move 6300')
    expect(splitOf(order, null).commission).toBe(700n)
  })

  it('commission above the share: nothing to the seller, the rest collected', () => {
    const order = orderWith({ total: 500n, commission: 800n })
    const payment = captured(paymentOf({ authorized: 500n }), 500n)
    expect(decided(transferOf(order, payment))).toBe('cancel amount_not_positive')
    const facts = transferFacts({ order, payment })
    const collection = planOrderCollection(facts, 300n, exact)
    expect(collection && decided(collection)).toBe('move 300')
    expect(500n + sentBy(collection)).toBe(splitOf(order, null).commission)
  })

  it('own goods of 50 in a basket of 150 stay with the operator', () => {
    const order = orderWith({})
    const capture = planCapture(
      captureFacts({ orders: [order], payment: paymentOf({ authorized: 15_000n }) }),
      exact,
    )
    const transfer = transferOf(order, captured(paymentOf(), sentBy(capture)))
    expect(sentBy(capture) - sentBy(transfer) - splitOf(order, null).commission).toBe(5_000n)
  })

  it('captured up front with a refused order: its part goes back, the other is split', () => {
    const kept = orderWith({})
    const refused = orderWith({ state: 'REFUSED' }, { id: 'C1-B', state: 'REFUSED' })
    const payment = captured(paymentOf({ authorized: 20_000n }), 20_000n)
    const facts = captureFacts({ payment, orders: [kept, refused] })
    expect(decided(planCapture(facts, exact))).toBe('cancel already_captured')
    expect(decided(planReturnOfRefused(facts, exact))).toBe('move 10000')
    expect(decided(transferOf(kept, payment))).toBe('move 9000')
    expect(decided(transferOf(refused, payment))).toBe('cancel order_refused')
  })

  it('KWD 3 x 1.234: 1.230 each, and the remainders as one credit of the cycle', () => {
    const order = orderWith({ total: 1_234n, commission: 0n }, { currency: 'KWD' })
    const payment = captured(paymentOf({ currency: 'KWD', authorized: 3_702n }), 3_700n)
    const transfers = [1, 2, 3].map(() => transferOf(order, payment, endsInZero))
    expect(transfers.map(sentBy)).toEqual([1_230n, 1_230n, 1_230n])
    const cycle = cycleOf({ currency: 'KWD', amount: 3_702n })
    const facts = settlementFacts({
      cycle,
      remainder: 3n * 4n,
      platform: balanceOf(10n, 0n, 'KWD'),
      balance: balanceOf(3_700n, 0n, 'KWD'),
    })
    const [credit] = planCycleParts(facts, endsInZero)
    expect(credit && decided(credit)).toBe('move 10')
    expect(sentBy(planPayout(facts, endsInZero))).toBe(3_690n + sentBy(credit ?? null))
  })

  it.each([
    ['JPY', 5_000n, 5_000n],
    ['EUR', 1_999n, 1_999n],
    ['KWD', 1_234n, 1_230n],
  ])('an order in %s of %s is captured and transferred as %s', (currency, owed, sent) => {
    const order = orderWith({ total: owed, commission: 0n }, { currency })
    const payment = paymentOf({ currency, authorized: owed })
    const capture = planCapture(captureFacts({ orders: [order], payment }), endsInZero)
    expect(sentBy(capture)).toBe(sent)
    expect(sentBy(transferOf(order, captured(payment, sent), endsInZero))).toBe(sent)
  })
})
