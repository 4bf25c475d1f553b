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
