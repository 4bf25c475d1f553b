import type { Queries } from '../database/connection.ts'

/**
 * Makes everything that waits for its next look due now: accounts that are not ready, sellers whose
 * account was refused, and movements that the provider has accepted. What it asked for and never
 * answered keeps its own time.
 */
export async function makeLooksDue(
  queries: Queries,
  environmentId: string,
  now: Date,
): Promise<void> {
  await queries
    .updateTable('accounts')
    .set({ look_at: now })
    .where('environment_id', '=', environmentId)
    .where('look_at', '>', now)
    .execute()
  await queries
    .updateTable('sellers')
    .set({ look_at: now })
    .where('environment_id', '=', environmentId)
    .where('look_at', '>', now)
    .execute()
  await queries
    .updateTable('movements')
    .set({ next_look_at: now })
    .where('environment_id', '=', environmentId)
    .where('status', '=', 'accepted')
    .where('next_look_at', '>', now)
    .execute()
}
