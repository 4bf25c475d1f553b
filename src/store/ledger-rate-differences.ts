import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import { rateDifference } from '../domain/ledger-conversion.ts'
import { appendPostings } from './ledger.ts'

/** Refunds by their lines in the provider's books, or of some purchases. */
type Which = { readonly since: Date } | { readonly purchaseIds: readonly string[] }

/**
 * Brings the books to what refunds of converted payments cost by the provider's own lines. Before its
 * payment is known to be converted a refund is left out. Call it in an SQL transaction.
 */
export async function bookRateDifferences(
  queries: Queries,
  environmentId: string,
  which: Which,
  at: Date,
): Promise<void> {
  const those =
    'since' in which
      ? sql`m.id in (select movement_id from book_entries
          where environment_id = ${environmentId} and at >= ${which.since} and account is null)`
      : sql`m.purchase_id = any(${[...which.purchaseIds]})`
  const { rows } = await sql<{
    id: string
    provider: string
    payment_id: string | null
    order_id: string | null
    purchase_id: string | null
    seller_id: string | null
    cycle_id: string | null
    currency: string
    taken: string
    booked: string
    postings: bigint
  }>`
    select m.id, m.provider, m.payment_id, m.order_id, m.purchase_id, m.seller_id, m.cycle_id,
      l.currency, l.taken, b.booked, b.postings
    from movements m
    join lateral (
      select e.currency, sum(-e.amount)::text as taken from book_entries e
      where e.environment_id = m.environment_id and e.movement_id = m.id and e.account is null
      group by e.currency
    ) l on l.currency <> m.currency
    join lateral (
      select sum(le.amount)::text as booked,
        count(*) filter (where le.event = 'rate_difference') as postings
      from ledger_entries le
      where le.environment_id = m.environment_id and le.movement_id = m.id
        and le.currency = l.currency and le.account = 'customer'
    ) b on b.booked is not null
    where m.environment_id = ${environmentId} and ${those}
      and m.kind in ('refund', 'return') and m.account is null
      and m.status in ('accepted', 'succeeded', 'failed', 'canceled')
    order by m.id for no key update of m`.execute(queries)
  for (const row of rows) {
    const made = rateDifference({
      movementId: row.id,
      parties: {
        paymentId: row.payment_id,
        orderId: row.order_id,
        purchaseId: row.purchase_id,
        sellerId: row.seller_id,
        cycleId: row.cycle_id,
      },
      currency: row.currency,
      taken: BigInt(row.taken),
      booked: BigInt(row.booked),
      postings: Number(row.postings),
    })
    if (made === null) continue
    await appendPostings(queries, { environmentId, provider: row.provider, at }, [made])
  }
}
