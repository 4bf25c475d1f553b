import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Orders } from '../database/tables.ts'
import type { Order } from '../domain/order.ts'
import { decodeBody, encodeBody } from './json-body.ts'

export interface SavedOrders {
  /** Orders that are new, or that changed since they were stored. */
  readonly changed: number
}

/**
 * Stores orders as they were read. An order that did not change writes nothing, one that changed is
 * opened for the split again. An older reading never replaces a newer one.
 */
export async function saveOrders(
  queries: Queries,
  environmentId: string,
  orders: readonly Order[],
  now: Date,
): Promise<SavedOrders> {
  if (orders.length === 0) return { changed: 0 }
  const unique = [...new Map(orders.map(order => [order.id, order])).values()]
  const rows = unique.map(order => rowOf(environmentId, order, now))
  const result = await queries
    .insertInto('orders')
    .values(rows)
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'id'])
        .doUpdateSet(set => ({
          purchase_id: set.ref('excluded.purchase_id'),
          seller_id: set.ref('excluded.seller_id'),
          state: set.ref('excluded.state'),
          total: set.ref('excluded.total'),
          commission: set.ref('excluded.commission'),
          updated_at: set.ref('excluded.updated_at'),
          debited_at: set.ref('excluded.debited_at'),
          transaction_number: set.ref('excluded.transaction_number'),
          body: set.ref('excluded.body'),
          body_hash: set.ref('excluded.body_hash'),
          open_for_split: true,
          stored_at: set.ref('excluded.stored_at'),
          redacted_at: null,
        }))
        .whereRef('orders.body_hash', '<>', 'excluded.body_hash')
        .whereRef('orders.updated_at', '<=', 'excluded.updated_at'),
    )
    .executeTakeFirst()
  return { changed: Number(result.numInsertedOrUpdatedRows ?? 0n) }
}

function rowOf(environmentId: string, order: Order, now: Date) {
  const body = encodeBody(order)
  return {
    environment_id: environmentId,
    id: order.id,
    purchase_id: order.purchaseId,
    seller_id: order.sellerId,
    domain: order.domain,
    state: order.state,
    currency: order.currency,
    total: order.total,
    commission: order.commission,
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    debited_at: order.debitedAt,
    transaction_number: order.transactionNumber,
    body,
    // The update date alone says nothing about money: Mirakl touches it for statistics too.
    body_hash: createHash('sha256')
      .update(encodeBody({ ...order, updatedAt: null }))
      .digest('base64'),
    stored_at: now,
  }
}

const orderOf = (row: Pick<Selectable<Orders>, 'body'>): Order => decodeBody<Order>(row.body)

/** Orders whose split is not finally decided, in order of id, after one of them. */
export async function openOrders(
  queries: Queries,
  environmentId: string,
  query: {
    after: string
    limit: number
    domains: readonly string[]
    sellerId?: string | undefined
  },
): Promise<Order[]> {
  let select = queries
    .selectFrom('orders')
    .select('body')
    .where('environment_id', '=', environmentId)
    .where('open_for_split', '=', true)
    .where('id', '>', query.after)
    .where('domain', 'in', [...query.domains])
    .orderBy('id')
    .limit(query.limit)
  if (query.sellerId !== undefined) select = select.where('seller_id', '=', query.sellerId)
  return (await select.execute()).map(orderOf)
}

/**
 * Service orders whose debit is not known to be paid, in order of id, after one of them. Whether
 * their split is decided does not matter: an order that somebody else pays out is debited too.
 */
export async function undebitedServices(
  queries: Queries,
  environmentId: string,
  query: { after: string; limit: number; sellerId: string | undefined },
): Promise<Order[]> {
  let select = queries
    .selectFrom('orders')
    .select('body')
    .where('environment_id', '=', environmentId)
    .where('domain', '=', 'service')
    .where('debited_at', 'is', null)
    .where('id', '>', query.after)
    .orderBy('id')
    .limit(query.limit)
  if (query.sellerId !== undefined) select = select.where('seller_id', '=', query.sellerId)
  return (await select.execute()).map(orderOf)
}

/** The split of these orders is decided for good; they are looked at again only when they change. */
export async function closeOrders(
  queries: Queries,
  environmentId: string,
  orders: readonly Order[],
): Promise<void> {
  if (orders.length === 0) return
  await queries
    .updateTable('orders')
    .set({ open_for_split: false })
    .where('environment_id', '=', environmentId)
    .where(
      'id',
      'in',
      orders.map(order => order.id),
    )
    .execute()
}

export async function reopenOrder(
  queries: Queries,
  environmentId: string,
  orderId: string,
): Promise<void> {
  await queries
    .updateTable('orders')
    .set({ open_for_split: true })
    .where('environment_id', '=', environmentId)
    .where('id', '=', orderId)
    .execute()
}

/** Orders of these purchases, of the domains that are asked for; of both when none are named. */
export async function ordersOfPurchases(
  queries: Queries,
  environmentId: string,
  purchaseIds: readonly string[],
  domains: readonly Order['domain'][] = ['product', 'service'],
): Promise<Order[]> {
  if (purchaseIds.length === 0) return []
  const rows = await queries
    .selectFrom('orders')
    .select('body')
    .where('environment_id', '=', environmentId)
    .where('purchase_id', 'in', [...purchaseIds])
    .where('domain', 'in', [...domains])
    .orderBy('id')
    .execute()
  return rows.map(orderOf)
}

export async function orderById(
  queries: Queries,
  environmentId: string,
  id: string,
): Promise<Order | null> {
  const row = await queries
    .selectFrom('orders')
    .select('body')
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? null : orderOf(row)
}
