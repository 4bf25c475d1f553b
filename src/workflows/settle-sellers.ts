import type { Plan } from '../domain/plan.ts'
import { debtOfCycle } from '../domain/carried-cycle.ts'
import { planSetOffs } from '../domain/plan-set-off.ts'
import { type SettlementFacts, planCycleParts, planPayout } from '../domain/plan-settlement.ts'
import { asSettled } from '../domain/settled-sales.ts'
import { cutOf } from '../domain/set-off.ts'
import type { Cycle } from '../domain/settlement.ts'
import { openCycles, setCycleOpen } from '../store/cycles.ts'
import { type Balances, createBalances } from './balances.ts'
import { confirmCycles } from './confirm-cycles.ts'
import { readCycleContents } from './read-cycle-contents.ts'
import { readCycles } from './read-cycles.ts'
import { planHeldReversals } from './refund-payments.ts'
import { settlementFacts } from './settlement-facts.ts'
import { type CycleDecision, writeSettlement } from './write-settlement.ts'
import { type Deciding, type Work, batchSize } from './work.ts'

/** Reads new cycles and tells what has landed or bounced since the last run. */
export async function readForSettlement(work: Work): Promise<void> {
  await readCycles(work)
  await readCycleContents(work)
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
    const decision = await decideCycle(work, cycle, balances)
    const written = await writeSettlement(work, decision)
    for (const plan of decision.plans) await takeOff(balances, plan)
    if (work.mode !== 'move' || written === 'changed') return
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

/** The plans of a cycle in the order in which they are sent: parts, set-offs, the payout. */
export async function decideCycle(
  work: Deciding,
  cycle: Cycle,
  balances: Balances,
): Promise<CycleDecision> {
  const { provider } = work
  const transfer = (amount: bigint, currency: string) =>
    provider.representable(amount, currency, 'down', 'transfer')
  const payout = (amount: bigint, currency: string) =>
    provider.representable(amount, currency, 'down', 'payout')
  const named = await settlementFacts(work, cycle, balances)
  const parts = planCycleParts(named, transfer)
  const facts = asSettled(named)
  const cut = cutOf(facts, transfer)
  const setOffs = planSetOffs(facts, cut)
  const waiting = {
    ...facts.unfinished,
    ...notYetMoved(facts, parts),
    ...Object.fromEntries(setOffs.flatMap(waitOf)),
  }
  const last = planPayout({ ...facts, unfinished: waiting }, payout, cut)
  return { facts, cut, plans: [...parts, ...setOffs, last], debt: debtOfCycle(facts) }
}

/** What the payout waits for, by the name of the plan. */
function waitOf({ kind, source, decision }: Plan): [string, string][] {
  const name = source.type === 'debt' ? `${kind} debt ${source.id}` : `${kind} ${source.part}`
  if (decision.to === 'hold') return [[name, decision.reason]]
  return decision.to === 'move' ? [[name, 'pending']] : []
}

/** Parts of this very cycle that are planned now or wait: the payout follows them. */
function notYetMoved(facts: SettlementFacts, parts: readonly Plan[]): Record<string, string> {
  const open = parts.filter(plan => facts.partsDone[plan.source.part] !== true)
  return Object.fromEntries(open.flatMap(waitOf))
}

export type { Balances } from './balances.ts'
