import type { Queries } from '../database/connection.ts'
import type { Facts } from '../domain/json.ts'
import type { Instruction, Movement, MovementKind, MovementSource } from '../domain/movement.ts'
import type { MovementParties } from '../domain/movement.ts'
import type { ReasonCode } from '../domain/reasons.ts'
import { appendJournal } from './journal.ts'
import { encodeBody } from './json-body.ts'
import { bookMove } from './ledger-booking.ts'
import { movementOf } from './movement-rows.ts'

/** A movement that was made, or given up, before Tributary. Amounts in minor units. */
export interface Imported {
  readonly id: string
  readonly kind: MovementKind
  readonly source: MovementSource
  readonly parties: MovementParties
  /** `submitted`: nobody can tell whether money moved; it is marked for review, and never sent. */
  readonly status: 'succeeded' | 'accepted' | 'canceled' | 'submitted'
  readonly reason: ReasonCode | null
  readonly currency: string
  readonly amount: bigint | null
  readonly account: string | null
  readonly provider: string
  readonly providerId: string | null
  /** What the provider is asked when it is looked at again; needed for `accepted` only. */
  readonly instruction: Instruction | null
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly facts: Facts
  readonly createdAt: Date
}

/** The unique name of a movement: its kind and its source. */
export function sourceKey(kind: string, source: MovementSource): string {
  return [kind, source.type, source.id, source.part, source.sequence].join('\u0000')
}

/** The movements that stand under these names, by `sourceKey`. */
export async function movementsUnder(
  queries: Queries,
  environmentId: string,
  wanted: readonly { readonly kind: MovementKind; readonly source: MovementSource }[],
): Promise<Map<string, Movement>> {
  if (wanted.length === 0) return new Map()
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('kind', 'in', [...new Set(wanted.map(each => each.kind))])
    .where('source_id', 'in', [...new Set(wanted.map(each => each.source.id))])
    .execute()
  return new Map(
    rows.map(movementOf).map(movement => [sourceKey(movement.kind, movement.source), movement]),
  )
}

/**
 * Books movements that were made elsewhere, with a journal line each; call in an SQL transaction.
 * What stands under the same name is left alone. Returns the ids that were written.
 */
export async function insertImported(
  queries: Queries,
  environmentId: string,
  imported: readonly Imported[],
  by: { readonly actor: string; readonly now: Date },
): Promise<ReadonlySet<string>> {
  if (imported.length === 0) return new Set()
  const inserted = await queries
    .insertInto('movements')
    .values(imported.map(each => rowOf(environmentId, each, by.now)))
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'kind', 'source_type', 'source_id', 'part', 'sequence'])
        .doNothing(),
    )
    .returningAll()
    .execute()
  const written = new Set(inserted.map(row => row.id))
  const lines = imported
    .filter(each => written.has(each.id))
    .map(each => ({
      movementId: each.id,
      actor: by.actor,
      from: null,
      to: each.status,
      reason: each.reason,
      attempt: 0,
      facts: each.facts,
    }))
  await appendJournal(queries, environmentId, lines, by.now)
  for (const movement of inserted.map(movementOf)) {
    const move = { movement, from: null, to: movement.status }
    await bookMove(queries, environmentId, move, by.now)
  }
  return written
}

function rowOf(environmentId: string, each: Imported, now: Date) {
  return {
    environment_id: environmentId,
    id: each.id,
    kind: each.kind,
    origin: 'observed',
    source_type: each.source.type,
    source_id: each.source.id,
    part: each.source.part,
    sequence: each.source.sequence,
    status: each.status,
    reason: each.reason,
    needs_review: each.status === 'submitted',
    currency: each.currency,
    amount: each.amount,
    // What was sent is what was owed: no remainder is owed for it.
    sent_amount: each.amount,
    seller_id: each.parties.sellerId,
    order_id: each.parties.orderId,
    purchase_id: each.parties.purchaseId,
    cycle_id: each.parties.cycleId,
    payment_id: each.parties.paymentId,
    provider: each.provider,
    account: each.account,
    instruction: each.instruction === null ? null : encodeBody(each.instruction),
    provider_id: each.providerId,
    failure_code: each.failure?.code ?? null,
    failure_message: each.failure?.message ?? null,
    next_look_at: each.status === 'accepted' ? now : null,
    facts: JSON.stringify(each.facts),
    created_at: each.createdAt,
    updated_at: now,
  }
}

/** Of these orders, those whose money somebody else moved, or gave up, before they were planned. */
export async function ordersMovedElsewhere(
  queries: Queries,
  environmentId: string,
  orderIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (orderIds.length === 0) return new Set()
  const rows = await queries
    .selectFrom('movements')
    .select('source_id')
    .where('environment_id', '=', environmentId)
    .where('kind', '=', 'transfer')
    .where('source_type', '=', 'order')
    .where('source_id', 'in', [...orderIds])
    .where('part', '=', '')
    .where('origin', '=', 'observed')
    .execute()
  return new Set(rows.map(row => row.source_id))
}
