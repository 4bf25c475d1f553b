import { isDeepStrictEqual } from 'node:util'
import type { Queries } from '../database/connection.ts'
import type { NewDebt } from '../domain/debt.ts'
import type { Plan } from '../domain/plan.ts'
import type { Cut } from '../domain/set-off.ts'
import type { SettlementFacts } from '../domain/plan-settlement.ts'
import { appendDebtEntry, insertDebt } from '../store/debts.ts'
import type { Written } from '../store/movement-plans.ts'
import { movementsOfSources } from '../store/movements.ts'
import { lockSeller } from '../store/sellers.ts'
import { appendWithholding } from '../store/withholdings.ts'
import { debtFacts } from './debt-facts.ts'
import { confirmPayout } from './movement-consequences.ts'
import type { Work } from './work.ts'
import { decideAll } from './write-plans.ts'

/** The plans of one cycle and what they were made from. */
export interface CycleDecision {
  readonly facts: SettlementFacts
  readonly cut: Cut
  readonly plans: readonly Plan[]
  /** Of a negative cycle that is carried as a debt. */
  readonly debt: NewDebt | null
}

/**
 * Writes the plans of a cycle together with what its payout is less by. Two runs at once decide one
 * after the other, and what was decided on debts that have changed since is not written: the next
 * round decides anew.
 */
export async function writeSettlement(
  work: Work,
  decision: CycleDecision,
): Promise<Written[] | 'changed'> {
  const { cycle, debts } = decision.facts
  let changed = false
  const written = await decideAll(work, decision.plans, {
    before: async queries => {
      await lockSeller(queries, work.environment.id, cycle.sellerId)
      const now = await debtFacts(queries, work.environment, cycle)
      changed = !isDeepStrictEqual(now, debts)
      return !changed
    },
    after: (queries, results) => writeCut(queries, work, decision, results),
  })
  return changed ? 'changed' : written
}

async function writeCut(
  queries: Queries,
  work: Work,
  { facts, cut, debt }: CycleDecision,
  written: readonly Written[],
): Promise<void> {
  const payout = written.find(each => each.plan.kind === 'payout')
  if (payout === undefined || !payout.changed) return
  const { cycle } = facts
  const { decision } = payout.plan
  const reason = decision.to === 'cancel' ? decision.reason : null
  if (reason === 'became_debt' && debt !== null) {
    const id = work.names.next('debt')
    const writing = {
      id,
      reason: 'negative_cycle',
      actor: work.actor,
      now: work.clock.now(),
    } as const
    await insertDebt(queries, work.environment.id, debt, writing)
  }
  if (payout.status !== 'pending' && reason !== 'set_off_wholly') return
  const now = work.clock.now()
  for (const [debtId, amount] of cut.elsewhere) {
    await appendDebtEntry(queries, work.environment.id, {
      debtId,
      kind: 'set_off',
      amount,
      movementId: null,
      cycleId: cycle.id,
      actor: work.actor,
      note: null,
      at: now,
    })
  }
  if (cut.withhold !== 0n) {
    const { sellerId, currency } = cycle
    const withholding = { cycleId: cycle.id, sellerId, currency, amount: cut.withhold, at: now }
    await appendWithholding(queries, work.environment.id, withholding)
  }
  if (reason === 'set_off_wholly') await confirmWhole(queries, work, cycle.id)
}

/** Nothing is left to pay: the marketplace is told that its cycle is settled, as of any other. */
async function confirmWhole(queries: Queries, work: Work, cycleId: string): Promise<void> {
  const payouts = await movementsOfSources(queries, work.environment.id, ['payout'], [cycleId])
  const last = payouts.toSorted((a, b) => b.source.sequence - a.source.sequence)[0]
  if (last !== undefined) await confirmPayout(queries, work, last, true, null)
}
