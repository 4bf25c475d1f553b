import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'

/**
 * Counts what our refunds of a payment gave back. The provider's own count may have come before
 * (events) and includes them: the larger of the two stands, never their sum.
 * @param takenBack a refund that came back just now: its amount is the platform's again
 */
export async function countRefunded(
  queries: Queries,
  environmentId: string,
  paymentId: string,
  takenBack = 0n,
): Promise<void> {
  const ours = sql<bigint>`(
    select coalesce(sum(m.sent_amount), 0)::bigint from movements m
    where m.environment_id = ${environmentId} and m.payment_id = ${paymentId}
      and m.kind = 'refund' and m.status = 'succeeded'
      and not exists (
        select from movements r where r.environment_id = m.environment_id
          and r.kind = 'return' and r.source_type = 'movement' and r.source_id = m.id
      )
  )`
  const left =
    takenBack > 0n
      ? sql<string>`case when status = 'refunded' then 'captured' else status end`
      : sql<string>`status`
  await queries
    .updateTable('payments')
    .set({ refunded: sql<bigint>`greatest(refunded - ${takenBack}, ${ours})`, status: left })
    .where('environment_id', '=', environmentId)
    .where('id', '=', paymentId)
    .execute()
}

/**
 * What our refunds gave back of each order of these purchases, minor units by order; what came back
 * again does not count.
 */
export async function refundedByOrder(
  queries: Queries,
  environmentId: string,
  purchaseIds: readonly string[],
): Promise<Map<string, bigint>> {
  if (purchaseIds.length === 0) return new Map()
  const rows = await queries
    .selectFrom('movements as m')
    .select(({ fn }) => ['m.order_id', fn.sum<string>('m.sent_amount').as('total')])
    .where('m.environment_id', '=', environmentId)
    .where('m.kind', '=', 'refund')
    .where('m.source_type', '=', 'refund')
    .where('m.status', '=', 'succeeded')
    .where('m.purchase_id', 'in', purchaseIds)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('movements as r')
            .select('r.id')
            .whereRef('r.environment_id', '=', 'm.environment_id')
            .where('r.kind', '=', 'return')
            .where('r.source_type', '=', 'movement')
            .whereRef('r.source_id', '=', 'm.id'),
        ),
      ),
    )
    .groupBy('m.order_id')
    .execute()
  return new Map(rows.map(({ order_id: id, total }) => [id ?? '', BigInt(total)]))
}

/** What was refunded by hand of each payment and did not come back; minor units by payment. */
export async function refundedByHand(
  queries: Queries,
  environmentId: string,
  purchaseIds: readonly string[],
): Promise<Map<string, bigint>> {
  if (purchaseIds.length === 0) return new Map()
  const { rows } = await sql<{ payment_id: string; total: string }>`
    select m.payment_id, sum(m.sent_amount)::text as total from movements m
    where m.environment_id = ${environmentId} and m.purchase_id = any(${[...purchaseIds]})
      and m.kind = 'refund' and m.source_type = 'provider' and m.status = 'succeeded'
      and m.order_id is null and m.payment_id is not null
      and not exists (
        select from movements r where r.environment_id = m.environment_id
          and r.kind = 'return' and r.source_type = 'movement' and r.source_id = m.id
      )
    group by m.payment_id`.execute(queries)
  return new Map(rows.map(row => [row.payment_id, BigInt(row.total)]))
}
