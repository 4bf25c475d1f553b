import type { Selectable } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Debits } from '../database/tables.ts'
import type { Debit } from '../domain/debit.ts'

/** Stores the debits that the marketplace lists; `at` marks the run that saw them. */
export async function saveDebits(
  queries: Queries,
  environmentId: string,
  debits: readonly Debit[],
  at: Date,
): Promise<void> {
  if (debits.length === 0) return
  const unique = [...new Map(debits.map(debit => [debit.id, debit])).values()]
  await queries
    .insertInto('debits')
    .values(
      unique.map(debit => ({
        environment_id: environmentId,
        id: debit.id,
        domain: debit.domain,
        entity_type: debit.entityType,
        order_id: debit.orderId,
        purchase_id: debit.purchaseId,
        customer_id: debit.customerId,
        seller_id: debit.sellerId,
        amount: debit.amount,
        currency: debit.currency,
        imprint_number: debit.imprintNumber,
        pay_out_psp_code: debit.payOutPspCode,
        seen_at: at,
      })),
    )
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'id']).doUpdateSet(set => ({
        amount: set.ref('excluded.amount'),
        currency: set.ref('excluded.currency'),
        imprint_number: set.ref('excluded.imprint_number'),
        seen_at: set.ref('excluded.seen_at'),
      })),
    )
    .execute()
}

/** Debits that the run at `at` saw, in order of purchase and id, after one of them. */
export async function debitsSeenAt(
  queries: Queries,
  environmentId: string,
  at: Date,
  after: string,
  limit: number,
): Promise<Debit[]> {
  const rows = await queries
    .selectFrom('debits')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('seen_at', '=', at)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(debitOf)
}

/**
 * The sum of debits by id of a product order, in minor units. A service order's own amount is the
 * sum of its debits already.
 */
export async function debitsOfOrders(
  queries: Queries,
  environmentId: string,
  orderIds: readonly string[],
): Promise<Map<string, bigint>> {
  const sums = new Map<string, bigint>()
  if (orderIds.length === 0) return sums
  const rows = await queries
    .selectFrom('debits')
    .select(['order_id', 'amount'])
    .where('environment_id', '=', environmentId)
    .where('domain', '=', 'product')
    .where('order_id', 'in', [...orderIds])
    .execute()
  for (const row of rows) sums.set(row.order_id, (sums.get(row.order_id) ?? 0n) + row.amount)
  return sums
}

function debitOf(row: Selectable<Debits>): Debit {
  return {
    id: row.id,
    domain: row.domain as Debit['domain'],
    entityType: row.entity_type,
    orderId: row.order_id,
    purchaseId: row.purchase_id,
    customerId: row.customer_id,
    sellerId: row.seller_id,
    amount: row.amount,
    currency: row.currency,
    imprintNumber: row.imprint_number,
    payOutPspCode: row.pay_out_psp_code,
  }
}
