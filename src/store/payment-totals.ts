import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'

/** What customers paid, in minor units of one currency. */
export interface PaymentTotals {
  readonly currency: string
  readonly count: number
  /** Reserved on the customers' cards and not captured yet. */
  readonly authorized: bigint
  readonly captured: bigint
  readonly refunded: bigint
}

/** Customers' money by currency. */
export async function totalPayments(
  queries: Queries,
  environmentId: string,
): Promise<PaymentTotals[]> {
  const rows = await queries
    .selectFrom('payments')
    .select(({ fn }) => [
      'currency',
      fn.countAll<bigint>().as('count'),
      sql<string>`coalesce(sum(authorized) filter (where status = 'authorized'), 0)`.as(
        'authorized',
      ),
      fn.sum<string>('captured').as('captured'),
      fn.sum<string>('refunded').as('refunded'),
    ])
    .where('environment_id', '=', environmentId)
    .groupBy('currency')
    .orderBy('currency')
    .execute()
  return rows.map(row => ({
    currency: row.currency,
    count: Number(row.count),
    authorized: BigInt(row.authorized),
    captured: BigInt(row.captured),
    refunded: BigInt(row.refunded),
  }))
}

/** An authorisation that ends soon: what it holds is lost when nobody captures it. */
export interface Expiring {
  readonly id: string
  readonly purchaseId: string | null
  readonly currency: string
  /** Minor units. */
  readonly authorized: bigint
  readonly captureBefore: Date
}

/** Authorisations of purchases that end before a moment, the nearest first. */
export async function expiringPayments(
  queries: Queries,
  environmentId: string,
  before: Date,
  limit: number,
): Promise<Expiring[]> {
  const rows = await queries
    .selectFrom('payments')
    .select(['id', 'purchase_id', 'currency', 'authorized', 'capture_before'])
    .where('environment_id', '=', environmentId)
    .where('open_for_capture', '=', true)
    .where('purchase_id', 'is not', null)
    .where('status', '=', 'authorized')
    .where('capture_before', '<=', before)
    .orderBy('capture_before')
    .limit(limit)
    .execute()
  return rows.map(row => ({
    id: row.id,
    purchaseId: row.purchase_id,
    currency: row.currency,
    authorized: row.authorized,
    captureBefore: row.capture_before ?? before,
  }))
}
