import { StripeFailure } from './failure.ts'

/** Names requests to strike: a method (default any) and a part of the path (default any), so many times (default once). */
export interface Target {
  method?: string
  path?: string
  times?: number
}

/** Failures inside Stripe, behind its idempotency keys; those of the network are in the fault plan. */
export interface Sabotage {
  /** The next such requests answer 500, after the money has moved or before; their keys keep the 500. */
  breakNext(target: Target & { moved: boolean }): void
  /** The next such request stays in flight, its key in use, until released. */
  holdNext(target: Target): void
  /** Lets all held requests go on, and holds no more. */
  release(): void
  before(method: string, pathname: string): void
  after(method: string, pathname: string): void
  hold(method: string, pathname: string): Promise<void>
}

export function createSabotage(): Sabotage {
  const breaks: (Target & { moved: boolean })[] = []
  const holds: Target[] = []
  let gate = Promise.withResolvers<void>()

  const strike = (moved: boolean, method: string, pathname: string): void => {
    const wanted = breaks.filter(entry => entry.moved === moved)
    if (!take(wanted, method, pathname)) return
    const message = 'An unknown error occurred'
    throw new StripeFailure(500, { type: 'api_error', message }, true)
  }

  return {
    breakNext: target => void breaks.push({ ...target }),
    holdNext: target => void holds.push({ ...target }),
    release() {
      holds.length = 0
      gate.resolve()
      gate = Promise.withResolvers()
    },
    before: (method, pathname) => strike(false, method, pathname),
    after: (method, pathname) => strike(true, method, pathname),
    async hold(method, pathname) {
      if (take(holds, method, pathname)) await gate.promise
    },
  }
}

/** Uses up one of the first target that matches. */
function take(targets: readonly Target[], method: string, pathname: string): boolean {
  const met = targets.find(
    target =>
      (target.times ?? 1) > 0 &&
      (target.method === undefined || target.method.toUpperCase() === method) &&
      (target.path === undefined || pathname.includes(target.path)),
  )
  if (!met) return false
  met.times = (met.times ?? 1) - 1
  return true
}
