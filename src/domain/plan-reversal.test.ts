import { describe, expect, it } from 'vitest'
import { decided, decidedWhileMending, type Fault } from '../../test/builders/mending.ts'
import { endsInZero, exact } from '../../test/builders/plan-facts.ts'
import { refundOf, restitutionFacts, reversalFacts } from '../../test/builders/refund.ts'
import { accountOf } from '../../test/builders/seller.ts'
import {
  planRestitution,
  planReversal,
  type RestitutionFacts,
  type ReversalFacts,
} from './plan-reversal.ts'
import { reasons, type ReasonCode } from './reasons.ts'

const said = (reason: ReasonCode) => `${reasons[reason].final ? 'cancel' : 'hold'} ${reason}`
const decide = (facts: ReversalFacts) => decided(planReversal(facts, exact))

describe('a reversal', () => {
  const withFacts = (change: Partial<ReversalFacts>) => (facts: ReversalFacts) => ({
    ...facts,
    ...change,
  })
  const ofTransfer = (change: Partial<ReversalFacts['transfer']>) => (facts: ReversalFacts) => ({
    ...facts,
    transfer: { ...facts.transfer, ...change },
  })

  /** Movements on paper, section 4, `reversal`, in its order. */
  const faults: Fault<ReversalFacts>[] = [
    ['refund_refused', withFacts({ standing: 'refused' })],
    ['transfer_net_of_refund', withFacts({ netted: true })],
    ['transfer_spent', ofTransfer({ left: 0n, leftOrdered: 0n })],
    ['waits_for_refund', withFacts({ standing: 'asked' })],
    ['waits_for_transfer', ofTransfer({ status: 'submitted' })],
    ['seller_balance_short', withFacts({ balance: { available: 2_699n, pending: 0n } })],
    ['paused', withFacts({ paused: true })],
  ]

  it('says the first thing that stops it, in the order on paper', () => {
    const expected = faults.map(([reason]) => said(reason))
    expect(decidedWhileMending(reversalFacts(), faults, decide)).toEqual([...expected, 'move 2700'])
  })

  it('takes the refund less its commission from the transfer of the order', () => {
    const plan = planReversal(reversalFacts(), exact)
    expect(plan).toMatchObject({
      kind: 'reversal',
      source: { type: 'refund', id: 'R1', part: '', sequence: 1 },
      account: 'acct_1',
      decision: { amount: 2_700n, instruction: { do: 'reversal', transferId: 'tr_1' } },
      facts: { share: '3000', commission: '300', tax: '0' },
    })
  })

  it('waits while the order has not said how much commission goes back', () => {
    expect(decide(reversalFacts({ owed: null }))).toBe(said('amount_unreadable'))
  })

  it('is nothing when the seller owes nothing', () => {
    expect(decide(reversalFacts({ owed: 0n }))).toBe('nothing')
  })

  it.each(['on_hold', 'failed', 'canceled'] as const)(
    'is nothing while the transfer is %s: it is made net of the refund, or never',
    status => {
      const { transfer } = reversalFacts()
      expect(decide(reversalFacts({ transfer: { ...transfer, status } }))).toBe('nothing')
    },
  )

  it('takes no more than is left of the transfer', () => {
    const { transfer } = reversalFacts()
    expect(
      decide(reversalFacts({ transfer: { ...transfer, left: 1_000n, leftOrdered: 1_000n } })),
    ).toBe('move 1000')
  })

  it.each([
    ['pending money counts', 0n, 2_700n, false, 'move 2700'],
    ['until the provider has refused once', 0n, 2_700n, true, said('seller_balance_short')],
    ['available money always counts', 2_700n, 0n, true, 'move 2700'],
    ['both together', 1_700n, 1_000n, false, 'move 2700'],
    ['a debt of pending money', 2_000n, -500n, false, said('seller_balance_short')],
  ])('balance: %s', (_, available, pending, refusedShort, expected) => {
    expect(decide(reversalFacts({ balance: { available, pending }, refusedShort }))).toBe(expected)
  })

  it('is rounded down to what the provider can express', () => {
    const refund = refundOf({ currency: 'KWD' })
    const plan = planReversal(
      reversalFacts({
        refund,
        owed: 551n,
        transfer: { ...reversalFacts().transfer, currency: 'KWD' },
      }),
      endsInZero,
    )
    expect(plan.decision).toMatchObject({ amount: 551n, instruction: { amount: 550n } })
  })
})

describe('a restitution', () => {
  const withFacts = (change: Partial<RestitutionFacts>) => (facts: RestitutionFacts) => ({
    ...facts,
    ...change,
  })
  const faults: Fault<RestitutionFacts>[] = [
    ['seller_unknown', withFacts({ account: null })],
    ['seller_restricted', withFacts({ account: accountOf({ transfersActive: false }) })],
    ['platform_balance_short', withFacts({ platform: 2_699n })],
    ['paused', withFacts({ paused: true })],
  ]
  const give = (facts: RestitutionFacts) => decided(planRestitution(facts, exact))

  it('says the first thing that stops it', () => {
    const expected = faults.map(([reason]) => said(reason))
    expect(decidedWhileMending(restitutionFacts(), faults, give)).toEqual([
      ...expected,
      'move 2700',
    ])
  })

  it('gives back what was taken, from the platform’s own balance', () => {
    expect(planRestitution(restitutionFacts(), exact).decision).toMatchObject({
      amount: 2_700n,
      instruction: { do: 'transfer', destination: 'acct_1', sourceCharge: null, group: 'C1' },
    })
  })

  it.each(['open', 'asked', 'stands'] as const)('is nothing while the refund is %s', standing => {
    expect(give(restitutionFacts({ standing }))).toBe('nothing')
  })

  it('is nothing when nothing was taken', () => {
    expect(give(restitutionFacts({ taken: { amount: 0n, currency: 'EUR', original: null } }))).toBe(
      'nothing',
    )
  })
})
