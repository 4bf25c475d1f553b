import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Restore } from '../domain/restore.ts'
import type { Movement } from '../domain/movement.ts'
import { movementOf } from './movement-rows.ts'

/** Marks every environment of a database that was restored from a backup of `from`. */
export async function markRestored(
  queries: Queries,
  moments: { readonly from: Date; readonly at: Date },
): Promise<void> {
  await queries
    .updateTable('environments')
    .set({ restored_from: moments.from, restored_at: moments.at, restore_checked_at: null })
    .execute()
}

/** Null: the environment's database was never restored. */
export async function restoreOf(queries: Queries, environmentId: string): Promise<Restore | null> {
  const row = await queries
    .selectFrom('environments')
    .select(['restored_from', 'restored_at', 'restore_checked_at'])
    .where('id', '=', environmentId)
    .executeTakeFirst()
  return row === undefined ? null : restoreOfRow(row)
}

/** The restore columns of an environment's row. */
export function restoreOfRow(row: {
  readonly restored_from: Date | null
  readonly restored_at: Date | null
  readonly restore_checked_at: Date | null
}): Restore | null {
  const { restored_from: from, restored_at: at, restore_checked_at: checkedAt } = row
  return from === null || at === null ? null : { from, at, checkedAt }
}

/** Everything that was open in the backup has been looked up; a later restore is another one. */
export async function endRestoreCheck(
  queries: Queries,
  environmentId: string,
  restore: Restore,
  now: Date,
): Promise<void> {
  await queries
    .updateTable('environments')
    .set({ restore_checked_at: now })
    .where('id', '=', environmentId)
    .where('restored_at', '=', restore.at)
    .execute()
}

/** Movements that were not finished in the backup and say what the provider is asked, by id. */
export async function openMovements(
  queries: Queries,
  environmentId: string,
  page: { readonly after: string; readonly limit: number },
): Promise<Movement[]> {
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('origin', '=', 'planned')
    .where('status', 'in', ['on_hold', 'pending', 'submitted', 'failed'])
    .where('instruction', 'is not', null)
    .where('id', '>', page.after)
    .orderBy('id')
    .limit(page.limit)
    .execute()
  return rows.map(movementOf)
}

/** Has an earlier attempt of the movement been asked since `at`? Then it was looked up before that. */
export async function wasAskedSince(
  queries: Queries,
  environmentId: string,
  movement: Movement,
  at: Date,
): Promise<boolean> {
  const row = await queries
    .selectFrom('movement_journal')
    .select(sql`1`.as('found'))
    .where('environment_id', '=', environmentId)
    .where('movement_id', '=', movement.id)
    .where('to_status', '=', 'submitted')
    .where('attempt', '<', movement.attempt)
    .where('at', '>=', at)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** What was found at the provider is another amount than is owed now: the row says what moved. */
export async function correctSentAmount(
  queries: Queries,
  environmentId: string,
  movement: Movement,
  amount: bigint,
): Promise<void> {
  await queries
    .updateTable('movements')
    .set({ amount, sent_amount: amount })
    .where('environment_id', '=', environmentId)
    .where('id', '=', movement.id)
    .where('status', '=', 'submitted')
    .where('attempt', '=', movement.attempt)
    .execute()
}
