import type { Clock } from '../../workflows/ports.ts'
import { isLoopback } from '../environment-values.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

// Stripe's signatures are refused when they are five minutes old.
const worstSeconds = 300
const noticedSeconds = 30

/** Our clock less theirs, in seconds, by host. */
export type Skews = ReadonlyMap<string, number>

/** A `fetch` that notes how far the `Date` of each host is from our clock. */
export function watchDates(inner: typeof fetch, clock: Clock) {
  const skews = new Map<string, number>()
  const watched: typeof fetch = async (input, init) => {
    const before = clock.now().getTime()
    const response = await inner(input, init)
    const date = Date.parse(response.headers.get('date') ?? '')
    // Half of the answer's way lies behind us; the header has no milliseconds.
    const middle = (before + clock.now().getTime()) / 2
    const { host } = new URL(input instanceof Request ? input.url : input)
    if (!Number.isNaN(date)) skews.set(host, Math.round((middle - date) / 1000))
    return response
  }
  return { fetch: watched, skews: (): Skews => skews }
}

export function checkClocks(skews: Skews): Finding[] {
  return [...skews].map(([host, seconds]) => {
    const away = Math.abs(seconds)
    const found = `The clock of this machine is ${away} s ${seconds < 0 ? 'behind' : 'ahead of'} that of ${host}.`
    const mend = 'Let the machine set its clock by NTP.'
    // A simulator has a clock of its own.
    if (away >= noticedSeconds && isLoopback(new URL(`http://${host}`))) {
      return warn(
        'clock',
        found,
        'Nothing to do for a simulator: its clock is moved by its control.',
      )
    }
    if (away >= worstSeconds)
      return fail('clock', found, `${mend} Webhooks are refused until then.`)
    if (away >= noticedSeconds) return warn('clock', found, mend)
    return ok('clock', `The clock of this machine agrees with that of ${host}.`)
  })
}
