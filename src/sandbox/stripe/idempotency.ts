import { StripeFailure } from './failure.ts'

/** What is answered again for the same key. */
export interface Answer {
  status: number
  body: string
  requestId: string
}

export interface IdempotencyKeys {
  /**
   * Before a request runs: the kept answer when the key was used for the same request; undefined when it may run, and then
   * the key is in flight until `keep` or `release`.
   * @throws StripeFailure 409 while the first request is in flight, 400 when it was another request
   */
  begin(owner: string, key: string, fingerprint: string): Answer | undefined
  keep(owner: string, key: string, answer: Answer): void
  /** The request did not begin to run: the key is free again. */
  release(owner: string, key: string): void
}

interface Entry {
  readonly fingerprint: string
  readonly expires: number
  answer: Answer | undefined
}

const lifeSeconds = 86_400

/**
 * Keys live for 24 virtual hours and belong to the account that the request acts as.
 * @param seconds the current Unix second
 */
export function createIdempotencyKeys(seconds: () => number): IdempotencyKeys {
  const entries = new Map<string, Entry>()
  const nameOf = (owner: string, key: string): string => `${owner} ${key}`

  // A Map keeps the order of insertion, and that is the order in which keys expire.
  function forgetExpired(): void {
    for (const [name, { expires }] of entries) {
      if (expires > seconds()) return
      entries.delete(name)
    }
  }

  return {
    begin(owner, key, fingerprint) {
      forgetExpired()
      const name = nameOf(owner, key)
      const entry = entries.get(name)
      if (!entry) {
        entries.set(name, { fingerprint, expires: seconds() + lifeSeconds, answer: undefined })
        return undefined
      }
      if (entry.fingerprint !== fingerprint) throw conflict(key)
      if (!entry.answer) throw inFlight(key)
      return entry.answer
    },
    keep(owner, key, answer) {
      const entry = entries.get(nameOf(owner, key))
      if (entry) entry.answer = answer
    },
    release: (owner, key) => void entries.delete(nameOf(owner, key)),
  }
}

function conflict(key: string): StripeFailure {
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
  return new StripeFailure(400, { type: 'idempotency_error', message }, false)
}

function inFlight(key: string): StripeFailure {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`
  const body = { type: 'idempotency_error', code: 'idempotency_key_in_use', message } as const
  return new StripeFailure(409, body, false)
}
