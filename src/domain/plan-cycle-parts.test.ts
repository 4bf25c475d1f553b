import { describe, expect, it } from 'vitest'
import { balanceOf, cycleOf } from '../../test/builders/cycle.ts'
import { decided, decidedWhileMending, type Fault } from '../../test/builders/mending.ts'
import { endsInZero, exact, settlementFacts } from '../../test/builders/plan-facts.ts'
import { accountOf } from '../../test/builders/seller.ts'
import {
  type CyclePart,
  type SettlementFacts,
  cycleParts,
  planCycleParts,
} from './plan-settlement.ts'
import { reasons } from './reasons.ts'

const all = cycleOf({ otherCredits: 500n, otherInvoices: 300n, subscription: 2_000n })

function parts(change: Partial<SettlementFacts>, representable = exact): Record<string, string> {
  const plans = planCycleParts(settlementFacts(change), representable)
  return Object.fromEntries(plans.map(plan => [plan.source.part, decided(plan)]))
}

describe('parts of a cycle', () => {
  it('are moved in their order: what the seller gets first, what it owes last', () => {
    const plans = planCycleParts(settlementFacts({ cycle: all, remainder: 12n }), exact)
    expect(plans.map(plan => plan.source.part)).toEqual([...cycleParts])
    expect(plans.map(plan => plan.kind)).toEqual(['credit', 'credit', 'collection', 'collection'])
    expect(plans.map(decided)).toEqual(['move 500', 'move 12', 'move 300', 'move 2000'])
  })

  it('ask the provider in the name of who pays', () => {
    const [credit, collection] = planCycleParts(
      settlementFacts({ cycle: cycleOf({ otherCredits: 500n, subscription: 300n }) }),
      exact,
    )
    expect(credit?.decision).toMatchObject({
      instruction: {
        do: 'transfer',
        amount: 500n,
        destination: 'acct_1',
        sourceCharge: null,
        group: '7001',
      },
    })
    expect(collection?.decision).toMatchObject({
      instruction: { do: 'collection', amount: 300n, account: 'acct_1', group: '7001' },
    })
  })

  it('defect 20: a part of 0 writes nothing', () => {
    expect(parts({})).toEqual({})
    expect(parts({ cycle: cycleOf({ subscription: 1n }) })).toEqual({ subscription: 'move 1' })
  })

  it.each(['credits', 'remainder', 'invoices', 'subscription'] satisfies CyclePart[])(
    'gives up %s that was held while the cycle was a draft, and is 0 now',
    part => {
      expect(parts({ partsDone: { [part]: false } })).toEqual({ [part]: 'nothing' })
      expect(parts({ partsDone: { [part]: true } })).toEqual({})
    },
  )
})

describe('the remainder of a currency with three decimals', () => {
  it.each([
    [12n, { remainder: 'move 10' }],
    [10n, { remainder: 'move 10' }],
    [9n, {}],
    [0n, {}],
    [-4n, {}],
  ])('of %s is credited as far as it can be expressed', (remainder, expected) => {
    const cycle = cycleOf({ currency: 'KWD' })
    const platform = balanceOf(100n, 0n, 'KWD')
    expect(parts({ cycle, remainder, platform, balance: platform }, endsInZero)).toEqual(expected)
  })
})

describe('reasons of a part', () => {
  const ofCycle = (change: Parameters<typeof cycleOf>[0]) => (facts: SettlementFacts) => ({
    ...facts,
    cycle: { ...facts.cycle, ...change },
  })
  const withFacts = (change: Partial<SettlementFacts>) => (facts: SettlementFacts) => ({
    ...facts,
    ...change,
  })
  const sales = { sums: {}, unfinished: {}, exceeding: {}, unexplained: 0n }
  const common: Fault<SettlementFacts>[] = [
    ['before_start_date', withFacts({ barred: 'before_start_date' })],
    ['already_paid', ofCycle({ payState: 'paid' })],
    ['paid_elsewhere', ofCycle({ payOutPspCode: 'HIPAY' })],
    ['cycle_not_final', ofCycle({ final: false })],
    ['seller_not_onboarded', withFacts({ account: null })],
    ['seller_restricted', withFacts({ account: accountOf({ transfersActive: false }) })],
    ['contents_unknown', withFacts({ sales: 'unread' })],
    ['waits_for_movements', withFacts({ sales: { ...sales, unfinished: { mv_1: 'pending' } } })],
    ['currency_differs', withFacts({ sales: { ...sales, sums: { USD: 900n } } })],
  ]
  const short: Record<string, Fault<SettlementFacts>> = {
    otherCredits: ['platform_balance_short', withFacts({ platform: balanceOf(499n, 500n) })],
    subscription: ['seller_balance_short', withFacts({ balance: balanceOf(499n, 500n) })],
    otherInvoices: ['seller_balance_short', withFacts({ balance: null })],
  }

  it.each(['otherCredits', 'subscription', 'otherInvoices'] as const)('of %s', field => {
    const faults = [
      ...common,
      short[field] ?? [],
      ['paused', withFacts({ paused: true })],
    ] as Fault<SettlementFacts>[]
    const sound = settlementFacts({ cycle: cycleOf({ [field]: 500n }) })
    const decide = (facts: SettlementFacts) => planCycleParts(facts, exact).map(decided).join()
    const expected = faults.map(([code]) => `${reasons[code].final ? 'cancel' : 'hold'} ${code}`)
    expect(decidedWhileMending(sound, faults, decide)).toEqual([...expected, 'move 500'])
    for (const [index, [, make]] of faults.entries()) {
      expect(decide(make(sound))).toBe(expected[index])
    }
  })

  it('restricts accounts that the provider rejected or lost', () => {
    const cycle = cycleOf({ subscription: 1n })
    for (const standing of ['rejected', 'lost'] as const) {
      const account = accountOf({ standing })
      expect(parts({ cycle, account })).toEqual({ subscription: 'hold seller_restricted' })
    }
  })
})
