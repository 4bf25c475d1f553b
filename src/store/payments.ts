import { type Selectable, sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Payments } from '../database/tables.ts'
import type { Payment } from '../domain/payment.ts'

/**
 * Stores a payment as the provider showed it at `toldAt`. A late event never replaces what a newer
 * one said. A purchase once known for a payment stays: no event moves a payment to another purchase.
 */
export async function savePayments(
  queries: Queries,
  environmentId: string,
  provider: string,
  payments: readonly Payment[],
  toldAt: Date,
): Promise<void> {
  if (payments.length === 0) return
  const unique = [...new Map(payments.map(payment => [payment.id, payment])).values()]
  await queries
    .insertInto('payments')
    .values(unique.map(payment => rowOf(environmentId, provider, payment, toldAt)))
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'provider', 'id'])
        .doUpdateSet(set => ({
          charge_id: sql<string | null>`coalesce(excluded.charge_id, payments.charge_id)`,
          purchase_id: sql<string | null>`coalesce(payments.purchase_id, excluded.purchase_id)`,
          status: set.ref('excluded.status'),
          authorized: set.ref('excluded.authorized'),
          captured: set.ref('excluded.captured'),
          // An event about the intent knows nothing of refunds and says 0.
          refunded: sql<bigint>`case
            when payments.status = 'refunded' and excluded.status = 'captured' then excluded.refunded
            else greatest(payments.refunded, excluded.refunded) end`,
          capture_before: sql<Date | null>`coalesce(excluded.capture_before, payments.capture_before)`,
          transfer_group: sql<
            string | null
          >`coalesce(excluded.transfer_group, payments.transfer_group)`,
          failure: set.ref('excluded.failure'),
          told_at: sql<Date>`greatest(payments.told_at, excluded.told_at)`,
          // A payment that failed may be tried again by the customer.
          open_for_capture: sql<boolean>`payments.open_for_capture or payments.status = 'failed'`,
        }))
        // A payment only goes forward, whatever order events arrive in; within one state, and from
        // `failed` (tried again) or `refunded` (a refund that failed), the later word counts.
        .where(
          sql<boolean>`${rank('excluded.status')} > ${rank('payments.status')}
            or (excluded.told_at >= payments.told_at
              and (excluded.status = payments.status or payments.status in ('failed', 'refunded')))`,
        ),
    )
    .execute()
}

function rank(column: string) {
  const order = ['pending', 'failed', 'authorized', 'captured', 'refunded', 'canceled']
  return sql`array_position(${sql.lit(`{${order.join(',')}}`)}::text[], ${sql.ref(column)})`
}

function rowOf(environmentId: string, provider: string, payment: Payment, toldAt: Date) {
  return {
    environment_id: environmentId,
    provider,
    id: payment.id,
    intent_id: payment.intentId,
    charge_id: payment.chargeId,
    purchase_id: payment.purchaseId,
    status: payment.status,
    currency: payment.currency,
    authorized: payment.authorized,
    captured: payment.captured,
    refunded: payment.refunded,
    capture_before: payment.captureBefore,
    transfer_group: payment.transferGroup,
    failure: payment.failure,
    created_at: payment.createdAt,
    told_at: toldAt,
  }
}

export function paymentOf(row: Selectable<Payments>): Payment {
  return {
    id: row.id,
    intentId: row.intent_id,
    chargeId: row.charge_id,
    purchaseId: row.purchase_id,
    status: row.status as Payment['status'],
    currency: row.currency,
    authorized: row.authorized,
    captured: row.captured,
    refunded: row.refunded,
    captureBefore: row.capture_before,
    transferGroup: row.transfer_group,
    createdAt: row.created_at,
    failure: row.failure,
  }
}

export async function paymentsOfPurchases(
  queries: Queries,
  environmentId: string,
  purchaseIds: readonly string[],
): Promise<Payment[]> {
  if (purchaseIds.length === 0) return []
  const rows = await queries
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('purchase_id', 'in', [...purchaseIds])
    .orderBy('created_at')
    .execute()
  return rows.map(paymentOf)
}

/** By the id of the intent or of the charge. */
export async function paymentsByReference(
  queries: Queries,
  environmentId: string,
  references: readonly string[],
): Promise<Payment[]> {
  if (references.length === 0) return []
  const rows = await queries
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where(({ eb, or }) =>
      or([eb('id', 'in', [...references]), eb('charge_id', 'in', [...references])]),
    )
    .execute()
  return rows.map(paymentOf)
}

/** Payments of purchases whose capture is not decided for good, after one of them. */
export async function paymentsOpenForCapture(
  queries: Queries,
  environmentId: string,
  after: string,
  limit: number,
): Promise<Payment[]> {
  const rows = await queries
    .selectFrom('payments')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('open_for_capture', '=', true)
    .where('purchase_id', 'is not', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(paymentOf)
}

export async function closeForCapture(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await queries
    .updateTable('payments')
    .set({ open_for_capture: false })
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...ids])
    .execute()
}

/** What a movement of ours did to a payment, recorded with its outcome. */
export async function amendPayment(
  queries: Queries,
  environmentId: string,
  id: string,
  change: { status?: Payment['status']; captured?: bigint; refundedBy?: bigint },
): Promise<void> {
  let update = queries
    .updateTable('payments')
    .set({ id })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
  if (change.status !== undefined) update = update.set({ status: change.status })
  if (change.captured !== undefined) update = update.set({ captured: change.captured })
  if (change.refundedBy !== undefined) {
    update = update.set({ refunded: sql<bigint>`refunded + ${change.refundedBy}` })
  }
  await update.execute()
}
