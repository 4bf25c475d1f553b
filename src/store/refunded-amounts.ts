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
