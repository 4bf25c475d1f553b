import type { Queries } from '../database/connection.ts'
import type { Json } from '../domain/json.ts'

export async function startRun(
  queries: Queries,
  environmentId: string,
  run: { id: string; job: string; actor: string; at: Date },
): Promise<void> {
  await queries
    .insertInto('runs')
    .values({
      environment_id: environmentId,
      id: run.id,
      job: run.job,
      actor: run.actor,
      started_at: run.at,
      counts: '{}',
    })
    .execute()
}

export async function endRun(
  queries: Queries,
  environmentId: string,
  run: { id: string; at: Date; counts: { [key: string]: Json }; error: string | null },
): Promise<void> {
  await queries
    .updateTable('runs')
    .set({ ended_at: run.at, counts: JSON.stringify(run.counts), error: run.error })
    .where('environment_id', '=', environmentId)
    .where('id', '=', run.id)
    .execute()
}

/** The newest runs, the last of each job first. */
export async function latestRuns(queries: Queries, environmentId: string) {
  return queries
    .selectFrom('runs')
    .select(['id', 'job', 'actor', 'started_at', 'ended_at', 'counts', 'error'])
    .distinctOn('job')
    .where('environment_id', '=', environmentId)
    .orderBy('job')
    .orderBy('started_at', 'desc')
    .execute()
}
