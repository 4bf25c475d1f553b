import type { Outcome } from '../domain/outcome.ts'
import { movementById } from '../store/movements.ts'
import type { Changed } from './change-movement.ts'
import { recordOutcome } from './record-outcome.ts'
import { createTally } from './tally.ts'
import type { Work } from './work.ts'

type Acting = Pick<Work, 'database' | 'environment' | 'clock' | 'actor' | 'log'>

/** What a person found at the provider: the object that was made, or that there is none. */
export type ByHand = { readonly providerId: string } | { readonly notThere: true }

/**
 * A movement that was asked, never answered and found by no look-up (`needs_review`): a person
 * looked at the provider and says what is there. Nobody else may say so of a movement whose answer
 * can still come: money may have moved.
 */
export async function answerMovement(work: Acting, id: string, found: ByHand): Promise<Changed> {
  const { queries } = work.database
  const movement = await movementById(queries, work.environment.id, id)
  if (movement === null) return { ok: false, problem: 'unknown', message: `no movement ${id}` }
  if (movement.status !== 'submitted' || !movement.needsReview) {
    const state = movement.status === 'submitted' ? 'still being looked up' : movement.status
    const message = `movement ${id} was not changed: it is ${state}, and needs no review`
    return { ok: false, problem: 'not_allowed', message }
  }
  const recorded = await recordOutcome(
    { ...work, tally: createTally() },
    movement,
    outcomeOf(found),
  )
  if (!recorded) {
    return { ok: false, problem: 'not_allowed', message: `movement ${id} moved on meanwhile` }
  }
  const after = await movementById(queries, work.environment.id, id)
  return { ok: true, movement: after ?? movement }
}

function outcomeOf(found: ByHand): Outcome {
  if ('providerId' in found) return { result: 'succeeded', providerId: found.providerId }
  const message = 'An operator looked at the provider: it was never made.'
  return { result: 'rejected', reason: 'provider_refused', code: 'not_there', message }
}
