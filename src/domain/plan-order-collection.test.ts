import { describe, expect, it } from 'vitest'
import { decided, decidedWhileMending, type Fault } from '../../test/builders/mending.ts'
import { orderOf, orderWith } from '../../test/builders/order.ts'
import { exact, transferFacts } from '../../test/builders/plan-facts.ts'
import { accountOf, sellerOf } from '../../test/builders/seller.ts'
import { type TransferFacts, planOrderCollection, planTransfer } from './plan-transfer.ts'

/** A share of 5.00 with a commission of 8.00: the seller owes 3.00. */
const owing = transferFacts({ order: orderWith({ total: 500n, commission: 800n }) })

function collected(facts: TransferFacts, available: bigint | null): string {
  const plan = planOrderCollection(facts, available, exact)
  return plan === null ? 'none' : decided(plan)
}

describe('a commission above the share', () => {
  it('is collected from the seller, and nothing is transferred', () => {
    expect(decided(planTransfer(owing, exact))).toBe('cancel amount_not_positive')
    const plan = planOrderCollection(owing, 300n, exact)
    expect(plan).toMatchObject({
      kind: 'collection',
      source: { type: 'order', id: 'C1-A', part: 'commission', sequence: 1 },
      account: 'acct_1',
      decision: {
        to: 'move',
        amount: 300n,
        instruction: { do: 'collection', amount: 300n, account: 'acct_1', group: 'C1' },
      },
    })
  })

  it('waits for the balance of the seller', () => {
    expect(collected(owing, 299n)).toBe('hold seller_balance_short')
    expect(collected(owing, null)).toBe('hold seller_balance_short')
    expect(collected(owing, 300n)).toBe('move 300')
  })

  it('is nothing when the share bears it, to the unit', () => {
    const even = transferFacts({ order: orderWith({ total: 800n, commission: 800n }) })
    expect(collected(even, 1_000n)).toBe('none')
    expect(collected(transferFacts(), 1_000n)).toBe('none')
  })

  it.each(['REFUSED', 'CANCELED', 'ORDER_REFUSED'])('is nothing of an order that is %s', state => {
    const order = orderOf({ ...owing.order, state })
    expect(collected({ ...owing, order }, 1_000n)).toBe('none')
  })

  it('waits for what the transfer would have waited for, in the same order', () => {
    const faults: Fault<TransferFacts & { available: bigint }>[] = [
      ['no_start_date', facts => ({ ...facts, barred: 'no_start_date' })],
      ['already_moved', facts => ({ ...facts, movedBefore: true })],
      ['paid_elsewhere', facts => ({ ...facts, order: { ...facts.order, payOutPspCode: 'X' } })],
      ['set_aside', facts => ({ ...facts, unreadable: { field: 'f', problem: 'p' } })],
      ['seller_ignored', facts => ({ ...facts, seller: sellerOf({ ignored: true }) })],
      ['seller_not_onboarded', facts => ({ ...facts, account: null })],
      ['seller_restricted', facts => ({ ...facts, account: accountOf({ standing: 'lost' }) })],
      ['order_not_debited', facts => ({ ...facts, order: { ...facts.order, debitedAt: null } })],
      ['payment_unknown', facts => ({ ...facts, payment: null })],
      ['amount_differs', facts => ({ ...facts, debited: 1n })],
      ['paused', facts => ({ ...facts, paused: true })],
      ['seller_balance_short', facts => ({ ...facts, available: 0n })],
    ]
    const given = decidedWhileMending({ ...owing, available: 300n }, faults, facts =>
      collected(facts, facts.available),
    )
    expect(given.map(text => text.replace(/^(hold|cancel) /, ''))).toEqual([
      ...faults.map(([reason]) => reason),
      'move 300',
    ])
  })
})
