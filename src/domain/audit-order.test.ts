import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineRefundOf, orderOf, orderWith } from '../../test/builders/order.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { exact, transferFacts } from '../../test/builders/plan-facts.ts'
import { refundOf } from '../../test/builders/refund.ts'
import { storedFrom } from '../../test/builders/movement.ts'
import { auditOrder, auditRefund, type OrderAudit } from './audit-order.ts'
import type { Movement } from './movement.ts'
import { planTransfer, type TransferFacts } from './plan-transfer.ts'
import type { Rounding } from './audit-moved.ts'

const round: Rounding = amount => amount

/** The order's transfer as it was planned, done. */
function transferOf(facts: TransferFacts, change: Partial<Movement> = {}): Movement {
  const plan = planTransfer(facts, exact)
  const amount = plan.decision.to === 'nothing' ? null : plan.decision.amount
  const stored = storedFrom({ plan, to: 'succeeded', reason: null, amount })
  return { ...stored, ...change }
}

function auditOf(facts: TransferFacts, change: Partial<OrderAudit> = {}): OrderAudit {
  const own = { facts, isUndecided: false, refunds: [], returned: new Set<string>() }
  return { ...own, movements: [transferOf(facts)], ...change }
}

const facts = transferFacts()
const refunded = transferFacts({ order: orderWith({ refunds: [lineRefundOf()] }) })
const given = { refund: refundOf(), open: false, told: 'paid' as const }

describe('what an order should have moved', () => {
  it('is what its plan moves, whatever its amounts are', () => {
    const amounts = fc.tuple(fc.bigInt(1n, 10n ** 9n), fc.bigInt(0n, 10n ** 9n))
    fc.assert(
      fc.property(amounts, ([total, commission]) => {
        fc.pre(commission < total)
        const sold = transferFacts({ order: orderWith({ total, commission }) })
        const right = auditOrder(auditOf(sold), 'seller', round)
        expect(right).toEqual({
          should: total - commission,
          did: total - commission,
          verdict: 'agrees',
        })
        const off = transferOf(sold, { sentAmount: total - commission + 1n })
        const wrong = auditOrder(auditOf(sold, { movements: [off] }), 'seller', round)
        expect(wrong.verdict).toBe('amount_differs')
      }),
    )
  })

  const waiting = transferOf(facts, { status: 'on_hold', reason: 'seller_not_onboarded' })
  const unsent = { status: 'canceled', reason: 'canceled_by_operator' } as const
  it.each([
    ['undecided', { isUndecided: true, movements: [] }, 'waits'],
    ['on hold', { movements: [waiting] }, 'waits'],
    ['without an answer', { movements: [transferOf(facts, { status: 'submitted' })] }, 'waits'],
    ['given up', { movements: [transferOf(facts, unsent)] }, 'canceled_by_operator'],
    ['without any movement', { movements: [] }, 'not_moved'],
    ['twice', { movements: [transferOf(facts), transferOf(facts, { id: 'mv_2' })] }, 'moved_twice'],
  ] as const)('%s', (_, change, verdict) => {
    expect(auditOrder(auditOf(facts, change), 'seller', round).verdict).toBe(verdict)
  })

  it.each([
    ['refused', { order: orderOf({ state: 'REFUSED' }) }],
    ['canceled', { order: orderOf({ state: 'CANCELED' }) }],
    ['never paid', { payment: paymentOf({ status: 'failed' }) }],
    ['paid out by somebody else', { order: orderOf({ payOutPspCode: 'OTHER' }) }],
  ] as const)('nothing of an order that was %s', (_, change) => {
    const over = transferFacts(change)
    const unmoved = auditOrder(auditOf(over, { movements: [] }), 'seller', round)
    expect(unmoved.verdict).toBe('agrees')
    const moved = auditOrder(auditOf(over, { movements: [transferOf(facts)] }), 'seller', round)
    expect(moved).toEqual({ should: 0n, did: 9_000n, verdict: 'moved_though_ended' })
  })

  it('less a refund, which waits while its other half is open', () => {
    const late = { movements: [transferOf(facts)] }
    const open = { ...late, refunds: [{ ...given, open: true }] }
    expect(auditOrder(auditOf(refunded, open), 'seller', round)).toEqual({
      should: 6_300n,
      did: 9_000n,
      verdict: 'waits',
    })
    const closed = { ...late, refunds: [given] }
    expect(auditOrder(auditOf(refunded, closed), 'seller', round).verdict).toBe(
      'refund_not_taken_back',
    )
    // More than the refund explains is a difference, however open it is.
    const more = { ...open, movements: [transferOf(facts, { sentAmount: 9_001n })] }
    expect(auditOrder(auditOf(refunded, more), 'seller', round).verdict).not.toBe('waits')
  })

  it('counts what only the rounding of the provider kept back as moved', () => {
    const kept = transferOf(facts, { amount: 9_004n, sentAmount: 9_000n })
    const order = orderWith({ total: 10_004n })
    const sold = transferFacts({ order })
    const tens: Rounding = (amount, _, direction) =>
      amount - (amount % 10n) + (direction === 'up' && amount % 10n > 0n ? 10n : 0n)
    const movements = [kept]
    expect(auditOrder(auditOf(sold, { movements }), 'seller', tens).verdict).toBe('agrees')
    expect(auditOrder(auditOf(sold, { movements }), 'seller', round).verdict).not.toBe('agrees')
  })
})

describe('what a refund should have moved', () => {
  const made = transferOf(facts, {
    id: 'mv_r',
    kind: 'refund',
    source: { type: 'refund', id: 'R1', part: '', sequence: 1 },
    amount: 3_000n,
    sentAmount: 3_000n,
  })
  it.each([
    ['done', [made], given, 'agrees'],
    ['told as refused', [], { ...given, told: 'refused' as const }, 'agrees'],
    ['captured less', [], { ...given, refund: refundOf({ releasedBy: 'pi_1' }) }, 'agrees'],
    [
      'captured less after it had waited',
      [{ ...made, status: 'canceled', reason: 'amount_not_positive', sentAmount: null }],
      { ...given, refund: refundOf({ releasedBy: 'pi_1' }) },
      'agrees',
    ],
    ['open', [], { ...given, open: true, told: null }, 'waits'],
    ['without any movement', [], given, 'not_moved'],
    [
      'of another amount',
      [{ ...made, amount: 2_000n, sentAmount: 2_000n }],
      given,
      'amount_differs',
    ],
    ['twice', [made, { ...made, id: 'mv_s' }], given, 'moved_twice'],
  ] as const)('%s', (_, movements, each, verdict) => {
    expect(auditRefund(each, auditOf(facts, { movements }), round).verdict).toBe(verdict)
  })

  it('nothing, once the provider took it back', () => {
    const returned = new Set(['mv_r'])
    const audit = auditOf(facts, { movements: [made], returned })
    expect(auditRefund(given, audit, round)).toEqual({
      should: 3_000n,
      did: 0n,
      verdict: 'taken_back',
    })
  })
})
