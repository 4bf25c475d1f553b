import type { Queries } from '../database/connection.ts'
import type { Facts } from '../domain/json.ts'
import type { MovementStatus } from '../domain/lifecycle.ts'
import type {
  Instruction,
  MovementKind,
  MovementParties,
  MovementSource,
} from '../domain/movement.ts'
import { appendJournal } from './journal.ts'
import { encodeBody } from './json-body.ts'
import { bookMove } from './ledger-booking.ts'
import { movementOf } from './movement-rows.ts'

export interface Observed {
  readonly id: string
  readonly kind: MovementKind
  readonly source: MovementSource
  readonly parties: MovementParties
  readonly status: MovementStatus
  readonly reason: string | null
  readonly currency: string
  readonly amount: bigint
  readonly account: string | null
  readonly provider: string
  readonly providerId: string | null
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly facts: Facts
  /** What the provider was asked by whoever asked, to look at its state by; never sent. */
  readonly instruction?: Instruction | null
  /** When an unfinished one is asked about; null: only events tell of it. */
  readonly nextLookAt?: Date | null
  readonly actor: string
  readonly now: Date
}

/**
 * Writes a movement that somebody else made, and books it. False: it is written already. Call in an
 * SQL transaction.
 */
export async function insertObserved(
  queries: Queries,
  environmentId: string,
  observed: Observed,
): Promise<boolean> {
  const inserted = await queries
    .insertInto('movements')
    .values({
      environment_id: environmentId,
      id: observed.id,
      kind: observed.kind,
      origin: 'observed',
      source_type: observed.source.type,
      source_id: observed.source.id,
      part: observed.source.part,
      sequence: observed.source.sequence,
      status: observed.status,
      reason: observed.reason,
      currency: observed.currency,
      amount: observed.amount,
      sent_amount: observed.amount,
      seller_id: observed.parties.sellerId,
      order_id: observed.parties.orderId,
      purchase_id: observed.parties.purchaseId,
      cycle_id: observed.parties.cycleId,
      payment_id: observed.parties.paymentId,
      provider: observed.provider,
      account: observed.account,
      provider_id: observed.providerId,
      failure_code: observed.failure?.code ?? null,
      failure_message: observed.failure?.message ?? null,
      facts: JSON.stringify(observed.facts),
      instruction:
        observed.instruction === undefined || observed.instruction === null
          ? null
          : encodeBody(observed.instruction),
      next_look_at: observed.nextLookAt ?? null,
      created_at: observed.now,
      updated_at: observed.now,
    })
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'kind', 'source_type', 'source_id', 'part', 'sequence'])
        .doNothing(),
    )
    .returningAll()
    .executeTakeFirst()
  if (inserted === undefined) return false
  const line = {
    movementId: observed.id,
    actor: observed.actor,
    from: null,
    to: observed.status,
    reason: observed.reason,
    attempt: 0,
    facts: observed.facts,
  }
  await appendJournal(queries, environmentId, [line], observed.now)
  const move = { movement: movementOf(inserted), from: null, to: observed.status }
  await bookMove(queries, environmentId, move, observed.now)
  return true
}
