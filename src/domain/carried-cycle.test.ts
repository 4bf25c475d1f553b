import { expect, it } from 'vitest'
import { cycleOf } from '../../test/builders/cycle.ts'
import { exact, settlementFacts } from '../../test/builders/plan-facts.ts'
import { collectedOf, debtOfCycle } from './carried-cycle.ts'
import { type SettlementFacts, planPayout } from './plan-settlement.ts'

/** A cycle that owes 20 of a subscription of 30: its own sales bear 10. */
const owes = (change: Partial<SettlementFacts> = {}, cycle: Parameters<typeof cycleOf>[0] = {}) =>
  settlementFacts({
    cycle: cycleOf({ amount: -20n, subscription: 30n, ...cycle }),
    negativeCycles: 'tributary',
    ...change,
  })

it.each<[string, SettlementFacts, object, object | null]>([
  [
    'collections are cut to what the sales bear',
    owes(),
    { invoices: 0n, subscription: 10n },
    { original: 20n, collectable: 20n },
  ],
  [
    'manual invoices are collected first',
    owes({}, { otherInvoices: 8n, subscription: 22n }),
    { invoices: 8n, subscription: 2n },
    { original: 20n, collectable: 20n },
  ],
  [
    'what was asked already stays, and the rest is refunds',
    owes({ partsStanding: { subscription: 30n } }),
    { invoices: 0n, subscription: 30n },
    { original: 20n, collectable: 0n },
  ],
  [
    'refunds beyond the collections are taken by their reversals',
    owes({}, { amount: -90n }),
    { invoices: 0n, subscription: 0n },
    { original: 90n, collectable: 30n },
  ],
  [
    'once written it stays as it is',
    owes({ cycleDebt: { collectable: 20n }, partsStanding: { subscription: 10n } }),
    { invoices: 0n, subscription: 10n },
    null,
  ],
  ['a draft is none', owes({}, { final: false }), { invoices: 0n, subscription: 30n }, null],
  ['paused: none', owes({ paused: true }), { invoices: 0n, subscription: 30n }, null],
  [
    'carried by the marketplace: none',
    owes({ negativeCycles: 'marketplace' }),
    { invoices: 0n, subscription: 30n },
    null,
  ],
])('%s', (_, facts, collected, debt) => {
  expect(collectedOf(facts)).toEqual(collected)
  const written = debtOfCycle(facts)
  if (debt === null) expect(written).toBeNull()
  else expect(written).toMatchObject(debt)
})

it('the payout of a carried cycle is given up for its debt', () => {
  expect(planPayout(owes(), exact).decision).toMatchObject({
    to: 'cancel',
    reason: 'became_debt',
  })
})
