import type { Movement } from '../domain/movement.ts'
import { nextReturnLook } from '../domain/return-looks.ts'
import { claimReturnLooks, setReturnLook } from '../store/return-looks.ts'
import { concurrently } from './concurrently.ts'
import { observeReturn } from './observe-return.ts'
import type { Work } from './work.ts'

/** Looks of one run; each is a call, and the next run goes on where this one ended. */
const looksMax = 256
const claimSize = 64
/** Seconds until a look that brought no answer is tried again. */
const againSeconds = 3600

/**
 * Asks the provider about payouts and refunds that it called done: a bank may send them back days
 * later, and the event that tells of it may be lost. Each that came back is observed as its event
 * would have done it, and once, whoever comes first.
 * @param atOnce how many are asked about at once
 * @param count called for each that came back
 */
export async function lookForReturns(work: Work, atOnce: number, count: () => void): Promise<void> {
  await concurrently(finished(work), atOnce, async movement => {
    try {
      if (await lookAt(work, movement)) count()
    } catch (error) {
      const problem = String(error)
      work.log('error', 'a finished movement could not be looked at', {
        movement: movement.id,
        problem,
      })
    }
  })
}

async function lookAt(work: Work, movement: Movement): Promise<boolean> {
  const outcome = await work.provider.look(movement)
  // No answer: it is tried again as the claim has put it off.
  if (outcome.result === 'unknown') return false
  const { database, environment } = work
  const came = outcome.result === 'rejected' && outcome.reason !== 'canceled_at_provider'
  const amount = movement.sentAmount ?? movement.amount ?? 0n
  const observed = came && (await observeReturn(work, movement, { amount, outcome }))
  if (observed) work.log('warn', 'a finished movement came back', { movement: movement.id })
  const now = work.clock.now()
  const next = came
    ? null
    : nextReturnLook(movement.kind, movement.updatedAt, now, environment.settings)
  await setReturnLook(database.queries, environment.id, movement.id, next)
  return observed
}

async function* finished(work: Work): AsyncGenerator<Movement> {
  const now = work.clock.now()
  const again = new Date(now.getTime() + againSeconds * 1000)
  const { database, environment } = work
  for (let looks = 0; looks < looksMax && !work.stopping(); looks += claimSize) {
    const claim = { limit: claimSize, now, again }
    const claimed = await claimReturnLooks(database.queries, environment.id, claim)
    yield* claimed
    if (claimed.length < claimSize) return
  }
}
