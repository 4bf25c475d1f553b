import type { Selectable } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Tables } from '../database/tables.ts'

/** One comparison with the outside world, and how far it has come. */
export interface Reconciliation {
  readonly id: string
  /** Only what happened from then on is judged, and only what is older than `until`. */
  readonly since: Date
  readonly until: Date
  /** The step that goes on, and the last row of it that was judged; '' at its beginning. */
  readonly step: string
  readonly position: string
  /** Rows that were judged so far. */
  readonly judged: bigint
  readonly startedAt: Date
  /** Null: it is under way, or was broken off. */
  readonly endedAt: Date | null
}

export async function startReconciliation(
  queries: Queries,
  environmentId: string,
  made: Omit<Reconciliation, 'endedAt' | 'judged'> & { readonly actor: string },
): Promise<void> {
  await queries
    .insertInto('reconciliations')
    .values({
      environment_id: environmentId,
      id: made.id,
      since: made.since,
      until: made.until,
      step: made.step,
      position: made.position,
      judged: 0n,
      actor: made.actor,
      started_at: made.startedAt,
    })
    .execute()
}

/** The newest one: finished, or whichever there is. */
export async function newestReconciliation(
  queries: Queries,
  environmentId: string,
  which: 'any' | 'finished',
): Promise<Reconciliation | null> {
  let select = queries
    .selectFrom('reconciliations')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
  if (which === 'finished') select = select.where('ended_at', 'is not', null)
  const row = await select.executeTakeFirst()
  return row === undefined ? null : reconciliationOf(row)
}

/** Writes how far it has come; call with the differences that were found on the way. */
export async function moveReconciliation(
  queries: Queries,
  environmentId: string,
  id: string,
  to: Pick<Reconciliation, 'step' | 'position'> & { readonly judged: bigint },
): Promise<void> {
  await queries
    .updateTable('reconciliations')
    .set({ step: to.step, position: to.position, judged: to.judged })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

export async function endReconciliation(
  queries: Queries,
  environmentId: string,
  id: string,
  at: Date,
): Promise<void> {
  await queries
    .updateTable('reconciliations')
    .set({ ended_at: at })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

function reconciliationOf(row: Selectable<Tables['reconciliations']>): Reconciliation {
  return {
    id: row.id,
    since: row.since,
    until: row.until,
    step: row.step,
    position: row.position,
    judged: row.judged,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}
