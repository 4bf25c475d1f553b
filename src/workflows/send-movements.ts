import { idempotencyKey, type Movement } from '../domain/movement.ts'
import type { Outcome } from '../domain/outcome.ts'
import { claimAccepted, claimPending, claimUnanswered } from '../store/movement-sending.ts'
import { checkRestore } from './check-restore.ts'
import { concurrently } from './concurrently.ts'
import { settledBefore } from './look-up-first.ts'
import { lookForReturns } from './look-for-returns.ts'
import { createRecorder, recordOutcome, type Recorder } from './record-outcome.ts'
import { resolveMovement } from './resolve-movement.ts'
import type { Work } from './work.ts'

/** Movements that one worker has under way at once; the adapter paces them to the provider's limits. */
const atOnce = 16
/** Seconds after which a movement that was asked and never answered is taken up by another worker. */
export const leaseSeconds = 120
/** Seconds between two looks at what the provider has accepted and not finished. */
const acceptedLookSeconds = 3600

/**
 * Sends everything that is decided, and takes up what was asked and never answered. Returns how
 * many movements it dealt with. Any number of workers may run this at once: each movement is
 * claimed by one of them, with its attempt written before the call.
 */
export async function sendMovements(work: Work): Promise<number> {
  if (work.environment.paused) {
    work.log('warn', 'the environment is paused: nothing is sent')
    return 0
  }
  if (!(await checkRestore(work))) return 0
  let done = 0
  const count = () => {
    done += 1
    work.progress('sending', done)
  }
  await lookAtAccepted(work, count)
  await lookForReturns(work, atOnce, count)
  await concurrently(unanswered(work), atOnce, async movement => {
    await attempted(work, movement, resolveMovement(work, movement))
    count()
  })
  const recorder = createRecorder(work)
  await concurrently(pending(work), atOnce, async movement => {
    work.tally.sent()
    await attempted(work, movement, sendMovement(work, movement, recorder))
    count()
  })
  return done
}

/** Asks the provider about movements that it accepted a while ago and has not finished. */
async function lookAtAccepted(work: Work, count: () => void): Promise<void> {
  await concurrently(accepted(work), atOnce, async movement => {
    const outcome = await work.provider.look(movement).catch(unknownBecause)
    if (outcome.result === 'accepted' || outcome.result === 'unknown') return
    await attempted(work, movement, recordOutcome(work, movement, outcome))
    count()
  })
}

/** Decide (done), move, record: the move. One call, with the key of the attempt that is written. */
export async function sendMovement(
  work: Work,
  movement: Movement,
  recorder: Recorder = createRecorder(work),
): Promise<void> {
  if (await settledBefore(work, movement, recorder)) return
  const key = idempotencyKey(movement.id, movement.attempt)
  const outcome = await work.provider.send(movement, key).catch(unknownBecause)
  await recorder(movement, outcome)
}

/** An error of ours on the way says nothing about the money: it may have moved. */
export function unknownBecause(error: unknown): Outcome {
  return { result: 'unknown', message: String(error), lookUp: false }
}

/** One bad movement never stops the others: its row stays as it is and is taken up again. */
async function attempted(work: Work, movement: Movement, sending: Promise<unknown>): Promise<void> {
  try {
    await sending
  } catch (error) {
    work.tally.outcome(unknownBecause(error))
    work.log('error', 'a movement could not be recorded', {
      movement: movement.id,
      problem: String(error),
    })
  }
}

function leaseFrom(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000)
}

const claimSize = 64

/** What is not claimed stays as it is: a provider that is away leaves nothing in doubt. */
function mayClaim(work: Work): boolean {
  return !work.stopping() && (work.provider.answers?.() ?? true)
}

async function* pending(work: Work): AsyncGenerator<Movement> {
  while (mayClaim(work)) {
    const now = work.clock.now()
    const claim = {
      limit: claimSize,
      now,
      leaseUntil: leaseFrom(now, leaseSeconds),
      actor: work.actor,
    }
    const claimed = await work.database.inTransaction(queries =>
      claimPending(queries, work.environment.id, claim),
    )
    yield* claimed
    if (claimed.length < claimSize) return
  }
}

async function* unanswered(work: Work): AsyncGenerator<Movement> {
  // The moment is fixed: what is postponed while this runs waits for its own time.
  const now = work.clock.now()
  while (mayClaim(work)) {
    const claim = { limit: claimSize, now, leaseUntil: leaseFrom(now, leaseSeconds) }
    const claimed = await claimUnanswered(work.database.queries, work.environment.id, claim)
    yield* claimed
    if (claimed.length < claimSize) return
  }
}

async function* accepted(work: Work): AsyncGenerator<Movement> {
  const now = work.clock.now()
  while (mayClaim(work)) {
    const nextLookAt = leaseFrom(now, acceptedLookSeconds)
    const claim = { limit: claimSize, now, nextLookAt }
    const claimed = await claimAccepted(work.database.queries, work.environment.id, claim)
    yield* claimed
    if (claimed.length < claimSize) return
  }
}
