import { type Selectable, sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Tables } from '../database/tables.ts'

export type NotificationStatus = 'pending' | 'delivered' | 'undelivered'

/** A notification as it waits for the operator's URL. */
export interface StoredNotification {
  /** Stable: the same at every delivery. */
  readonly id: string
  readonly type: string
  /** JSON, posted as it stands. */
  readonly body: string
  readonly sellerId: string | null
  readonly movementId: string | null
  readonly status: NotificationStatus
  /** Place in the schedule of tries; 0 before the first one, and again after a replay. */
  readonly step: number
  /** Deliveries so far, replays included. */
  readonly tries: number
  readonly nextTryAt: Date | null
  readonly problem: string | null
  readonly createdAt: Date
}

export interface NewNotification {
  readonly id: string
  readonly type: string
  readonly body: string
  readonly sellerId: string | null
  readonly movementId: string | null
}

/** Writes what is to be told, due at once. Call it in the SQL transaction that it tells about. */
export async function addNotification(
  queries: Queries,
  environmentId: string,
  fresh: NewNotification,
  now: Date,
): Promise<void> {
  await queries
    .insertInto('notifications')
    .values({
      environment_id: environmentId,
      id: fresh.id,
      type: fresh.type,
      body: fresh.body,
      seller_id: fresh.sellerId,
      movement_id: fresh.movementId,
      status: 'pending',
      next_try_at: now,
      created_at: now,
      updated_at: now,
    })
    .onConflict(conflict => conflict.columns(['environment_id', 'id']).doNothing())
    .execute()
}

/**
 * Takes notifications that are due, each for one worker; the try is counted before the call. One
 * whose worker dies is due again at `leaseUntil`.
 */
export async function claimNotifications(
  queries: Queries,
  environmentId: string,
  claim: { limit: number; now: Date; leaseUntil: Date },
): Promise<StoredNotification[]> {
  const rows = await queries
    .with('chosen', select =>
      select
        .selectFrom('notifications')
        .select('id')
        .where('environment_id', '=', environmentId)
        .where('status', '=', 'pending')
        .where('next_try_at', '<=', claim.now)
        .orderBy('next_try_at')
        .limit(claim.limit)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('notifications')
    .from('chosen')
    .set({
      tries: sql<number>`tries + 1`,
      next_try_at: claim.leaseUntil,
      updated_at: claim.now,
    })
    .where('notifications.environment_id', '=', environmentId)
    .whereRef('notifications.id', '=', 'chosen.id')
    .returningAll('notifications')
    .execute()
  return rows.map(notificationOf)
}

/** What a delivery came to. */
export interface Delivery {
  readonly at: Date
  /** HTTP status; null: no answer. */
  readonly status: number | null
  readonly milliseconds: number
  /** The first characters of the answer. */
  readonly answer: string
  /** Null: it was taken. */
  readonly problem: string | null
}

/**
 * Logs a delivery and what follows from it. A notification that was replayed meanwhile, or taken by
 * another worker, keeps its own state; the log has both deliveries.
 * @param next when it is tried again; null with a problem: it is given up
 */
export async function recordDelivery(
  queries: Queries,
  environmentId: string,
  claimed: StoredNotification,
  delivery: Delivery,
  next: Date | null,
): Promise<void> {
  const { at, status, milliseconds, answer, problem } = delivery
  await queries
    .insertInto('notification_deliveries')
    .values({
      environment_id: environmentId,
      notification_id: claimed.id,
      number: claimed.tries,
      at,
      status,
      milliseconds,
      answer,
      problem,
    })
    .execute()
  const outcome = problem === null ? 'delivered' : next === null ? 'undelivered' : 'pending'
  await queries
    .updateTable('notifications')
    .set({
      status: outcome,
      step: claimed.step + 1,
      next_try_at: outcome === 'pending' ? next : null,
      problem,
      updated_at: at,
    })
    .where('environment_id', '=', environmentId)
    .where('id', '=', claimed.id)
    .where('status', '=', 'pending')
    .where('tries', '=', claimed.tries)
    .execute()
}

/**
 * Makes notifications due now, whatever became of them before; returns how many there are.
 * @param ids null: every one that was given up
 */
export async function replayNotifications(
  queries: Queries,
  environmentId: string,
  ids: readonly string[] | null,
  now: Date,
): Promise<number> {
  if (ids?.length === 0) return 0
  let update = queries
    .updateTable('notifications')
    .set({ status: 'pending', step: 0, next_try_at: now, updated_at: now })
    .where('environment_id', '=', environmentId)
    // What was told is not there any more: its receiver must not take the rest for all of it.
    .where('redacted_at', 'is', null)
  update =
    ids === null ? update.where('status', '=', 'undelivered') : update.where('id', 'in', [...ids])
  return Number((await update.executeTakeFirst()).numUpdatedRows)
}

/** When the next one is due; null: none waits. */
export async function nextNotificationAt(
  queries: Queries,
  environmentId: string,
): Promise<Date | null> {
  const row = await queries
    .selectFrom('notifications')
    .select(({ fn }) => fn.min('next_try_at').as('at'))
    .where('environment_id', '=', environmentId)
    .where('status', '=', 'pending')
    .executeTakeFirst()
  return row?.at ?? null
}

/** Notifications, newest first. */
export async function listNotifications(
  queries: Queries,
  environmentId: string,
  query: { status?: NotificationStatus | undefined; limit: number },
): Promise<StoredNotification[]> {
  let select = queries
    .selectFrom('notifications')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit)
  if (query.status !== undefined) select = select.where('status', '=', query.status)
  return (await select.execute()).map(notificationOf)
}

export async function notificationById(
  queries: Queries,
  environmentId: string,
  id: string,
): Promise<StoredNotification | null> {
  const row = await queries
    .selectFrom('notifications')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? null : notificationOf(row)
}

/** The log of one notification's deliveries, oldest first. */
export async function deliveriesOf(queries: Queries, environmentId: string, id: string) {
  return queries
    .selectFrom('notification_deliveries')
    .select(['number', 'at', 'status', 'milliseconds', 'answer', 'problem'])
    .where('environment_id', '=', environmentId)
    .where('notification_id', '=', id)
    .orderBy('number')
    .execute()
}

export function notificationOf(row: Selectable<Tables['notifications']>): StoredNotification {
  return {
    id: row.id,
    type: row.type,
    body: row.body,
    sellerId: row.seller_id,
    movementId: row.movement_id,
    status: row.status as NotificationStatus,
    step: row.step,
    tries: row.tries,
    nextTryAt: row.next_try_at,
    problem: row.problem,
    createdAt: row.created_at,
  }
}
