import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import { movementOf } from './movement-rows.ts'

/**
 * Finished movements that the provider may have taken back since, and whose next look is due. One
 * that is known to have come back is never looked at again. The next look is put off to `again`, so
 * that two workers do not look at once and one that could not look is taken up later.
 */
export async function claimReturnLooks(
  queries: Queries,
  environmentId: string,
  claim: { readonly limit: number; readonly now: Date; readonly again: Date },
): Promise<Movement[]> {
  const rows = await queries
    .with('chosen', select =>
      select
        .selectFrom('movements')
        .select('id')
        .where('environment_id', '=', environmentId)
        .where('status', '=', 'succeeded')
        .where('next_look_at', '<=', claim.now)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('movements as returned')
                .select('returned.id')
                .where('returned.environment_id', '=', environmentId)
                .where('returned.kind', '=', 'return')
                .where('returned.source_type', '=', 'movement')
                .whereRef('returned.source_id', '=', 'movements.id'),
            ),
          ),
        )
        .orderBy('next_look_at')
        .limit(claim.limit)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('movements')
    .from('chosen')
    .set({ next_look_at: claim.again })
    .where('movements.environment_id', '=', environmentId)
    .whereRef('movements.id', '=', 'chosen.id')
    .returningAll('movements')
    .execute()
  return rows.map(movementOf)
}

/** When a finished movement is looked at next; null: never again. Nothing else of it changes. */
export async function setReturnLook(
  queries: Queries,
  environmentId: string,
  id: string,
  at: Date | null,
): Promise<void> {
  await queries
    .updateTable('movements')
    .set({ next_look_at: at })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .where('status', '=', 'succeeded')
    .execute()
}
