import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Json } from '../domain/json.ts'
import type { Order } from '../domain/order.ts'
import { decodeBody, encodeBody } from './json-body.ts'

/** What personal data is taken out of. Every function does one batch and returns how many it did. */

/** Which rows: older than a moment, or named. */
export type Redacted =
  { readonly before: Date; readonly limit: number } | { readonly ids: readonly string[] }

interface Redacting {
  readonly queries: Queries
  readonly environmentId: string
  readonly now: Date
}

/**
 * Orders with their debits. Only those with nothing left to do: to confirm a debit the marketplace
 * wants its customer named. Call in an SQL transaction.
 */
export async function redactOrders(
  { queries, environmentId, now }: Redacting,
  which: Redacted,
  redact: (order: Order) => Order,
): Promise<number> {
  let select = queries
    .selectFrom('orders')
    .select(['id', 'body', 'body_hash'])
    .where('environment_id', '=', environmentId)
    .where('redacted_at', 'is', null)
    .where('open_for_split', '=', false)
    .where(({ eb, or }) => or([eb('debited_at', 'is not', null), eb('domain', '=', 'product')]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('confirmations as c')
            .select('c.target_id')
            .whereRef('c.environment_id', '=', 'orders.environment_id')
            .whereRef('c.order_id', '=', 'orders.id')
            .where('c.status', 'in', ['on_hold', 'pending', 'submitted', 'failed']),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('marketplace_refunds as r')
            .select('r.id')
            .whereRef('r.environment_id', '=', 'orders.environment_id')
            .whereRef('r.order_id', '=', 'orders.id')
            .where('r.open', '=', true),
        ),
      ),
    )
    .orderBy('stored_at')
    .forUpdate()
  if ('ids' in which) {
    if (which.ids.length === 0) return 0
    select = select.where('id', 'in', [...which.ids])
  } else select = select.where('stored_at', '<', which.before).limit(which.limit)
  const rows = await select.execute()
  for (const { id, body } of rows) {
    await queries
      .updateTable('orders')
      // The hash stays that of the whole order: read again unchanged, it stays redacted.
      .set({ body: encodeBody(redact(decodeBody<Order>(body))), redacted_at: now })
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .execute()
  }
  if (rows.length === 0) return 0
  await queries
    .updateTable('debits')
    .set({ customer_id: '' })
    .where('environment_id', '=', environmentId)
    .where(
      'order_id',
      'in',
      rows.map(row => row.id),
    )
    .execute()
  return rows.length
}

/** Webhooks that are done with; those that still have to be applied stay as they came. */
export async function redactEvents(
  { queries, environmentId, now }: Redacting,
  which:
    { readonly before: Date; readonly limit: number } | { readonly mentioning: readonly string[] },
  redact: (body: Json) => Json,
): Promise<number> {
  let select = queries
    .selectFrom('inbound_events')
    .select(['provider', 'id', 'body'])
    .where('environment_id', '=', environmentId)
    .where('redacted_at', 'is', null)
    .where('status', 'not in', ['stored'])
    .forUpdate()
  if ('mentioning' in which) {
    const { mentioning } = which
    if (mentioning.length === 0) return 0
    select = select
      .where('status', 'in', ['applied', 'ignored', 'refused'])
      .where(mentions('body', mentioning))
  } else select = select.where('received_at', '<', which.before).limit(which.limit)
  const rows = await select.execute()
  for (const { provider, id, body } of rows) {
    await queries
      .updateTable('inbound_events')
      .set({ body: JSON.stringify(redact(body as Json)), redacted_at: now })
      .where('environment_id', '=', environmentId)
      .where('provider', '=', provider)
      .where('id', '=', id)
      .execute()
  }
  return rows.length
}

/** Does the JSON of this column have one of these texts as a value? */
export function mentions(column: 'body' | 'raw', texts: readonly string[]) {
  const patterns = texts.map(text => `%"${text.replaceAll(/[\\%_]/g, '\\$&')}"%`)
  return sql<boolean>`${sql.ref(column)}::text like any(${patterns}::text[])`
}

/** Notifications that are not on their way any more, with what their receiver answered. */
export async function redactNotifications(
  { queries, environmentId, now }: Redacting,
  which: { readonly before: Date; readonly limit: number } | { readonly sellerId: string },
  redact: (body: Json) => Json,
): Promise<number> {
  let select = queries
    .selectFrom('notifications')
    .select(['id', 'body'])
    .where('environment_id', '=', environmentId)
    .where('redacted_at', 'is', null)
    .where('status', '<>', 'pending')
    .forUpdate()
  if ('sellerId' in which) select = select.where('seller_id', '=', which.sellerId)
  else select = select.where('updated_at', '<', which.before).limit(which.limit)
  const rows = await select.execute()
  for (const { id, body } of rows) {
    await queries
      .updateTable('notifications')
      .set({ body: JSON.stringify(redact(JSON.parse(body) as Json)), redacted_at: now })
      .where('environment_id', '=', environmentId)
      .where('id', '=', id)
      .execute()
    await queries
      .updateTable('notification_deliveries')
      .set({ answer: '' })
      .where('environment_id', '=', environmentId)
      .where('notification_id', '=', id)
      .execute()
  }
  return rows.length
}

/** Codes go; of clicks the visitor goes, that there was one stays. */
export async function redactLinks(
  { queries, environmentId }: Redacting,
  which: { readonly before: Date } | { readonly sellerId: string },
): Promise<number> {
  let codes = queries.deleteFrom('link_codes').where('environment_id', '=', environmentId)
  let visits = queries
    .updateTable('link_visits')
    .set({ visitor: null })
    .where('environment_id', '=', environmentId)
    .where('visitor', 'is not', null)
  if ('sellerId' in which) {
    codes = codes.where('seller_id', '=', which.sellerId)
    visits = visits.where('seller_id', '=', which.sellerId)
  } else {
    codes = codes.where('expires_at', '<', which.before)
    visits = visits.where('at', '<', which.before)
  }
  const gone = await codes.executeTakeFirst()
  const blanked = await visits.executeTakeFirst()
  return Number(gone.numDeletedRows + blanked.numUpdatedRows)
}

/** Objects that could not be read: that they could not, and why, stays. */
export async function redactUnreadable(
  { queries, environmentId }: Redacting,
  which:
    | { readonly before: Date }
    | { readonly kind: string; readonly ids: readonly string[] }
    | { readonly mentioning: readonly string[] },
): Promise<number> {
  let update = queries
    .updateTable('set_aside')
    .set({ raw: '{}' })
    .where('environment_id', '=', environmentId)
    .where(sql<boolean>`raw <> '{}'::jsonb`)
  if ('before' in which) update = update.where('seen_at', '<', which.before)
  else if ('mentioning' in which) update = update.where(mentions('raw', which.mentioning))
  else update = update.where('kind', '=', which.kind).where('id', 'in', [...which.ids])
  return Number((await update.executeTakeFirst()).numUpdatedRows)
}

/** Runs that ended; the last of each job stays. */
export async function forgetRuns(
  { queries, environmentId }: Redacting,
  before: Date,
): Promise<number> {
  const gone = await queries
    .deleteFrom('runs')
    .where('environment_id', '=', environmentId)
    .where('ended_at', '<', before)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('runs as later')
          .select('later.id')
          .whereRef('later.environment_id', '=', 'runs.environment_id')
          .whereRef('later.job', '=', 'runs.job')
          .whereRef('later.started_at', '>', 'runs.started_at'),
      ),
    )
    .executeTakeFirst()
  return Number(gone.numDeletedRows)
}
