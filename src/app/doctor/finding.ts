/** What one check of `doctor` found. */
export interface Finding {
  /** What was looked at, for example `mirakl` or `stripe account`. */
  readonly check: string
  /** `warn`: works, and somebody should know. `fail`: does not work. */
  readonly verdict: 'ok' | 'warn' | 'fail'
  /** One sentence: what was found. */
  readonly found: string
  /** What would mend it; null when all is well. */
  readonly mend: string | null
}

export function ok(check: string, found: string): Finding {
  return { check, verdict: 'ok', found, mend: null }
}

export function warn(check: string, found: string, mend: string): Finding {
  return { check, verdict: 'warn', found, mend }
}

export function fail(check: string, found: string, mend: string): Finding {
  return { check, verdict: 'fail', found, mend }
}
