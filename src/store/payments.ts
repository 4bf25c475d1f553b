import { type Selectable, sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Payments } from '../database/tables.ts'
import type { Payment } from '../domain/payment.ts'
import { bookCaptured } from './ledger-booking.ts'
import { bookSettlements } from './ledger-settlements.ts'
import { type OwnGoods, bookOwnGoods } from './ledger-own-goods.ts'

/**
 * Stores payments as the provider showed them at `toldAt`. Words may arrive in any order and more
 * than once: the same words end in the same state. A payment only goes forward; within one stage
 * (`stages`) the later word counts, and of two at one time the one that is further. What only some
 * words know (the purchase, the end of an authorisation, the group) is kept whoever said it.
 */
export async function savePayments(
  queries: Queries,
  environmentId: string,
  provider: string,
  payments: readonly Payment[],
  toldAt: Date,
): Promise<void> {
  if (payments.length === 0) return
  // The books follow in the same SQL transaction; a reading brings none of its own.
  if (!queries.isTransaction) {
    return queries
      .transaction()
      .execute(own => savePayments(own, environmentId, provider, payments, toldAt))
  }
  const unique = [...new Map(payments.map(payment => [payment.id, payment])).values()]
  await queries
    .insertInto('payments')
    .values(unique.map(payment => rowOf(environmentId, provider, payment, toldAt)))
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'provider', 'id']).doUpdateSet({
        status: told<string>('status'),
        authorized: told<bigint>('authorized'),
        captured: told<bigint>('captured'),
        failure: told<string | null>('failure'),
        told_at: told<Date>('told_at'),
        charge_id: known<string | null>('charge_id'),
        capture_before: known<Date | null>('capture_before'),
        transfer_group: known<string | null>('transfer_group'),
        ...settledColumns,
        // No event moves a payment to another purchase.
        purchase_id: sql<string | null>`coalesce(payments.purchase_id, excluded.purchase_id)`,
        // An event about the intent knows nothing of refunds and says 0.
        refunded: sql<bigint>`case
          when payments.status = 'captured' and excluded.status = 'captured'
            then greatest(payments.refunded, excluded.refunded)
          else ${told('refunded')} end`,
        // A payment that failed may be tried again by the customer.
        open_for_capture: sql<boolean>`payments.open_for_capture or payments.status = 'failed'`,
      }),
    )
    .execute()
  const captured = unique.filter(payment => payment.captured > 0n).map(payment => payment.id)
  await bookCaptured(queries, environmentId, captured, toldAt)
  const settled = unique.filter(({ settled }) => settled !== null).map(payment => payment.id)
  await bookSettlements(queries, environmentId, settled, toldAt)
}

/** What a payment brought never changes, and no event says it: whoever knows it is right. */
const settledColumns = {
  settled_amount: sql<bigint | null>`coalesce(excluded.settled_amount, payments.settled_amount)`,
  settled_currency: sql<
    string | null
  >`coalesce(excluded.settled_currency, payments.settled_currency)`,
}

/** Between two words of one stage a payment may go back: tried again, or a refund that failed. */
const stages = [['pending', 'failed'], ['authorized'], ['captured', 'refunded'], ['canceled']]

/** Does the new word count, or what is stored? */
const newWordCounts = sql<boolean>`(${place('excluded')}) >= (${place('payments')})`

function place(table: 'excluded' | 'payments') {
  const status = sql.ref(`${table}.status`)
  const cases = stages.flatMap((stage, index) =>
    stage.map(each => sql`when ${sql.lit(each)} then ${sql.lit(index)}`),
  )
  const order = sql.lit(`{${stages.flat().join(',')}}`)
  return sql`case ${status} ${sql.join(cases, sql` `)} end, ${sql.ref(`${table}.told_at`)},
    array_position(${order}::text[], ${status})`
}

/** The column as the word that counts says it. */
function told<T>(column: string) {
  const [fresh, stored] = [sql.ref(`excluded.${column}`), sql.ref(`payments.${column}`)]
  return sql<T>`case when ${newWordCounts} then ${fresh} else ${stored} end`
}

/** The same, or as the other word says it when that one does not know. */
function known<T>(column: string) {
  const [fresh, stored] = [sql.ref(`excluded.${column}`), sql.ref(`payments.${column}`)]
  return sql<T>`case when ${newWordCounts} then coalesce(${fresh}, ${stored})
    else coalesce(${stored}, ${fresh}) end`
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
    settled_amount: payment.settled?.amount ?? null,
    settled_currency: payment.settled?.currency ?? null,
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
    settled:
      row.settled_amount === null || row.settled_currency === null
        ? null
        : {
            amount: row.settled_amount,
            currency: row.settled_currency,
          },
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

/**
 * Nothing is left to decide about these payments: what they hold for no order is booked as the
 * operator's own sale. Call it in an SQL transaction.
 */
export async function closeForCapture(
  queries: Queries,
  environmentId: string,
  closed: readonly OwnGoods[],
  now: Date,
): Promise<void> {
  if (closed.length === 0) return
  await queries
    .updateTable('payments')
    .set({ open_for_capture: false })
    .where('environment_id', '=', environmentId)
    .where(
      'id',
      'in',
      closed.map(each => each.paymentId),
    )
    .execute()
  await bookOwnGoods(queries, environmentId, closed, now)
}

/** What a movement of ours did to a payment, recorded and booked with its outcome. */
export async function amendPayment(
  queries: Queries,
  environmentId: string,
  id: string,
  change: { status?: Payment['status']; captured?: bigint; refundedBy?: bigint },
  now: Date,
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
  if (change.captured !== undefined) await bookCaptured(queries, environmentId, [id], now)
}
