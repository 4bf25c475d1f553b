import type { MovementKind } from './movement.ts'

const dayMilliseconds = 24 * 3600 * 1000
/** A bank sends a refund back within weeks, and a month after it is the customer's to ask. */
const refundDays = 30

/** How many days after it was called done a movement is still looked at. */
export interface ReturnWindow {
  /** Of payouts; 0: they are not looked at. */
  readonly payoutLookDays: number
}

/**
 * When the provider is asked next whether it took back what it had called done (a payout bounces, a
 * refund fails days later). Its event tells sooner; this finds what a lost event would have told.
 * Looks grow apart: a day, then half of the age, at most five days, and the last at the end of the
 * window. Null: never again, or a kind that does not come back.
 */
export function nextReturnLook(
  kind: MovementKind,
  succeededAt: Date,
  now: Date,
  { payoutLookDays }: ReturnWindow,
): Date | null {
  const days = kind === 'payout' ? payoutLookDays : kind === 'refund' ? refundDays : 0
  const end = succeededAt.getTime() + days * dayMilliseconds
  if (now.getTime() >= end) return null
  const age = now.getTime() - succeededAt.getTime()
  const wait = Math.min(Math.max(dayMilliseconds, Math.floor(age / 2)), 5 * dayMilliseconds)
  return new Date(Math.min(now.getTime() + wait, end))
}
