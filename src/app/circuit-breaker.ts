import type { Clock } from '../workflows/ports.ts'

/** What is known of one part of the outside world. */
export interface OutsideState {
  readonly name: string
  /** `open`: it is not asked before `nextTryAt`. `half_open`: one call tries whether it answers. */
  readonly state: 'closed' | 'open' | 'half_open'
  /** Failures in a row. */
  readonly failures: number
  /** What the last failure was; null: the last call was answered. */
  readonly problem: string | null
  readonly openedAt: Date | null
  readonly nextTryAt: Date | null
  /** How long the last answer, or failure, took; null: nothing was asked yet. */
  readonly milliseconds: number | null
  readonly seenAt: Date
}

export interface BreakerOptions {
  readonly name: string
  readonly clock: Clock
  /** Told at the first result, at every change of the state, and else once a minute at most. */
  readonly tell?: (state: OutsideState) => void
}

/** What a call came to: null when the other side answered, whatever it said; else what was wrong. */
type Problem = string | null

/** Thrown in place of a call that is not made. Nothing was sent. */
export class CircuitOpen extends Error {
  readonly code = 'circuit_open'
}

export interface Breaker {
  /** Would a call be made now? Asking changes nothing. */
  admits(): boolean
  /**
   * Makes the call, or throws `CircuitOpen` without making it. What the call returns or throws is
   * passed on as it is: a call that was made is never taken for one that was not.
   * @param problemOf what a result says about the other side
   */
  pass<T>(call: () => Promise<T>, problemOf: (result: T) => Problem): Promise<T>
  state(): OutsideState
}

/** Failures in a row after which the other side is left alone. */
const failuresMax = 5
/** Seconds before the first try; they double with each that fails. */
const firstPause = 15
const longestPause = 300
const tellEvery = 60_000

/**
 * A circuit breaker: something outside that fails again and again is left alone for a while, so that
 * its failure costs time and not a timeout for each call.
 */
export function createBreaker({ name, clock, tell = () => undefined }: BreakerOptions): Breaker {
  let failures = 0
  let problem: Problem = null
  let openedAt: Date | null = null
  let nextTryAt: Date | null = null
  let isTrying = false
  let milliseconds: number | null = null
  let toldAt = -Infinity
  let toldState: OutsideState['state'] | null = null

  const state = (): OutsideState => ({
    name,
    state: openedAt === null ? 'closed' : isTrying ? 'half_open' : 'open',
    failures,
    problem,
    openedAt,
    nextTryAt,
    milliseconds,
    seenAt: clock.now(),
  })
  const isDue = () => nextTryAt === null || clock.now() >= nextTryAt
  const admits = () => openedAt === null || (!isTrying && isDue())

  function tellIfNew(): void {
    const current = state()
    const now = current.seenAt.getTime()
    if (current.state === toldState && Math.abs(now - toldAt) < tellEvery) return
    toldState = current.state
    toldAt = now
    tell(current)
  }

  function note(found: Problem, from: number): void {
    milliseconds = Math.round(performance.now() - from)
    isTrying = false
    problem = found
    if (found === null) {
      failures = 0
      openedAt = null
      nextTryAt = null
    } else {
      failures += 1
      if (failures >= failuresMax) {
        const now = clock.now()
        openedAt ??= now
        const pause = Math.min(firstPause * 2 ** (failures - failuresMax), longestPause)
        nextTryAt = new Date(now.getTime() + pause * 1000)
      }
    }
    tellIfNew()
  }

  return {
    admits,
    state,
    async pass(call, problemOf) {
      if (!admits()) throw new CircuitOpen(refusal(state()))
      const tries = openedAt !== null
      if (tries) {
        isTrying = true
        tellIfNew()
      }
      const from = performance.now()
      try {
        const result = await call()
        // An answer to what was asked before it was given up says that it is back.
        note(problemOf(result), from)
        return result
      } catch (error) {
        note(problemIn(error), from)
        throw error
      }
    },
  }
}

function refusal({ name, failures, problem, nextTryAt }: OutsideState): string {
  const until = nextTryAt?.toISOString() ?? 'the call under way has ended'
  return `${name} failed ${failures} times in a row (${problem ?? 'no answer'}): nothing is sent before ${until}`
}

/** The code of the cause and never a message: messages of failed requests may quote a key. */
function problemIn(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer'
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time'
  const { cause } = error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name
}
