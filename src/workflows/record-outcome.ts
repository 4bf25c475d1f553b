import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import type { Outcome } from '../domain/outcome.ts'
import { reasons } from '../domain/reasons.ts'
import { moveMovement, postponeUnanswered } from '../store/movement-sending.ts'
import { afterFailure, afterSuccess } from './movement-consequences.ts'
import type { Work } from './work.ts'

/** Seconds until an accepted movement is asked about; its event usually comes first. */
const firstLookSeconds = 3600

type Recording = Pick<Work, 'database' | 'environment' | 'clock' | 'actor' | 'log' | 'tally'>

/**
 * Records what a provider's answer means for a movement, with everything that follows from it, in
 * one SQL transaction. Returns false when the movement had moved on meanwhile: then nothing is
 * written, whoever was first has recorded it.
 */
export async function recordOutcome(
  work: Recording,
  movement: Movement,
  outcome: Outcome,
): Promise<boolean> {
  work.tally.outcome(outcome)
  if (outcome.result === 'unknown') {
    await postpone(work, movement, outcome)
    return true
  }
  if (outcome.result === 'accepted' && movement.status === 'accepted') return false
  return work.database.inTransaction(queries => record(queries, work, movement, outcome))
}

async function record(
  queries: Queries,
  work: Recording,
  movement: Movement,
  outcome: Exclude<Outcome, { result: 'unknown' }>,
): Promise<boolean> {
  const now = work.clock.now()
  const base = { actor: work.actor, now }
  const environmentId = work.environment.id
  if (outcome.result === 'rejected') {
    const moved = await moveMovement(queries, environmentId, movement, {
      ...base,
      to: 'failed',
      reason: outcome.reason,
      facts: { code: outcome.code, message: outcome.message },
      failure: { code: outcome.code, message: outcome.message },
      nextLookAt: reasons[outcome.reason].retried ? backOff(now, movement.attempt) : null,
      ...(outcome.providerId === undefined ? {} : { providerId: outcome.providerId }),
    })
    if (moved) await afterFailure(queries, work, movement, outcome)
    return moved
  }
  const { detail, providerId } = outcome
  const moved = await moveMovement(queries, environmentId, movement, {
    ...base,
    to: outcome.result,
    reason: null,
    facts: { providerId },
    providerId,
    failure: null,
    nextLookAt:
      outcome.result === 'accepted' ? new Date(now.getTime() + firstLookSeconds * 1000) : null,
    ...(detail?.providerStatus === undefined ? {} : { providerStatus: detail.providerStatus }),
  })
  if (moved && outcome.result === 'succeeded')
    await afterSuccess(queries, work, movement, providerId)
  return moved
}

/** Asked and not answered: the row stays `submitted`, its key stays the same. */
async function postpone(
  work: Recording,
  movement: Movement,
  outcome: Extract<Outcome, { result: 'unknown' }>,
): Promise<void> {
  const now = work.clock.now()
  const seconds = outcome.retryAfterSeconds ?? 60
  await postponeUnanswered(work.database.queries, work.environment.id, movement, {
    leaseUntil: new Date(now.getTime() + seconds * 1000),
    needsReview: false,
    lookUp: outcome.lookUp,
    message: outcome.message,
    now,
  })
  work.log('warn', 'a movement has no answer yet', {
    movement: movement.id,
    problem: outcome.message,
  })
}

/** 5 min, 10, 20 ... at most 24 h; published in docs/operating.md. */
export function backOff(now: Date, attempt: number): Date {
  const seconds = Math.min(300 * 2 ** Math.max(0, attempt - 1), 24 * 3600)
  return new Date(now.getTime() + seconds * 1000)
}
