/** Errors that a person can do something about: each says what is wrong and what would be right. */

/** The marketplace cannot be read or written as a whole: wrong key, unknown path, out of reach. */
export class MarketplaceError extends Error {
  readonly kind:
    'unauthorized' | 'forbidden' | 'not_found' | 'rate_limited' | 'unavailable' | 'refused'
  readonly mend: string
  /** Seconds after which it may be asked again, when it said so. */
  readonly retryAfterSeconds: number | null
  constructor(
    kind: MarketplaceError['kind'],
    message: string,
    mend: string,
    retryAfterSeconds: number | null = null,
  ) {
    super(message)
    this.name = 'MarketplaceError'
    this.kind = kind
    this.mend = mend
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The provider cannot be asked as a whole (reads; money calls answer with an `Outcome` instead). */
export class ProviderError extends Error {
  readonly kind:
    'unauthorized' | 'forbidden' | 'not_found' | 'rate_limited' | 'unavailable' | 'refused'
  readonly mend: string
  constructor(kind: ProviderError['kind'], message: string, mend: string) {
    super(message)
    this.name = 'ProviderError'
    this.kind = kind
    this.mend = mend
  }
}

/** Configuration or an argument is wrong; the CLI exits with 2, the server refuses to start. */
export class UsageError extends Error {
  /** The variable, option or field. */
  readonly subject: string
  constructor(subject: string, message: string) {
    super(message)
    this.name = 'UsageError'
    this.subject = subject
  }
}
