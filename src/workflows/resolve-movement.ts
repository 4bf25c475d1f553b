import { idempotencyKey, type Movement } from '../domain/movement.ts'
import type { Outcome } from '../domain/outcome.ts'
import { postponeUnanswered } from '../store/movement-sending.ts'
import { settledBefore } from './look-up-first.ts'
import type { Found } from './ports.ts'
import { createRecorder, recordOutcome } from './record-outcome.ts'
import type { Work } from './work.ts'

/** Stripe keeps an idempotency key for 24 h; an hour less leaves room for clocks that differ. */
const keyKeptSeconds = 23 * 3600
/** `failure_code` of a movement whose key cannot bring an answer any more. */
export const lookUpCode = 'look_up'

/**
 * A movement that was asked and never answered is never sent anew under another key. While the
 * provider keeps the key, the same key brings the first answer; after that, or when the provider
 * only replays its own 5xx, it is looked up. Not found anywhere: a person must look at it.
 */
export async function resolveMovement(work: Work, movement: Movement): Promise<void> {
  if (await settledBefore(work, movement, createRecorder(work))) return
  const now = work.clock.now()
  const age = movement.attemptedAt === null ? 0 : now.getTime() - movement.attemptedAt.getTime()
  const keyIsKept = age < keyKeptSeconds * 1000
  const lookUp = !keyIsKept || movement.failure?.code === lookUpCode
  const found = lookUp
    ? await work.provider.find(movement).catch(notAnswered)
    : await work.provider
        .send(movement, idempotencyKey(movement.id, movement.attempt))
        .catch(notAnswered)
  if (found.result !== 'absent') {
    await recordOutcome(work, movement, found)
    return
  }
  const message = keyIsKept
    ? 'not found at the provider yet; it is looked up again'
    : 'asked, never answered, and not found at the provider'
  await postponeUnanswered(work.database.queries, work.environment.id, movement, {
    leaseUntil: new Date(now.getTime() + 3600 * 1000),
    needsReview: !keyIsKept,
    lookUp: true,
    message,
    now,
  })
  if (!keyIsKept) work.log('error', 'a movement needs review', { movement: movement.id })
}

function notAnswered(error: unknown): Found & Outcome {
  return { result: 'unknown', message: String(error), lookUp: false }
}
