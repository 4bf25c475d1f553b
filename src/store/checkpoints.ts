import type { Queries } from '../database/connection.ts'

/** Where a reading of a feed goes on. A moment in time, as ISO text. */
export async function readCheckpoint(
  queries: Queries,
  environmentId: string,
  name: string,
): Promise<Date | null> {
  const row = await queries
    .selectFrom('checkpoints')
    .select('value')
    .where('environment_id', '=', environmentId)
    .where('name', '=', name)
    .executeTakeFirst()
  return typeof row?.value === 'string' ? new Date(row.value) : null
}

/** Moves a checkpoint forward; it never goes back, whoever writes last. */
export async function advanceCheckpoint(
  queries: Queries,
  environmentId: string,
  name: string,
  to: Date,
  now: Date,
): Promise<void> {
  const value = JSON.stringify(to.toISOString())
  await queries
    .insertInto('checkpoints')
    .values({ environment_id: environmentId, name, value, updated_at: now })
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'name'])
        .doUpdateSet({ value, updated_at: now })
        .whereRef('checkpoints.value', '<', 'excluded.value'),
    )
    .execute()
}
