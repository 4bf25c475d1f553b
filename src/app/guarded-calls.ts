import type { Mailer } from '../workflows/ports.ts'
import { type Breaker, CircuitOpen } from './circuit-breaker.ts'

/**
 * `fetch` behind a breaker. No answer, and a 5xx, count as failures; every other answer shows that the
 * other side is there. A call that is not made fails as one whose connection was refused.
 */
export function guardedFetch(inner: typeof fetch, breaker: Breaker): typeof fetch {
  return async (input, init) => {
    try {
      return await breaker.pass(() => inner(input, init), problemOfResponse)
    } catch (error) {
      if (!(error instanceof CircuitOpen)) throw error
      throw new TypeError(`fetch failed: ${error.message}`, { cause: error })
    }
  }
}

function problemOfResponse({ status }: Response): string | null {
  return status >= 500 ? `HTTP ${status}` : null
}

/** A mailer behind a breaker; a mail that is not sent stays unsent, and its job comes round again. */
export function guardedMailer(inner: Mailer, breaker: Breaker): Mailer {
  return {
    send: async mail => {
      try {
        return await breaker.pass(
          () => inner.send(mail),
          told => (told.result === 'unknown' ? 'no answer' : null),
        )
      } catch (error) {
        if (!(error instanceof CircuitOpen)) throw error
        return { result: 'unknown', message: error.message }
      }
    },
  }
}
