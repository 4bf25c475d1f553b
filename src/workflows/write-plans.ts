import type { Queries } from '../database/connection.ts'
import type { Plan } from '../domain/plan.ts'
import { type Written, writePlans } from '../store/movement-plans.ts'
import type { Work } from './work.ts'

/** What belongs to the same SQL transaction as the plans. */
export interface Alongside {
  /** False: nothing is written. */
  before?(queries: Queries): Promise<boolean>
  after?(queries: Queries, written: readonly Written[]): Promise<void>
}

/** Writes decisions and counts them; a dry run shows them and writes nothing. */
export async function decideAll(
  work: Work,
  plans: readonly Plan[],
  alongside: Alongside = {},
): Promise<Written[]> {
  if (work.mode !== 'move') {
    for (const plan of plans) work.tally.preview(plan, await seenFor(work, plan))
    return []
  }
  const writing = {
    environmentId: work.environment.id,
    provider: work.provider.name,
    actor: work.actor,
    now: work.clock.now(),
    nextId: () => work.names.next('mv'),
  }
  const written = await work.database.inTransaction(async queries => {
    if ((await alongside.before?.(queries)) === false) return []
    const results = await writePlans(queries, writing, plans)
    await alongside.after?.(queries, results)
    return results
  })
  work.tally.written(written)
  return written
}

async function seenFor(work: Work, plan: Plan) {
  if (work.mode !== 'shadow') return undefined
  const seen = await work.provider.seen(plan)
  return seen === null ? null : { providerId: seen.providerId, amount: seen.amount.toString() }
}
