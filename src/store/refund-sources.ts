import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import type { Order } from '../domain/order.ts'
import { decodeBody } from './json-body.ts'
import { movementOf } from './movement-rows.ts'

/** What refunds are decided from, beside their own table. */

export async function ordersById(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
): Promise<Map<string, Order>> {
  if (ids.length === 0) return new Map()
  const rows = await queries
    .selectFrom('orders')
    .select(['id', 'body'])
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(row => [row.id, decodeBody<Order>(row.body)]))
}

/** Orders of these whose split is decided for good: nothing of theirs will be transferred. */
export async function ordersClosedForSplit(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await queries
    .selectFrom('orders')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...ids])
    .where('open_for_split', '=', false)
    .execute()
  return new Set(rows.map(row => row.id))
}

/** The refunds of these orders that are known -> is something of them left to do? */
export async function refundsInWork(
  queries: Queries,
  environmentId: string,
  orderIds: readonly string[],
): Promise<Map<string, { isOpen: boolean }>> {
  if (orderIds.length === 0) return new Map()
  const rows = await queries
    .selectFrom('marketplace_refunds')
    .select(['id', 'open'])
    .where('environment_id', '=', environmentId)
    .where('order_id', 'in', [...orderIds])
    .execute()
  return new Map(rows.map(row => [row.id, { isOpen: row.open }]))
}

/** Every movement of these orders and kinds, oldest first. */
export async function movementsOfOrders(
  queries: Queries,
  environmentId: string,
  kinds: readonly string[],
  orderIds: readonly string[],
): Promise<Movement[]> {
  if (orderIds.length === 0) return []
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('kind', 'in', [...kinds])
    .where('order_id', 'in', [...orderIds])
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(movementOf)
}

/** Reversals that wait for a seller's money: the seller's next payout follows them. */
export async function heldReversals(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  currencies: readonly string[],
): Promise<Movement[]> {
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('currency', 'in', [...currencies])
    .where('kind', '=', 'reversal')
    // The marketplace nets refunds in its cycles; of disputes it knows nothing.
    .where('source_type', '=', 'refund')
    .where(({ eb, and, or }) =>
      or([
        eb('status', 'in', ['pending', 'submitted', 'failed']),
        and([
          eb('status', '=', 'on_hold'),
          // What waits for its refund or its transfer is not the seller's to give back yet.
          eb('reason', 'not in', ['waits_for_refund', 'waits_for_transfer']),
        ]),
      ]),
    )
    .execute()
  return rows.map(movementOf)
}
