import { createHmac } from 'node:crypto'
import type { VirtualClock } from '../clock.ts'
import type { Shelf } from './shelf.ts'
import type { Endpoint } from './webhook-endpoint.ts'

/** What happens to the next matching deliveries: lost for ever, sent twice, or sent so many virtual seconds later. */
export interface DeliveryFault {
  action: 'drop' | 'duplicate' | 'delay'
  /** Event type; default any. */
  type?: string
  /** Default 1. */
  times?: number
  /** Of `delay`; default 60. */
  delaySeconds?: number
}

/** One attempt to deliver, as the scenario may look at it. */
export interface Attempt {
  event: string
  type: string
  url: string
  attempt: number
  /** HTTP status, or 0 when there was no answer. */
  status: number
}

export interface Deliveries {
  matching(type: string, connected: boolean): Endpoint[]
  send(endpoint: Endpoint, event: { id: string; type: string; json: string }): void
  addFault(fault: DeliveryFault): void
  /** The last attempts, at most 1000. */
  attempts(): readonly Attempt[]
  /** Resolves when no delivery is under way. Retries that wait for the clock are not under way. */
  settled(): Promise<void>
}

/** Virtual seconds between the attempts; Stripe tries for about three days in live mode, shortened here. */
const retryDelays = [60, 300, 1800, 7200, 18_000, 36_000, 36_000]

export function createDeliveries(deps: {
  clock: VirtualClock
  endpoints: Shelf<Endpoint>
  platform: string
  fetch: typeof fetch
}): Deliveries {
  const { clock } = deps
  const underWay = new Set<Promise<void>>()
  const attempts: Attempt[] = []
  let faults: DeliveryFault[] = []

  const inSeconds = (seconds: number): Date => new Date(clock.now().getTime() + seconds * 1000)

  async function attempt(
    endpoint: Endpoint,
    event: { id: string; type: string; json: string },
    number: number,
  ): Promise<void> {
    if (endpoint.status !== 'enabled' || endpoint.deleted) return
    const status = await post(deps.fetch, endpoint, event.json, clock.now())
    attempts.push({ event: event.id, type: event.type, url: endpoint.url, attempt: number, status })
    if (attempts.length > 1000) attempts.shift()
    if (status >= 200 && status < 300) return
    const delay = retryDelays[number - 1]
    if (delay !== undefined) clock.at(inSeconds(delay), () => track(endpoint, event, number + 1))
  }

  function track(
    endpoint: Endpoint,
    event: { id: string; type: string; json: string },
    number: number,
  ): Promise<void> {
    const delivery = attempt(endpoint, event, number).finally(() => underWay.delete(delivery))
    underWay.add(delivery)
    return delivery
  }

  function fault(type: string): DeliveryFault | undefined {
    const met = faults.find(({ type: wanted }) => wanted === undefined || wanted === type)
    if (!met) return undefined
    met.times = (met.times ?? 1) - 1
    if (met.times <= 0) faults = faults.filter(other => other !== met)
    return met
  }

  return {
    matching: (type, connected) =>
      deps.endpoints
        .all(deps.platform)
        .filter(endpoint => !endpoint.deleted && endpoint.status === 'enabled')
        .filter(endpoint => endpoint.connect === connected)
        .filter(({ enabled_events: wanted }) => wanted.includes('*') || wanted.includes(type)),
    send(endpoint, event) {
      const met = fault(event.type)
      if (met?.action === 'drop') return
      if (met?.action === 'delay') {
        clock.at(inSeconds(met.delaySeconds ?? 60), () => track(endpoint, event, 1))
        return
      }
      void track(endpoint, event, 1)
      if (met?.action === 'duplicate') void track(endpoint, event, 1)
    },
    addFault: added => void faults.push({ ...added }),
    attempts: () => attempts,
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

async function post(
  send: typeof fetch,
  endpoint: Endpoint,
  json: string,
  now: Date,
): Promise<number> {
  // Leaves the request that caused the event first, as the real deliveries do.
  await Promise.resolve()
  try {
    const response = await send(endpoint.url, {
      method: 'POST',
      body: json,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signature(json, endpoint.secret, now),
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
      signal: AbortSignal.timeout(20_000),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}

/** Stripe's scheme v1: HMAC-SHA256 of `<t>.<payload>` with the endpoint's secret, hexadecimal. */
function signature(payload: string, secret: string, now: Date): string {
  const time = Math.floor(now.getTime() / 1000)
  const mac = createHmac('sha256', secret).update(`${time}.${payload}`).digest('hex')
  return `t=${time},v1=${mac}`
}
