import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'

/** The whole number that outsiders know a movement by; given at the first question, then kept. */
export async function numberOfMovement(
  queries: Queries,
  environmentId: string,
  movementId: string,
): Promise<number> {
  const row = await queries
    .insertInto('movement_numbers')
    .values({ environment_id: environmentId, movement_id: movementId })
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'movement_id'])
        .doUpdateSet({ movement_id: sql<string>`excluded.movement_id` }),
    )
    .returning('number')
    .executeTakeFirstOrThrow()
  return Number(row.number)
}
