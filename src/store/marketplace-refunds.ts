import type { Selectable } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { MarketplaceRefunds } from '../database/tables.ts'
import type { MarketplaceRefund, RefundCase } from '../domain/refund.ts'

/** A refund as it is stored. */
export interface StoredRefund extends RefundCase {
  /** When the marketplace last listed it as waiting. */
  readonly seenAt: Date
}

/**
 * Stores the refunds that the marketplace lists; `at` marks the run that saw them. One that is
 * listed is open: whatever was settled before, the marketplace still waits for it.
 */
export async function saveRefunds(
  queries: Queries,
  environmentId: string,
  refunds: readonly MarketplaceRefund[],
  at: Date,
): Promise<void> {
  if (refunds.length === 0) return
  const unique = [...new Map(refunds.map(refund => [refund.id, refund])).values()]
  await queries
    .insertInto('marketplace_refunds')
    .values(
      unique.map(refund => ({
        environment_id: environmentId,
        id: refund.id,
        domain: refund.domain,
        order_id: refund.orderId,
        line_id: refund.lineId,
        purchase_id: refund.purchaseId,
        seller_id: refund.sellerId,
        amount: refund.amount,
        currency: refund.currency,
        tax: 0n,
        seen_at: at,
        created_at: at,
      })),
    )
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'id']).doUpdateSet(set => ({
        amount: set.ref('excluded.amount'),
        currency: set.ref('excluded.currency'),
        seen_at: set.ref('excluded.seen_at'),
        open: true,
      })),
    )
    .execute()
}

/** Refunds with something left to do, in order of id, after one of them. */
export async function openRefunds(
  queries: Queries,
  environmentId: string,
  query: { after: string; limit: number; sellerId?: string | undefined },
): Promise<StoredRefund[]> {
  let select = queries
    .selectFrom('marketplace_refunds')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('open', '=', true)
    .where('id', '>', query.after)
    .orderBy('id')
    .limit(query.limit)
  if (query.sellerId !== undefined) select = select.where('seller_id', '=', query.sellerId)
  return (await select.execute()).map(refundOf)
}

export async function refundsOfOrders(
  queries: Queries,
  environmentId: string,
  orderIds: readonly string[],
): Promise<StoredRefund[]> {
  if (orderIds.length === 0) return []
  const rows = await queries
    .selectFrom('marketplace_refunds')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('order_id', 'in', [...orderIds])
    .orderBy('id')
    .execute()
  return rows.map(refundOf)
}

/** Refunds of these purchases that are given back by capturing less. */
export async function releasedRefunds(
  queries: Queries,
  environmentId: string,
  purchaseIds: readonly string[],
): Promise<StoredRefund[]> {
  if (purchaseIds.length === 0) return []
  const rows = await queries
    .selectFrom('marketplace_refunds')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('purchase_id', 'in', [...purchaseIds])
    .where('released_by', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(refundOf)
}

/** What the order says of a refund; minor units. */
export async function describeRefund(
  queries: Queries,
  environmentId: string,
  id: string,
  known: {
    purchaseId: string
    sellerId: string
    share: bigint | null
    commission: bigint | null
  },
): Promise<void> {
  const { purchaseId, sellerId, share, commission } = known
  await queries
    .updateTable('marketplace_refunds')
    .set({ purchase_id: purchaseId, seller_id: sellerId, share, commission })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

/** The customer gets this money back by a smaller capture of `paymentId`; no refund is made. */
export async function releaseRefund(
  queries: Queries,
  environmentId: string,
  id: string,
  paymentId: string,
): Promise<void> {
  await queries
    .updateTable('marketplace_refunds')
    .set({ released_by: paymentId })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

/** Opens a refund again, or closes those with nothing left to do. */
export async function setRefundsOpen(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
  open: boolean,
): Promise<void> {
  if (ids.length === 0) return
  await queries
    .updateTable('marketplace_refunds')
    .set({ open })
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...ids])
    .execute()
}

function refundOf(row: Selectable<MarketplaceRefunds>): StoredRefund {
  return {
    id: row.id,
    domain: row.domain === 'service' ? 'service' : 'product',
    orderId: row.order_id,
    lineId: row.line_id,
    purchaseId: row.purchase_id,
    sellerId: row.seller_id,
    amount: row.amount,
    currency: row.currency,
    share: row.share,
    commission: row.commission,
    tax: row.tax,
    releasedBy: row.released_by,
    seenAt: row.seen_at,
  }
}
