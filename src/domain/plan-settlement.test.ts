import { describe, expect, it } from 'vitest'
import { balanceOf, cycleOf } from '../../test/builders/cycle.ts'
import { decided, decidedWhileMending, type Fault } from '../../test/builders/mending.ts'
import { endsInZero, exact, settlementFacts } from '../../test/builders/plan-facts.ts'
import { accountOf, sellerOf } from '../../test/builders/seller.ts'
import { type SettlementFacts, planPayout } from './plan-settlement.ts'
import { reasons } from './reasons.ts'

const withFacts = (change: Partial<SettlementFacts>) => (facts: SettlementFacts) => ({
  ...facts,
  ...change,
})
const ofCycle = (change: Parameters<typeof cycleOf>[0]) => (facts: SettlementFacts) => ({
  ...facts,
  cycle: { ...facts.cycle, ...change },
})

/** Movements on paper, section 4, `payout`, in its order; a negative cycle asks an operator first. */
const faults: Fault<SettlementFacts>[] = [
  ['no_start_date', withFacts({ barred: 'no_start_date' })],
  ['already_paid', ofCycle({ payState: 'paid' })],
  ['paid_elsewhere', ofCycle({ payOutPspCode: 'HIPAY' })],
  ['contents_unknown', withFacts({ sales: 'unread' })],
  ['negative_cycle', ofCycle({ amount: -2_000n })],
  ['amount_not_positive', ofCycle({ amount: 9n, currency: 'KWD' })],
  ['cycle_not_final', ofCycle({ final: false, amount: 9_000n, currency: 'EUR' })],
  ['seller_unknown', withFacts({ seller: null })],
  ['payouts_disabled', withFacts({ account: accountOf({ payoutsEnabled: false }) })],
  ['payment_blocked', withFacts({ seller: sellerOf({ paymentBlocked: true }) })],
  ['waits_for_movements', withFacts({ unfinished: { mv_1: 'submitted' } })],
  ['balance_pending', withFacts({ balance: balanceOf(8_999n, 1n) })],
  ['balance_short', withFacts({ balance: balanceOf(8_998n, 1n) })],
  ['needs_approval', withFacts({ needsApproval: true })],
  ['bank_refused', withFacts({ bankRefused: true })],
  ['paused', withFacts({ paused: true })],
]

function paid(facts: SettlementFacts): string {
  return decided(planPayout(facts, endsInZero))
}

describe('reasons of a payout', () => {
  it.each(faults)('%s, when nothing else is wrong', (reason, make) => {
    const to = reasons[reason].final ? 'cancel' : 'hold'
    expect(paid(make(settlementFacts()))).toBe(`${to} ${reason}`)
  })

  it('come in their order while everything is mended one by one', () => {
    const expected = faults.map(([code]) => `${reasons[code].final ? 'cancel' : 'hold'} ${code}`)
    const given = decidedWhileMending(settlementFacts(), faults, paid)
    expect(given).toEqual([...expected, 'move 9000'])
  })
})

describe('a payout', () => {
  it('is what the marketplace transfers, from the account of the seller', () => {
    expect(planPayout(settlementFacts({ payoutSequence: 2 }), exact)).toMatchObject({
      kind: 'payout',
      source: { type: 'cycle', id: '7001', part: '', sequence: 2 },
      parties: { sellerId: '2001', cycleId: '7001', orderId: null },
      account: 'acct_1',
      decision: {
        amount: 9_000n,
        instruction: { do: 'payout', amount: 9_000n, account: 'acct_1', currency: 'EUR' },
      },
    })
  })

  it.each<[string, Partial<SettlementFacts>, string]>([
    ['a cycle of nothing writes nothing', { cycle: cycleOf({ amount: 0n }) }, 'nothing'],
    [
      'a negative cycle that the marketplace carries itself',
      { cycle: cycleOf({ amount: -5n }), negativeCycles: 'marketplace' },
      'cancel amount_not_positive',
    ],
    [
      'a negative cycle is shown, not lost, whatever its seller lacks',
      { cycle: cycleOf({ amount: -1n }), seller: null, account: null },
      'hold negative_cycle',
    ],
    ['a cycle that failed before is paid', { cycle: cycleOf({ payState: 'failed' }) }, 'move 9000'],
    [
      'a cycle under a name of ours is paid',
      { cycle: cycleOf({ payOutPspCode: 'STRIPE_FR' }), ourPspCodes: ['STRIPE_FR'] },
      'move 9000',
    ],
    ['no account', { account: null }, 'hold seller_not_onboarded'],
    ['exactly enough', { balance: balanceOf(9_000n) }, 'move 9000'],
    ['the balance is not known', { balance: null }, 'hold balance_short'],
    [
      'money in another currency',
      { balance: balanceOf(9_000n, 9_000n, 'GBP') },
      'hold balance_short',
    ],
    [
      'a seller who may not receive may be paid out',
      { account: accountOf({ transfersActive: false }) },
      'move 9000',
    ],
  ])('%s', (_name, change, expected) => {
    expect(paid(settlementFacts(change))).toBe(expected)
  })

  it('asks for what the provider can express and the balance must bear no more', () => {
    const facts = settlementFacts({
      cycle: cycleOf({ amount: 3_702n, currency: 'KWD' }),
      balance: balanceOf(3_700n, 0n, 'KWD'),
    })
    expect(planPayout(facts, endsInZero).decision).toMatchObject({
      amount: 3_702n,
      instruction: { amount: 3_700n },
    })
  })

  it('shows the figures and the movements that it waits for', () => {
    const short = planPayout(settlementFacts({ balance: balanceOf(5n, 4n) }), exact)
    expect(short?.facts).toEqual({ available: '5', pending: '4', owed: '9000' })
    const waiting = planPayout(settlementFacts({ unfinished: { mv_1: 'failed' } }), exact)
    expect(waiting?.facts).toEqual({ movements: { mv_1: 'failed' } })
  })
})
