import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import { mentions } from './redaction.ts'

/** What is stored about one person, and what finds it. Amounts in minor units. */

/** A customer's orders, read or only waiting for their debit. */
export async function ordersOfCustomer(
  queries: Queries,
  environmentId: string,
  customerId: string,
): Promise<{ readonly id: string; readonly purchase: string }[]> {
  const read = await queries
    .selectFrom('orders')
    .select(['id', 'purchase_id as purchase'])
    .where('environment_id', '=', environmentId)
    .where(sql<string>`body->>'customerId'`, '=', customerId)
    .execute()
  const debited = await queries
    .selectFrom('debits')
    .select(['order_id as id', 'purchase_id as purchase'])
    .where('environment_id', '=', environmentId)
    .where('customer_id', '=', customerId)
    .execute()
  return [...new Map([...read, ...debited].map(row => [row.id, row])).values()]
}

/** The provider's names of the payments of these purchases. */
export async function paymentNames(
  queries: Queries,
  environmentId: string,
  purchaseIds: readonly string[],
): Promise<string[]> {
  if (purchaseIds.length === 0) return []
  const rows = await queries
    .selectFrom('payments')
    .select(['id', 'intent_id', 'charge_id'])
    .where('environment_id', '=', environmentId)
    .where('purchase_id', 'in', [...purchaseIds])
    .execute()
  const names = rows.flatMap(row => [row.id, row.intent_id ?? [], row.charge_id ?? []].flat())
  return [...new Set(names)]
}

/** Rows of `orders` and `debits` as they stand, for the person they are about. */
export async function orderRows(queries: Queries, environmentId: string, ids: readonly string[]) {
  if (ids.length === 0) return { orders: [], debits: [] }
  const orders = await queries
    .selectFrom('orders')
    .select(['id', 'purchase_id', 'seller_id', 'state', 'currency', 'total', 'created_at', 'body'])
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .execute()
  const debits = await queries
    .selectFrom('debits')
    .select(['id', 'order_id', 'customer_id', 'amount', 'currency', 'imprint_number'])
    .where('environment_id', '=', environmentId)
    .where('order_id', 'in', [...ids])
    .orderBy('id')
    .execute()
  return { orders, debits }
}

/** Webhooks in which one of these ids stands. */
export async function eventsMentioning(
  queries: Queries,
  environmentId: string,
  names: readonly string[],
) {
  if (names.length === 0) return []
  return queries
    .selectFrom('inbound_events')
    .select(['id', 'type', 'received_at', 'redacted_at', 'body'])
    .where('environment_id', '=', environmentId)
    .where(mentions('body', names))
    .orderBy('received_at')
    .execute()
}

/** Set-aside objects in which one of these ids stands. */
export async function unreadableMentioning(
  queries: Queries,
  environmentId: string,
  names: readonly string[],
) {
  if (names.length === 0) return []
  return queries
    .selectFrom('set_aside')
    .select(['kind', 'id', 'since', 'raw'])
    .where('environment_id', '=', environmentId)
    .where(mentions('raw', names))
    .orderBy('since')
    .execute()
}

/** Everything about a seller as a person; null: no seller of this id. */
export async function sellerRows(queries: Queries, environmentId: string, sellerId: string) {
  const seller = await queries
    .selectFrom('sellers')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', sellerId)
    .executeTakeFirst()
  if (seller === undefined) return null
  const visits = await queries
    .selectFrom('link_visits')
    .select(['at', 'outcome', 'visitor'])
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .orderBy('at')
    .execute()
  const notifications = await queries
    .selectFrom('notifications')
    .select(['id', 'type', 'created_at', 'body'])
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .orderBy('created_at')
    .execute()
  return { seller, visits, notifications }
}

/** What of a seller is not finished: ids of movements and cycles, a few of them. */
export async function unfinishedOf(
  queries: Queries,
  environmentId: string,
  sellerId: string,
): Promise<string[]> {
  const most = 20
  const movements = await queries
    .selectFrom('movements')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('status', 'in', ['on_hold', 'pending', 'submitted', 'accepted', 'failed'])
    .orderBy('id')
    .limit(most)
    .execute()
  const cycles = await queries
    .selectFrom('cycles')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('open', '=', true)
    .orderBy('id')
    .limit(most)
    .execute()
  return [...movements.map(row => `movement ${row.id}`), ...cycles.map(row => `cycle ${row.id}`)]
}

/** The seller's id, account and amounts stay; what names a person goes. */
export async function blankSeller(
  queries: Queries,
  environmentId: string,
  sellerId: string,
): Promise<void> {
  await queries
    .updateTable('sellers')
    .set({ name: 'erased', email: null, website: null, phone: null })
    .where('environment_id', '=', environmentId)
    .where('id', '=', sellerId)
    .execute()
}
