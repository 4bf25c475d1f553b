import { saveOutside } from '../store/outsides.ts'
import { type Breaker, createBreaker, type OutsideState } from './circuit-breaker.ts'
import type { Records } from './records.ts'

/** The breakers of one environment's outside world, one for each part of it. */
export interface Outsides {
  readonly mirakl: Breaker
  readonly stripe: Breaker
  readonly mail: Breaker
  /** Resolves when everything that was seen is written down. */
  settled(): Promise<void>
}

/** Makes the breakers; what they see is logged, and kept for `status`. */
export function createOutsides(records: Records, environmentId: string): Outsides {
  const { database, clock, log } = records
  let writing: Promise<void> = Promise.resolve()
  const last = new Map<string, OutsideState['state']>()
  const tell = (seen: OutsideState) => {
    const before = last.get(seen.name) ?? 'closed'
    last.set(seen.name, seen.state)
    if (seen.state === 'open' && before === 'closed') {
      log('error', 'a service fails again and again, and is left alone for a while', {
        outside: seen.name,
        problem: seen.problem,
        nextTryAt: seen.nextTryAt?.toISOString() ?? null,
      })
    }
    if (seen.state === 'closed' && before !== 'closed') {
      log('info', 'a service answers again', { outside: seen.name })
    }
    writing = writing
      .then(() => saveOutside(database.queries, environmentId, seen))
      // It is for people only; the log has said it already.
      .catch(() => undefined)
  }
  const breaker = (name: string) => createBreaker({ name, clock, tell })
  return {
    mirakl: breaker('mirakl'),
    stripe: breaker('stripe'),
    mail: breaker('mail'),
    settled: () => writing,
  }
}
