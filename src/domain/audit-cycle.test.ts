import { describe, expect, it } from 'vitest'
import { cycleOf } from '../../test/builders/cycle.ts'
import { storedFrom } from '../../test/builders/movement.ts'
import { exact, settlementFacts } from '../../test/builders/plan-facts.ts'
import { type CycleAudit, auditCycle } from './audit-cycle.ts'
import type { Rounding } from './audit-moved.ts'
import { planPayout } from './plan-settlement.ts'

const round: Rounding = amount => amount
const plan = planPayout(settlementFacts(), exact)
const payout = storedFrom({ plan, to: 'succeeded', reason: null, amount: 9_000n })
const left = { ...payout, status: 'canceled', reason: 'already_paid' } as const
const paid = cycleOf({ payState: 'paid' })

function verdictOf(change: Partial<CycleAudit>) {
  const audit = {
    cycle: cycleOf(),
    open: false,
    cut: 0n,
    payouts: [payout],
    returned: new Set<string>(),
    ourPspCodes: [],
    barred: null,
    ...change,
  }
  return auditCycle(audit, round).verdict
}

describe('what a cycle should have paid out', () => {
  it.each([
    ['its amount', {}, 'agrees'],
    ['less debts and disputes', { cut: 500n }, 'amount_differs'],
    ['less debts that took all', { cut: 9_000n, payouts: [] }, 'agrees'],
    ['nothing where the seller owes', { cycle: cycleOf({ amount: -1n }), payouts: [] }, 'agrees'],
    ['still to come', { payouts: [], open: true }, 'waits'],
    ['of a draft', { payouts: [], cycle: cycleOf({ final: false }) }, 'waits'],
    ['accepted', { payouts: [{ ...payout, status: 'accepted' as const }] }, 'agrees'],
    ['lost', { payouts: [] }, 'not_moved'],
    ['twice', { payouts: [payout, { ...payout, id: 'mv_2' }] }, 'moved_twice'],
    ['came back', { returned: new Set(['mv_1']) }, 'taken_back'],
    ['by somebody else', { cycle: paid, payouts: [] }, 'agrees'],
    ['by somebody else, seen late', { cycle: paid, payouts: [left] }, 'agrees'],
    ['both by us and elsewhere', { cycle: cycleOf({ payOutPspCode: 'X' }) }, 'moved_though_ended'],
    ['before our time', { payouts: [], barred: 'before_start_date' as const }, 'agrees'],
  ] as const)('%s', (_, change, verdict) => {
    expect(verdictOf(change)).toBe(verdict)
  })
})
