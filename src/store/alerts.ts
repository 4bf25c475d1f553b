import type { Queries } from '../database/connection.ts'

/**
 * May an alert be mailed now? True at most once since `notBefore`, whoever asks: the moment is
 * taken with the answer.
 */
export async function takeAlert(
  queries: Queries,
  environmentId: string,
  name: string,
  at: { now: Date; notBefore: Date },
): Promise<boolean> {
  const value = JSON.stringify(at.now.toISOString())
  const result = await queries
    .insertInto('checkpoints')
    .values({ environment_id: environmentId, name: `alert:${name}`, value, updated_at: at.now })
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'name'])
        .doUpdateSet({ value, updated_at: at.now })
        .where('checkpoints.updated_at', '<=', at.notBefore),
    )
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}
