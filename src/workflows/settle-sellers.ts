import type { Plan } from '../domain/plan.ts'
import { type SettlementFacts, planCycleParts, planPayout } from '../domain/plan-settlement.ts'
import type { Balance, Cycle } from '../domain/settlement.ts'
import { openCycles, setCycleOpen } from '../store/cycles.ts'
import { confirmCycles } from './confirm-cycles.ts'
import { readCycles } from './read-cycles.ts'
import { lookAtAccepted } from './send-movements.ts'
import { settlementFacts } from './settlement-facts.ts'
import { decideAll } from './write-plans.ts'
import { type Work, batchSize } from './work.ts'

/** Reads new cycles, what the provider made of payouts under way, and tells what has landed. */
export async function readForSettlement(work: Work): Promise<void> {
  await readCycles(work)
  if (work.mode !== 'move') return
  await lookAtAccepted(work)
  await confirmCycles(work)
}

/**
 * Credits, collections and the payout of each open cycle. The payout waits for the others and for
 * the seller's available balance, so a cycle is looked at again once they are done: in the same run
 * when they finish at once, else in the next.
 */
export async function planSettlements(work: Work): Promise<void> {
  if (work.mode === 'move') await confirmCycles(work)
  const platform = createBalances(work)
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
      await settleOne(work, cycle, platform)
      done += 1
      work.progress('settling cycles', done)
    }
  }
}

/** One bad cycle never stops the others. */
async function settleOne(work: Work, cycle: Cycle, balances: Balances): Promise<void> {
  try {
    const plans = await plansOf(work, cycle, balances)
    const written = await decideAll(work, plans)
    if (work.mode !== 'move') return
    const open = written.some(({ status }) => status !== 'canceled' && status !== 'succeeded')
    // Open while anything of it is under way; a finished payout closes its cycle itself.
    if (!open) await setCycleOpen(work.database.queries, work.environment.id, cycle.id, false)
  } catch (error) {
    work.tally.failed()
    work.log('error', 'a cycle could not be planned', { cycle: cycle.id, problem: String(error) })
  }
}

async function plansOf(work: Work, cycle: Cycle, balances: Balances): Promise<Plan[]> {
  const { provider } = work
  const transfer = (amount: bigint, currency: string) =>
    provider.representable(amount, currency, 'down', 'transfer')
  const payout = (amount: bigint, currency: string) =>
    provider.representable(amount, currency, 'down', 'payout')
  const facts = await settlementFacts(work, cycle, balances)
  const parts = planCycleParts(facts, transfer)
  const waiting = { ...facts.unfinished, ...notYetMoved(facts, parts) }
  const last = planPayout({ ...facts, unfinished: waiting }, payout)
  return last === null ? parts : [...parts, last]
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

/** Balances of one run: the platform's is read once, a seller's once per cycle. */
export interface Balances {
  platform(): Promise<Balance | null>
  of(account: string): Promise<Balance | null>
}

function createBalances(work: Work): Balances {
  let platform: Promise<Balance | null> | null = null
  const read = async (account: string | null) => {
    try {
      return await work.provider.balance(account)
    } catch (error) {
      work.log('warn', 'a balance could not be read', { account, problem: String(error) })
      return null
    }
  }
  return { platform: () => (platform ??= read(null)), of: account => read(account) }
}
