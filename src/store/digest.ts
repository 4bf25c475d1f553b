import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import { isNotable, unacknowledged } from './acknowledgements.ts'
import { type Confirmation, confirmationOf } from './confirmations.ts'
import { movementOf } from './movement-rows.ts'
import { notificationOf, type StoredNotification } from './notifications.ts'
import { paymentOf } from './payments.ts'

/** What the daily mail is made from. What was acknowledged for the same reason is left out. */

export interface OpenMovement {
  readonly movement: Movement
  /** When it first came into this state. */
  readonly since: Date
}

/** Movements that were refused, or asked and never answered, newest first. */
export async function openFailures(
  queries: Queries,
  environmentId: string,
  limit: number,
): Promise<OpenMovement[]> {
  const rows = await movementsToName(queries, environmentId)
    .where(({ eb, and, or }) =>
      or([
        eb('movements.status', '=', 'failed'),
        and([eb('movements.status', '=', 'submitted'), eb('movements.needs_review', '=', true)]),
      ]),
    )
    .select(({ selectFrom }) =>
      selectFrom('movement_journal')
        .select(({ fn }) => fn.min('movement_journal.at').as('at'))
        .whereRef('movement_journal.environment_id', '=', 'movements.environment_id')
        .whereRef('movement_journal.movement_id', '=', 'movements.id')
        .where('movement_journal.to_status', 'in', ['failed', 'submitted'])
        .as('first_at'),
    )
    .orderBy('first_at', 'desc')
    .orderBy('movements.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(row => ({ movement: movementOf(row), since: row.first_at ?? row.updated_at }))
}

/** What the marketplace refused to be told and has not taken since; the newest first. */
export async function failedConfirmations(
  queries: Queries,
  environmentId: string,
  limit: number,
): Promise<{ readonly confirmation: Confirmation; readonly since: Date }[]> {
  const rows = await queries
    .selectFrom('confirmations')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('status', '=', 'failed')
    .where(unacknowledged('confirmation'))
    .orderBy('created_at', 'desc')
    .orderBy('kind')
    .orderBy('target_id')
    .limit(limit)
    .execute()
  return rows.map(row => ({ confirmation: confirmationOf(row), since: row.created_at }))
}

/** Movements that have been on hold since `before` or longer, the oldest first. */
export async function oldHolds(
  queries: Queries,
  environmentId: string,
  before: Date,
  limit: number,
): Promise<OpenMovement[]> {
  const rows = await movementsToName(queries, environmentId)
    .where('movements.status', '=', 'on_hold')
    .where('movements.created_at', '<=', before)
    .orderBy('movements.created_at')
    .orderBy('movements.id')
    .limit(limit)
    .execute()
  return rows.map(row => ({ movement: movementOf(row), since: row.created_at }))
}

/** Movements that were given up after a moment, the newest first. */
export async function canceledAfter(
  queries: Queries,
  environmentId: string,
  after: Date,
  limit: number,
): Promise<OpenMovement[]> {
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('status', '=', 'canceled')
    .where('updated_at', '>', after)
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(row => ({ movement: movementOf(row), since: row.updated_at }))
}

function movementsToName(queries: Queries, environmentId: string) {
  return queries
    .selectFrom('movements')
    .selectAll('movements')
    .where('movements.environment_id', '=', environmentId)
    .where(unacknowledged('movement'))
}

/** Authorised payments of purchases whose authorisation ends soon, the first to end first. */
export async function endingAuthorizations(
  queries: Queries,
  environmentId: string,
  between: { now: Date; until: Date },
  limit: number,
) {
  const rows = await queries
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('status', '=', 'authorized')
    .where('purchase_id', 'is not', null)
    .where(unacknowledged('authorization'))
    .where('capture_before', '>', between.now)
    .where('capture_before', '<=', between.until)
    .orderBy('capture_before')
    .limit(limit)
    .execute()
  return rows.map(paymentOf)
}

/** The sellers of purchases, by purchase. */
export async function sellersOfPurchases(
  queries: Queries,
  environmentId: string,
  purchaseIds: readonly string[],
): Promise<Map<string, string[]>> {
  if (purchaseIds.length === 0) return new Map()
  const rows = await queries
    .selectFrom('orders')
    .select(['purchase_id', 'seller_id'])
    .distinct()
    .where('environment_id', '=', environmentId)
    .where('purchase_id', 'in', [...purchaseIds])
    .orderBy('seller_id')
    .execute()
  const found = new Map<string, string[]>()
  for (const row of rows) {
    found.set(row.purchase_id, [...(found.get(row.purchase_id) ?? []), row.seller_id])
  }
  return found
}

/** Notifications that were given up, or failed the quick tries; newest first. */
export async function undelivered(
  queries: Queries,
  environmentId: string,
  quickTries: number,
  limit: number,
): Promise<StoredNotification[]> {
  const rows = await queries
    .selectFrom('notifications')
    .selectAll('notifications')
    .where('notifications.environment_id', '=', environmentId)
    .where(unacknowledged('notification'))
    .where(({ eb, and, or }) =>
      or([
        eb('notifications.status', '=', 'undelivered'),
        and([
          eb('notifications.status', '=', 'pending'),
          eb('notifications.step', '>=', quickTries),
        ]),
      ]),
    )
    .orderBy('notifications.created_at', 'desc')
    .orderBy('notifications.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(notificationOf)
}

/** Jobs whose last run ended early, by name. */
export async function brokenJobs(queries: Queries, environmentId: string) {
  return queries
    .selectFrom('runs')
    .select(['job', 'started_at as since', 'error'])
    .where('environment_id', '=', environmentId)
    .where(isNotable('job'))
    .where(unacknowledged('job'))
    .orderBy('job')
    .execute()
}

/** Shops for which the provider refused to make an account, and has made none since. */
export async function refusedCreations(queries: Queries, environmentId: string, limit: number) {
  return queries
    .selectFrom('sellers')
    .select(['id', 'account_problem as problem', 'account_mend as mend'])
    .where('environment_id', '=', environmentId)
    .where(isNotable('creation'))
    .where(unacknowledged('creation'))
    .orderBy('id')
    .limit(limit)
    .execute()
}
