import { randomBytes } from 'node:crypto'
import type { Clock, Names } from '../workflows/ports.ts'

/**
 * Ids that sort by time: a prefix, the milliseconds, a count within one millisecond, and chance
 * enough for any number of programs.
 */
export function createNames(clock: Clock): Names {
  let last = 0
  let count = 0
  return {
    next: prefix => {
      const now = clock.now().getTime()
      if (now > last) {
        last = now
        count = 0
      } else if (count < 0xfff) {
        count += 1
      } else {
        // More than 4096 in a millisecond, or a clock that stands still.
        last += 1
        count = 0
      }
      const time = last.toString(16).padStart(12, '0') + count.toString(16).padStart(3, '0')
      return `${prefix}_${time}${randomBytes(9).toString('hex').slice(0, 17)}`
    },
  }
}

export const systemClock: Clock = { now: () => new Date() }
