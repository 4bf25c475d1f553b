import { describe, expect, it } from 'vitest'
import { decided } from '../../test/builders/mending.ts'
import { lineRefundOf, orderWith } from '../../test/builders/order.ts'
import { paymentOf } from '../../test/builders/payment.ts'
import { captureFacts, exact, transferFacts } from '../../test/builders/plan-facts.ts'
import { refundOf, reversalFacts } from '../../test/builders/refund.ts'
import { nettedRefunds, refundOnOrder, shareOut, withStandingRefunds } from './order-refunds.ts'
import type { Order } from './order.ts'
import { planCapture, planReturnOfRefused } from './plan-capture.ts'
import { planReversal } from './plan-reversal.ts'
import { planTransfer, splitOf } from './plan-transfer.ts'
import { owedBySeller } from './refund.ts'

const waiting = orderWith({ refunds: [lineRefundOf({ paid: false })] })
const paid = orderWith({ refunds: [lineRefundOf()] })
const standing = { ...refundOf(), stands: true }
const refused = { ...refundOf(), stands: false }

describe('an order with its refunds as they stand at the provider', () => {
  it.each([
    ['under way, and not told yet', waiting, [standing], 6_300n, ['R1']],
    ['refused, and not told yet', waiting, [refused], 9_000n, []],
    ['told as paid', paid, [], 6_300n, ['R1']],
    ['told as paid, and taken back since', paid, [refused], 9_000n, []],
    ['under way, and not on the stored order', orderWith({}), [standing], 6_300n, ['R1']],
    ['refused, and not on the stored order', orderWith({}), [refused], 9_000n, []],
    ['of another order', paid, [{ ...refused, id: 'R9' }], 6_300n, ['R1']],
  ] as const)('%s', (_, order: Order, known, toSeller, netted) => {
    const seen = withStandingRefunds(order, known)
    expect(splitOf(seen, null).toSeller).toBe(toSeller)
    expect(nettedRefunds(seen)).toEqual(netted)
    const plan = planTransfer(transferFacts({ order: seen }), exact)
    expect(plan.facts['netted'] ?? []).toEqual(netted)
  })

  it('tells what a refund takes off its share, taxes included', () => {
    const taxed = lineRefundOf({ shipping: 200n, taxes: 640n })
    const excluded = orderWith({ refunds: [taxed] }, { taxMode: 'excluded' })
    expect(refundOnOrder(excluded, 'R1')).toEqual({ share: 3_840n, commission: 300n })
    const included = orderWith({ refunds: [taxed] })
    expect(refundOnOrder(included, 'R1')).toEqual({ share: 3_200n, commission: 300n })
    expect(refundOnOrder(included, 'R2')).toBeNull()
  })
})

describe('what a seller owes for a refund', () => {
  it.each([
    [{ share: 3_000n, commission: 300n, tax: 0n }, 2_700n],
    [{ share: 3_000n, commission: 300n, tax: 500n }, 2_200n],
    [{ share: 100n, commission: 300n, tax: 0n }, 0n],
    [{ share: null, commission: null, tax: 0n }, null],
  ])('%o: %s', (refund, owed) => {
    expect(owedBySeller(refund)).toBe(owed)
  })

  it.each([
    [[9_000n], [2_700n]],
    [[1_000n], [2_700n]],
    [
      [2_000n, 900n],
      [2_000n, 700n],
    ],
    [
      [9_000n, 900n],
      [2_700n, 0n],
    ],
    [
      [-5n, 900n],
      [0n, 2_700n],
    ],
    [[], []],
  ])('is shared out over what is left of its transfers: %o -> %o', (lefts, shares) => {
    expect(shareOut(refundOf(), lefts)).toEqual(shares)
  })

  it('is unknown for each of them as long as it is unknown', () => {
    expect(shareOut(refundOf({ share: null }), [1n, 2n])).toEqual([null, null])
  })
})

describe('worked example: refund of 30 with 3 of the commission', () => {
  it('before the capture: 70 captured, 63 transferred, 7 kept', () => {
    const facts = captureFacts({ orders: [waiting], askedBack: 3_000n, askedBackFor: ['R1'] })
    const capture = planCapture(facts, exact)
    expect(decided(capture)).toBe('move 7000')
    expect(capture.facts['askedBack']).toEqual(['R1'])
    const payment = paymentOf({ status: 'captured', captured: 7_000n })
    const order = withStandingRefunds(waiting, [standing])
    expect(decided(planTransfer(transferFacts({ order, payment }), exact))).toBe('move 6300')
    // What the capture left out is not asked back a second time as a refund.
    expect(decided(planReturnOfRefused({ ...facts, payment }, exact))).toBe('nothing')
  })

  it('of all before the capture: nothing is captured', () => {
    const facts = captureFacts({ orders: [waiting], askedBack: 10_000n, askedBackFor: ['R1'] })
    expect(planCapture(facts, exact)).toMatchObject({ kind: 'void', decision: { to: 'move' } })
  })

  it('before the split: 63 transferred, 7 kept, nothing taken back', () => {
    const order = withStandingRefunds(waiting, [standing])
    expect(decided(planTransfer(transferFacts({ order }), exact))).toBe('move 6300')
    expect(splitOf(order, null).commission).toBe(700n)
    expect(decided(planReversal(reversalFacts({ netted: true }), exact))).toBe(
      'cancel transfer_net_of_refund',
    )
  })

  it('after the split: 90 transferred, 27 taken back, 7 kept', () => {
    expect(decided(planTransfer(transferFacts({ order: waiting }), exact))).toBe('move 9000')
    expect(decided(planReversal(reversalFacts(), exact))).toBe('move 2700')
    expect(10_000n - 3_000n - (9_000n - 2_700n)).toBe(700n)
  })

  it('after the payout: held until the next sales, never a debt', () => {
    const short = reversalFacts({ balance: { available: 0n, pending: 0n } })
    expect(decided(planReversal(short, exact))).toBe('hold seller_balance_short')
    const recovered = reversalFacts({ balance: { available: 4_500n, pending: 0n } })
    expect(decided(planReversal(recovered, exact))).toBe('move 2700')
  })

  it('a line refused after the capture goes back although the capture left a refund out', () => {
    const refusedLine = orderWith({ state: 'REFUSED', total: 2_000n, commission: 0n })
    const kept = orderWith({ total: 8_000n }, { id: 'C1-B' })
    const payment = paymentOf({ status: 'captured', captured: 7_000n })
    const orders = [{ ...refusedLine, state: 'REFUSED' }, kept]
    const facts = captureFacts({ orders, payment, askedBack: 3_000n, askedBackFor: ['R1'] })
    expect(decided(planReturnOfRefused(facts, exact))).toBe('move 2000')
  })
})
