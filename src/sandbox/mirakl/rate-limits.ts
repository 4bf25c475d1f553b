import { Refusal } from './reply.ts'
import type { Store } from './store.ts'

interface Window {
  calls: number
  seconds: number
}

/** Frequencies that Mirakl documents. What is not listed is not documented, and not limited. */
const limits: Readonly<Record<string, readonly Window[]>> = {
  OR11: [{ calls: 1, seconds: 60 }],
  IV01: [{ calls: 1, seconds: 86_400 }],
  SBC11: [{ calls: 1, seconds: 86_400 }],
  TL02: [
    { calls: 20, seconds: 60 },
    { calls: 60, seconds: 3600 },
  ],
  SPA11: [{ calls: 120, seconds: 60 }],
  CUR01: [{ calls: 1, seconds: 86_400 }],
  DO01: [{ calls: 1, seconds: 86_400 }],
  AF01: [{ calls: 1, seconds: 86_400 }],
}

/** Endpoints limited by run: further pages and look-ups are free. */
const byRun = new Set(['OR11', 'IV01', 'SBC11'])

/** Throws Refusal (429, Retry-After in virtual seconds) when a caller asks more often than is documented. */
export function createLimiter(store: Store): (code: string, caller: string, url: URL) => void {
  const calls = new Map<string, number[]>()
  return (code, caller, url) => {
    const windows = limits[code]
    if (!store.settings.strictLimits || windows === undefined) return
    if (byRun.has(code) && isContinuation(url.searchParams)) return
    const key = `${code} ${caller}`
    const now = store.now()
    const longest = Math.max(...windows.map(window => window.seconds)) * 1000
    const past = (calls.get(key) ?? []).filter(at => at > now - longest)
    for (const { calls: allowed, seconds } of windows) {
      const recent = past.filter(at => at > now - seconds * 1000)
      const oldest = recent[recent.length - allowed]
      if (oldest === undefined) continue
      const wait = Math.ceil((oldest + seconds * 1000 - now) / 1000)
      throw new Refusal(429, 'Too Many Requests', { 'retry-after': String(wait) })
    }
    calls.set(key, [...past, now])
  }
}

/** Parameters that look up named objects instead of asking for what is new. */
const lookUps = [
  'order_ids',
  'commercial_ids',
  'invoice_id',
  'seller_billing_cycle_id',
  'shop',
  'shop_id',
  'id',
]

/** A further page of a run, or a look-up: the documented frequencies are those of a regular run. */
function isContinuation(query: URLSearchParams): boolean {
  const offset = query.get('offset')
  if (offset !== null && offset !== '0') return true
  return query.has('page_token') || lookUps.some(name => query.has(name))
}
