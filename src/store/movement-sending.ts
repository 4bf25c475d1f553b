import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Facts } from '../domain/json.ts'
import { type MovementStatus, mayMove } from '../domain/lifecycle.ts'
import type { Movement } from '../domain/movement.ts'
import type { ReasonCode } from '../domain/reasons.ts'
import { appendJournal } from './journal.ts'
import { bookMove } from './ledger-booking.ts'
import { movementOf } from './movement-rows.ts'

// The claims choose in a `with`: a subselect behind `in` may be run once per row, and would then
// skip what it has locked itself and take more than its limit.

/**
 * Takes movements to send, each for one worker: attempt and time are written before the call, so
 * that a crash behind it leaves a `submitted` row whose key is known. Call in an SQL transaction.
 */
export async function claimPending(
  queries: Queries,
  environmentId: string,
  claim: { limit: number; now: Date; leaseUntil: Date; actor: string },
): Promise<Movement[]> {
  const rows = await queries
    .with('chosen', select =>
      select
        .selectFrom('movements')
        .select('id')
        .where('environment_id', '=', environmentId)
        .where('status', '=', 'pending')
        .orderBy('id')
        .limit(claim.limit)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('movements')
    .from('chosen')
    .set({
      status: 'submitted',
      attempt: sql<number>`attempt + 1`,
      attempted_at: claim.now,
      lease_until: claim.leaseUntil,
      updated_at: claim.now,
    })
    .where('movements.environment_id', '=', environmentId)
    .whereRef('movements.id', '=', 'chosen.id')
    .returningAll('movements')
    .execute()
  const movements = rows.map(movementOf)
  await appendJournal(
    queries,
    environmentId,
    movements.map(movement => ({
      movementId: movement.id,
      actor: claim.actor,
      from: 'pending',
      to: 'submitted',
      reason: null,
      attempt: movement.attempt,
      facts: {},
    })),
    claim.now,
  )
  return movements
}

/** Takes movements that were asked and never answered, once their lease is over. */
export async function claimUnanswered(
  queries: Queries,
  environmentId: string,
  claim: { limit: number; now: Date; leaseUntil: Date },
): Promise<Movement[]> {
  const rows = await queries
    .with('chosen', select =>
      select
        .selectFrom('movements')
        .select('id')
        .where('environment_id', '=', environmentId)
        .where('status', '=', 'submitted')
        .where('needs_review', '=', false)
        .where('lease_until', '<=', claim.now)
        .orderBy('lease_until')
        .limit(claim.limit)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('movements')
    .from('chosen')
    .set({ lease_until: claim.leaseUntil, updated_at: claim.now })
    .where('movements.environment_id', '=', environmentId)
    .whereRef('movements.id', '=', 'chosen.id')
    .returningAll('movements')
    .execute()
  return rows.map(movementOf)
}

/** Accepted movements whose provider is to be asked for news. */
export async function claimAccepted(
  queries: Queries,
  environmentId: string,
  claim: { limit: number; now: Date; nextLookAt: Date },
): Promise<Movement[]> {
  const rows = await queries
    .with('chosen', select =>
      select
        .selectFrom('movements')
        .select('id')
        .where('environment_id', '=', environmentId)
        .where('status', '=', 'accepted')
        .where('next_look_at', '<=', claim.now)
        .orderBy('next_look_at')
        .limit(claim.limit)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('movements')
    .from('chosen')
    .set({ next_look_at: claim.nextLookAt })
    .where('movements.environment_id', '=', environmentId)
    .whereRef('movements.id', '=', 'chosen.id')
    .returningAll('movements')
    .execute()
  return rows.map(movementOf)
}

export interface Move {
  readonly to: MovementStatus
  readonly actor: string
  readonly now: Date
  readonly reason: ReasonCode | null
  readonly facts: Facts
  readonly providerId?: string
  readonly providerStatus?: string
  readonly failure?: { readonly code: string; readonly message: string } | null
  readonly nextLookAt?: Date | null
}

/**
 * Moves one movement along the lifecycle, if it still stands where the caller saw it
 * (compare-and-set), appends the journal line and books what it did to the accounts. False:
 * somebody else moved it first. Call in an SQL transaction.
 * @throws RangeError for a move that the lifecycle does not have: a defect of the caller.
 */
export async function moveMovement(
  queries: Queries,
  environmentId: string,
  movement: Movement,
  move: Move,
): Promise<boolean> {
  if (!mayMove(movement.status, move.to)) {
    throw new RangeError(`a movement cannot go from ${movement.status} to ${move.to}`)
  }
  const result = await queries
    .with('moved', each =>
      each
        .updateTable('movements')
        .set(columnsOf(move))
        .where('environment_id', '=', environmentId)
        .where('id', '=', movement.id)
        .where('status', '=', movement.status)
        .where('attempt', '=', movement.attempt)
        .returning('id'),
    )
    // The journal line in the same statement: a move costs one round trip.
    .insertInto('movement_journal')
    .columns([
      'environment_id',
      'movement_id',
      'at',
      'actor',
      'from_status',
      'to_status',
      'reason',
      'attempt',
      'facts',
    ])
    .expression(({ selectFrom, val }) =>
      selectFrom('moved').select([
        val(environmentId).as('environment_id'),
        'moved.id as movement_id',
        val(move.now).as('at'),
        val(move.actor).as('actor'),
        val(movement.status).as('from_status'),
        val(move.to).as('to_status'),
        val(move.reason).as('reason'),
        val(movement.attempt).as('attempt'),
        val(JSON.stringify(move.facts)).as('facts'),
      ]),
    )
    .executeTakeFirst()
  if (result.numInsertedOrUpdatedRows !== 1n) return false
  await bookMove(queries, environmentId, { movement, from: movement.status, to: move.to }, move.now)
  return true
}

function columnsOf(move: Move) {
  return {
    status: move.to,
    reason: move.reason,
    needs_review: false,
    lease_until: null,
    next_look_at: move.nextLookAt ?? null,
    updated_at: move.now,
    ...(move.providerId === undefined ? {} : { provider_id: move.providerId }),
    ...(move.providerStatus === undefined ? {} : { provider_status: move.providerStatus }),
    ...(move.failure === undefined
      ? {}
      : {
          failure_code: move.failure?.code ?? null,
          failure_message: move.failure?.message ?? null,
        }),
  }
}

/** Asked and still without an answer: when it is looked at again, or that a person must look. */
export async function postponeUnanswered(
  queries: Queries,
  environmentId: string,
  movement: Movement,
  change: { leaseUntil: Date; needsReview: boolean; lookUp: boolean; message: string; now: Date },
): Promise<void> {
  await queries
    .updateTable('movements')
    .set({
      lease_until: change.leaseUntil,
      needs_review: change.needsReview,
      // Once only a look-up can bring an answer, that stays so.
      ...(change.lookUp ? { failure_code: 'look_up' } : {}),
      failure_message: change.message,
      updated_at: change.now,
    })
    .where('environment_id', '=', environmentId)
    .where('id', '=', movement.id)
    .where('status', '=', 'submitted')
    .where('attempt', '=', movement.attempt)
    .execute()
}
