import type { VirtualClock } from '../clock.ts'
import type { Handler } from '../http.ts'
import { createGate } from './authorization.ts'
import type { Credentials } from './authorization.ts'
import { billingRoutes } from './billing-routes.ts'
import { createControl } from './control.ts'
import type { MiraklControl } from './control.ts'
import { answerControl, isControl } from './control-routes.ts'
import { StateError } from './order-flow.ts'
import { orderRoutes } from './order-routes.ts'
import { paymentRoutes } from './payment-routes.ts'
import { platformRoutes } from './platform-routes.ts'
import { createPush } from './push.ts'
import { createLimiter } from './rate-limits.ts'
import { json, Refusal } from './reply.ts'
import { findRoute } from './router.ts'
import type { Route } from './router.ts'
import { serviceRoutes } from './service-routes.ts'
import type { MiraklSettings } from './settings.ts'
import { shopRoutes } from './shop-routes.ts'
import { createStore } from './store.ts'

export interface MiraklSandboxInput extends Credentials {
  clock: VirtualClock
  /** Any integer; the same seed gives the same ids. */
  seed: number
  settings?: Partial<MiraklSettings>
  /** Carries pushes (webhooks, debit and refund connectors); without it nothing is pushed. */
  fetch?: typeof fetch
}

export interface MiraklSandbox extends MiraklControl {
  /** `/api/…`, `/oauth/token` and `/_sandbox/mirakl/…`, on any host. Every answer's Date is the virtual time. */
  readonly handler: Handler
  /** Waits until the pushes that were begun have been answered. */
  pushed(): Promise<void>
}

/** A stateful, strict simulator of a Mirakl tenant's operator API, in memory and on a virtual clock. */
export function createMiraklSandbox(input: MiraklSandboxInput): MiraklSandbox {
  const store = createStore(input.clock, input.seed, input.settings ?? {})
  const control = createControl(store)
  const gate = createGate(store, input)
  const limit = createLimiter(store)
  const push = createPush(store, input.fetch)
  const routes: Route[] = [
    ...shopRoutes(store),
    ...orderRoutes(store),
    ...paymentRoutes(store),
    ...serviceRoutes(store),
    ...billingRoutes(store),
    ...platformRoutes(store),
  ]

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url)
    if (isControl(url.pathname)) return answerControl(control, request)
    if (url.pathname === '/oauth/token' && request.method === 'POST') {
      return gate.issueToken(request)
    }
    if (!url.pathname.startsWith('/api/')) throw new Refusal(404, 'Not Found')
    const caller = gate.admit(request)
    const found = findRoute(routes, request.method, url.pathname)
    if ('methods' in found) {
      if (found.methods.length === 0) throw new Refusal(404, 'Not Found')
      throw new Refusal(405, 'Method Not Allowed', { allow: found.methods.join(', ') })
    }
    limit(found.route.code, caller, url)
    return found.route.answer({
      request,
      url,
      query: url.searchParams,
      part: name => found.parts[name] ?? '',
    })
  }

  return {
    ...control,
    pushed: () => push.settled(),
    async handler(request) {
      const response = await answer(request).catch(refused)
      response.headers.set('date', input.clock.now().toUTCString())
      return response
    },
  }
}

function refused(error: unknown): Response {
  if (error instanceof Refusal) {
    return json({ status: error.status, message: error.message }, error.status, {
      ...error.headers,
    })
  }
  if (error instanceof StateError) return json({ status: 400, message: error.message }, 400)
  throw error
}
