import type { Movement } from '../domain/movement.ts'
import type { Outcome } from '../domain/outcome.ts'
import { isLookedUpFirst } from '../domain/restore.ts'
import { postponeUnanswered } from '../store/movement-sending.ts'
import { movementsByProviderId } from '../store/movements.ts'
import { correctSentAmount, wasAskedSince } from '../store/restores.ts'
import type { Found } from './ports.ts'
import type { Recorder } from './record-outcome.ts'
import type { Work } from './work.ts'

/**
 * After a restore nobody knows what moved since the backup: the first time that a movement would be
 * sent it is looked up, by its id and by its source, for its row may be a new one. True: it was found,
 * or nobody can tell, and that is recorded: it must not be sent. False: it may be sent.
 * The movement must be claimed (`submitted`).
 */
export async function settledBefore(
  work: Work,
  movement: Movement,
  recorder: Recorder,
): Promise<boolean> {
  const { restore = null } = work.environment
  if (restore === null || !isLookedUpFirst(restore, movement.createdAt)) return false
  const { queries } = work.database
  if (await wasAskedSince(queries, work.environment.id, movement, restore.at)) return false
  const found = await work.provider.find(movement, { since: restore.from }).catch(notFoundOut)
  if (found.result === 'absent') return false
  const booked = await bookedElsewhere(work, movement, found)
  if (booked !== null) {
    await leaveToAPerson(work, movement, booked)
    return true
  }
  // Looked up again before it is sent: a 'look_up' mark would keep it from ever being sent.
  const outcome = found.result === 'unknown' ? { ...found, lookUp: false } : found
  await recorder(await withFoundAmount(work, movement, outcome), outcome)
  return true
}

function notFoundOut(error: unknown): Found {
  return { result: 'unknown', message: String(error), lookUp: false }
}

/** The movement that has what was found: it was observed before a plan made this one anew. */
async function bookedElsewhere(
  work: Work,
  movement: Movement,
  found: Outcome,
): Promise<Movement | null> {
  if (found.result !== 'succeeded' && found.result !== 'accepted') return null
  const { queries } = work.database
  const known = await movementsByProviderId(queries, work.environment.id, found.providerId)
  return known.find(each => each.id !== movement.id && each.kind === movement.kind) ?? null
}

async function leaveToAPerson(work: Work, movement: Movement, booked: Movement): Promise<void> {
  const now = work.clock.now()
  const message = `what it would do was done before the restore, and is booked as ${booked.id}`
  await postponeUnanswered(work.database.queries, work.environment.id, movement, {
    leaseUntil: now,
    needsReview: true,
    lookUp: true,
    message,
    now,
  })
  work.log('error', 'a movement needs review', { movement: movement.id, problem: message })
}

/** Takes over the amount that moved, where it is not the one that is owed by now. */
export async function withFoundAmount(
  work: Work,
  movement: Movement,
  found: Outcome,
): Promise<Movement> {
  if (found.result !== 'succeeded' && found.result !== 'accepted') return movement
  const amount = found.detail?.amount
  if (amount === undefined || amount === movement.sentAmount) return movement
  await correctSentAmount(work.database.queries, work.environment.id, movement, amount)
  work.log('warn', 'what had moved before the restore is another amount than is owed now', {
    movement: movement.id,
    owed: String(movement.sentAmount ?? ''),
    moved: String(amount),
  })
  return { ...movement, amount, sentAmount: amount }
}
