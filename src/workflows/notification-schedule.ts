/**
 * Seconds from a failed delivery to the next try; published in docs/notifications.md. Ten tries in
 * a good 25 hours, then the notification waits for a replay.
 */
export const retrySeconds = [1, 5, 25, 300, 1800, 7200, 18_000, 28_800, 36_000] as const

/** Tries that follow each other quickly; when they have failed too, a person is told. */
export const quickTries = 4

/** When the try after a failed one is; null: that was the last one. `failed` counts from 1. */
export function retryAt(failed: number, now: Date): Date | null {
  const seconds = retrySeconds[failed - 1]
  return seconds === undefined ? null : new Date(now.getTime() + seconds * 1000)
}
