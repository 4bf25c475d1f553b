import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import { type Dispute, isEnded } from '../domain/dispute.ts'
import { unacknowledged } from './acknowledgements.ts'
import { decodeBody, encodeBody } from './json-body.ts'
import { bookDispute } from './ledger-disputes.ts'

/** A dispute with the purchase that it is about; null: not one of the marketplace's. */
export interface StoredDispute extends Dispute {
  readonly purchaseId: string | null
}

/**
 * Stores a dispute as the provider showed it at `toldAt`; an older word changes nothing, and of two
 * at one time an end stands. What changed is settled with the seller anew.
 */
export async function saveDispute(
  queries: Queries,
  environmentId: string,
  provider: string,
  dispute: StoredDispute,
  toldAt: Date,
): Promise<void> {
  const ended = sql<boolean>`(disputes.status in ('closed', 'won', 'lost'))`
  await queries
    .insertInto('disputes')
    .values({
      environment_id: environmentId,
      id: dispute.id,
      provider,
      charge_id: dispute.chargeId,
      payment_id: dispute.paymentId,
      purchase_id: dispute.purchaseId,
      amount: dispute.amount,
      currency: dispute.currency,
      status: dispute.status,
      reason: dispute.reason,
      evidence_due: dispute.evidenceDue,
      body: encodeBody(dispute),
      created_at: dispute.createdAt,
      told_at: toldAt,
    })
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'id'])
        .doUpdateSet(({ ref }) => ({
          purchase_id: sql<string | null>`coalesce(excluded.purchase_id, disputes.purchase_id)`,
          amount: ref('excluded.amount'),
          status: ref('excluded.status'),
          reason: ref('excluded.reason'),
          evidence_due: ref('excluded.evidence_due'),
          body: ref('excluded.body'),
          told_at: ref('excluded.told_at'),
          open: true,
        }))
        .where(({ or, eb, and, ref }) =>
          or([
            eb('disputes.told_at', '<', ref('excluded.told_at')),
            and([
              eb('disputes.told_at', '=', ref('excluded.told_at')),
              or([sql<boolean>`not ${ended}`, sql<boolean>`${isEnded(dispute.status)}::boolean`]),
            ]),
          ]),
        ),
    )
    .execute()
}

/** Disputes with something left to settle with their sellers, behind one of them. */
export async function openDisputes(
  queries: Queries,
  environmentId: string,
  query: { after: string; limit: number },
): Promise<StoredDispute[]> {
  const rows = await queries
    .selectFrom('disputes')
    .select(['body', 'purchase_id'])
    .where('environment_id', '=', environmentId)
    .where('open', '=', true)
    .where('id', '>', query.after)
    .orderBy('id')
    .limit(query.limit)
    .execute()
  return rows.map(row => ({ ...decodeBody<Dispute>(row.body), purchaseId: row.purchase_id }))
}

/**
 * Nothing is left to settle, unless the dispute changes; one that changed meanwhile stays open. What
 * it cost the operator is booked with it: call it in an SQL transaction.
 */
export async function closeDispute(
  queries: Queries,
  environmentId: string,
  dispute: StoredDispute,
  at: Date,
): Promise<void> {
  const closed = await queries
    .updateTable('disputes')
    .set({ open: false })
    .where('environment_id', '=', environmentId)
    .where('id', '=', dispute.id)
    .where('status', '=', dispute.status)
    .executeTakeFirst()
  if (closed.numUpdatedRows > 0n) await bookDispute(queries, environmentId, dispute, at)
}

export async function disputeById(
  queries: Queries,
  environmentId: string,
  id: string,
): Promise<StoredDispute | null> {
  const row = await queries
    .selectFrom('disputes')
    .select(['body', 'purchase_id'])
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  return { ...decodeBody<Dispute>(row.body), purchaseId: row.purchase_id }
}

/**
 * Disputes and inquiries that wait for evidence, the nearest deadline first.
 * @param query.acknowledged with those that a person has taken note of
 */
export async function disputesAwaitingEvidence(
  queries: Queries,
  environmentId: string,
  query: { readonly limit: number; readonly acknowledged: boolean },
): Promise<StoredDispute[]> {
  let select = queries
    .selectFrom('disputes')
    .select(['body', 'purchase_id'])
    .where('environment_id', '=', environmentId)
    .where('status', 'in', ['needs_response', 'inquiry'])
  if (!query.acknowledged) select = select.where(unacknowledged('dispute'))
  const rows = await select
    .orderBy(sql`evidence_due nulls last`)
    .orderBy('id')
    .limit(query.limit)
    .execute()
  return rows.map(row => ({ ...decodeBody<Dispute>(row.body), purchaseId: row.purchase_id }))
}

/** When the oldest dispute that has not ended was opened; null: all have. */
export async function oldestRunningDispute(
  queries: Queries,
  environmentId: string,
): Promise<Date | null> {
  const row = await queries
    .selectFrom('disputes')
    .select(({ fn }) => fn.min('created_at').as('oldest'))
    .where('environment_id', '=', environmentId)
    .where('status', 'not in', ['closed', 'won', 'lost'])
    .executeTakeFirst()
  // `min` of nothing is null, whatever the type says.
  return (row?.oldest as Date | null | undefined) ?? null
}

/** Of these purchases, those whose payment is disputed: money taken, not decided. Purchase -> dispute. */
export async function disputedPurchases(
  queries: Queries,
  environmentId: string,
  purchaseIds: readonly string[],
): Promise<Map<string, string>> {
  if (purchaseIds.length === 0) return new Map()
  const rows = await queries
    .selectFrom('disputes')
    .select(['id', 'purchase_id'])
    .where('environment_id', '=', environmentId)
    .where('purchase_id', 'in', [...purchaseIds])
    // Inquiries have taken nothing.
    .where('status', 'in', ['needs_response', 'in_review'])
    .orderBy('id')
    .execute()
  return new Map(rows.map(row => [row.purchase_id ?? '', row.id]))
}
