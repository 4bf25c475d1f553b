import { type Selectable, sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Confirmations } from '../database/tables.ts'
import type { ConfirmationKind } from '../domain/debit.ts'
import type { Facts } from '../domain/json.ts'

export type ConfirmationStatus =
  'on_hold' | 'pending' | 'submitted' | 'failed' | 'succeeded' | 'canceled'

/** What the marketplace is told about one debit, refund or cycle; written before it is told. */
export interface Confirmation {
  readonly kind: ConfirmationKind
  readonly targetId: string
  readonly sequence: number
  readonly status: ConfirmationStatus
  readonly says: 'paid' | 'refused' | null
  readonly reason: string | null
  readonly sellerId: string | null
  readonly orderId: string | null
  readonly purchaseId: string | null
  readonly cycleId: string | null
  /** Minor units. */
  readonly amount: bigint
  readonly currency: string
  readonly reference: string | null
  readonly message: string | null
  readonly attempt: number
  readonly facts: Facts
}

export type NewConfirmation = Omit<Confirmation, 'attempt' | 'message'>

/**
 * Writes what is to be told, unless it was already told (or is being told). True: it stands as
 * given now. A hold or a refusal by the marketplace may be replaced; a confirmation never.
 */
export async function planConfirmation(
  queries: Queries,
  environmentId: string,
  fresh: NewConfirmation,
  now: Date,
): Promise<boolean> {
  const columns = {
    status: fresh.status,
    says: fresh.says,
    reason: fresh.reason,
    amount: fresh.amount,
    currency: fresh.currency,
    reference: fresh.reference,
    facts: JSON.stringify(fresh.facts),
    updated_at: now,
  }
  const result = await queries
    .insertInto('confirmations')
    .values({
      environment_id: environmentId,
      kind: fresh.kind,
      target_id: fresh.targetId,
      sequence: fresh.sequence,
      seller_id: fresh.sellerId,
      order_id: fresh.orderId,
      purchase_id: fresh.purchaseId,
      cycle_id: fresh.cycleId,
      created_at: now,
      ...columns,
    })
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'kind', 'target_id', 'sequence'])
        .doUpdateSet(columns)
        .where('confirmations.status', 'in', ['on_hold', 'pending', 'failed']),
    )
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Marks a confirmation as being told, if nobody else does; its attempt is counted before the call. */
export async function claimConfirmation(
  queries: Queries,
  environmentId: string,
  kind: ConfirmationKind,
  targetId: string,
  sequence: number,
  now: Date,
  before: { readonly unanswered: Date; readonly refused: Date },
): Promise<Confirmation | null> {
  const row = await queries
    .updateTable('confirmations')
    .set({
      status: 'submitted',
      attempt: sql<number>`attempt + 1`,
      attempted_at: now,
      updated_at: now,
    })
    .where('environment_id', '=', environmentId)
    .where('kind', '=', kind)
    .where('target_id', '=', targetId)
    .where('sequence', '=', sequence)
    .where(({ eb, and, or }) =>
      or([
        eb('status', '=', 'pending'),
        and([eb('status', '=', 'submitted'), eb('attempted_at', '<', before.unanswered)]),
        and([eb('status', '=', 'failed'), eb('attempted_at', '<', before.refused)]),
      ]),
    )
    .returningAll()
    .executeTakeFirst()
  return row === undefined ? null : confirmationOf(row)
}

/** Records the marketplace's answer to a confirmation that was being told. */
export async function recordConfirmation(
  queries: Queries,
  environmentId: string,
  confirmation: Confirmation,
  answer: {
    status: 'succeeded' | 'failed' | 'submitted'
    reason: string | null
    message: string | null
  },
  now: Date,
): Promise<void> {
  await queries
    .updateTable('confirmations')
    .set({ ...answer, updated_at: now })
    .where('environment_id', '=', environmentId)
    .where('kind', '=', confirmation.kind)
    .where('target_id', '=', confirmation.targetId)
    .where('sequence', '=', confirmation.sequence)
    .where('attempt', '=', confirmation.attempt)
    .where('status', '=', 'submitted')
    .execute()
}

export function confirmationOf(row: Selectable<Confirmations>): Confirmation {
  return {
    kind: row.kind as ConfirmationKind,
    targetId: row.target_id,
    sequence: row.sequence,
    status: row.status as ConfirmationStatus,
    says: row.says as Confirmation['says'],
    reason: row.reason,
    sellerId: row.seller_id,
    orderId: row.order_id,
    purchaseId: row.purchase_id,
    cycleId: row.cycle_id,
    amount: row.amount,
    currency: row.currency,
    reference: row.reference,
    message: row.message,
    attempt: row.attempt,
    facts: row.facts as Facts,
  }
}

/** Confirmations of one kind by target. */
export async function confirmationsOf(
  queries: Queries,
  environmentId: string,
  kind: ConfirmationKind,
  by: { targetIds?: readonly string[]; purchaseIds?: readonly string[]; orderId?: string },
): Promise<Confirmation[]> {
  let select = queries
    .selectFrom('confirmations')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('kind', '=', kind)
  if (by.targetIds !== undefined) {
    if (by.targetIds.length === 0) return []
    select = select.where('target_id', 'in', [...by.targetIds])
  }
  if (by.purchaseIds !== undefined) {
    if (by.purchaseIds.length === 0) return []
    select = select.where('purchase_id', 'in', [...by.purchaseIds])
  }
  if (by.orderId !== undefined) select = select.where('order_id', '=', by.orderId)
  return (await select.orderBy('created_at').execute()).map(confirmationOf)
}

/** Confirmations of one kind that are not finished, in order of target. */
export async function openConfirmations(
  queries: Queries,
  environmentId: string,
  kind: ConfirmationKind,
  after: string,
  limit: number,
): Promise<Confirmation[]> {
  const rows = await queries
    .selectFrom('confirmations')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('kind', '=', kind)
    .where('status', 'in', ['pending', 'submitted', 'failed'])
    .where('target_id', '>', after)
    .orderBy('target_id')
    .limit(limit)
    .execute()
  return rows.map(confirmationOf)
}
