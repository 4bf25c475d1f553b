import type { Plan } from '../domain/plan.ts'
import { type SettlementFacts, planCycleParts, planPayout } from '../domain/plan-settlement.ts'
import type { Cycle } from '../domain/settlement.ts'
import { openCycles, setCycleOpen } from '../store/cycles.ts'
import { type Balances, createBalances } from './balances.ts'
import { confirmCycles } from './confirm-cycles.ts'
import { readCycles } from './read-cycles.ts'
import { planHeldReversals } from './refund-payments.ts'
import { settlementFacts } from './settlement-facts.ts'
import { decideAll } from './write-plans.ts'
import { type Deciding, type Work, batchSize } from './work.ts'

/** Reads new cycles and tells what has landed or bounced since the last run. */
export async function readForSettlement(work: Work): Promise<void> {
  await readCycles(work)
  if (work.mode === 'move') await confirmCycles(work)
}

/**
 * Credits, collections and the payout of each open cycle. The payout waits for the others and for
 * the seller's available balance, so a cycle is looked at again once they are done: in the same run
 * when they finish at once, else in the next.
 */
export async function planSettlements(work: Work): Promise<void> {
  if (work.mode === 'move') await confirmCycles(work)
  await planHeldReversals(work)
  const balances = createBalances(work)
  let after = ''
  let done = 0
  while (!work.stopping()) {
    const query = { after, limit: batchSize, sellerId: work.scope.sellerId }
    const cycles = await openCycles(work.database.queries, work.environment.id, query)
    const last = cycles.at(-1)
    if (last === undefined) return
    after = last.id
    for (const cycle of cycles) {
      if (work.stopping()) return
      await settleOne(work, cycle, balances)
      done += 1
      work.progress('settling cycles', done)
    }
  }
}

/** One bad cycle never stops the others. */
async function settleOne(work: Work, cycle: Cycle, balances: Balances): Promise<void> {
  try {
    const plans = await cyclePlans(work, cycle, balances)
    const written = await decideAll(work, plans)
    for (const plan of plans) await takeOff(balances, plan)
    if (work.mode !== 'move') return
    const done = ['canceled', 'succeeded', null]
    const over = written.every(({ status }) => done.includes(status))
    // Open while anything of it is under way; a finished payout closes its cycle itself.
    if (over && cycle.final)
      await setCycleOpen(work.database.queries, work.environment.id, cycle.id, false)
  } catch (error) {
    work.tally.failed()
    work.log('error', 'a cycle could not be planned', { cycle: cycle.id, problem: String(error) })
  }
}

/** What was planned on a balance is not there for the next cycle. */
async function takeOff(balances: Balances, plan: Plan): Promise<void> {
  const { decision } = plan
  if (decision.to !== 'move') return
  const giver = plan.kind === 'credit' ? null : plan.account
  await balances.take(giver, plan.currency, decision.instruction.amount)
}

/** The parts of a cycle and its payout, in the order in which they are sent. */
export async function cyclePlans(
  work: Deciding,
  cycle: Cycle,
  balances: Balances,
): Promise<Plan[]> {
  const { provider } = work
  const transfer = (amount: bigint, currency: string) =>
    provider.representable(amount, currency, 'down', 'transfer')
  const payout = (amount: bigint, currency: string) =>
    provider.representable(amount, currency, 'down', 'payout')
  const facts = await settlementFacts(work, cycle, balances)
  const parts = planCycleParts(facts, transfer)
  const waiting = { ...facts.unfinished, ...notYetMoved(facts, parts) }
  const last = planPayout({ ...facts, unfinished: waiting }, payout)
  return [...parts, last]
}

/** Parts of this very cycle that are planned now or wait: the payout follows them. */
function notYetMoved(facts: SettlementFacts, parts: readonly Plan[]): Record<string, string> {
  return Object.fromEntries(
    parts
      .filter(plan => facts.partsDone[plan.source.part] !== true)
      .filter(plan => plan.decision.to === 'move' || plan.decision.to === 'hold')
      .map(plan => [
        `${plan.kind} ${plan.source.part}`,
        plan.decision.to === 'hold' ? plan.decision.reason : 'pending',
      ]),
  )
}

export type { Balances } from './balances.ts'
