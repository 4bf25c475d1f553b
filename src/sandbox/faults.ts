import { createRandom } from './random.ts'

/**
 * What goes wrong with a request: `rate_limited` 429, `error_html` a gateway's 502 page, `error_json` a 500 in the API's own
 * shape, `slow` answered late, `cut_before` connection lost before anything was done, `cut_after` lost after it was done.
 */
export type FaultKind =
  'rate_limited' | 'error_html' | 'error_json' | 'slow' | 'cut_before' | 'cut_after'

export interface Fault {
  side: 'mirakl' | 'stripe'
  kind: FaultKind
  /** HTTP method; default any. */
  method?: string
  /** Substring of the pathname; default any. */
  path?: string
  /** 0..1; default 1. */
  probability?: number
  /** How often at most; default unlimited. */
  times?: number
  /** Header `Retry-After` of a 429. */
  retryAfterSeconds?: number
  /** Real time by which `slow` is late; default 1000. */
  delayMilliseconds?: number
}

export interface FaultPlan {
  add(fault: Fault): void
  clear(): void
  /** The faults that may still happen, with `times` as it is left. */
  list(): readonly Fault[]
  /** The fault that this request meets, if any: the first that matches and whose chance comes up. */
  next(side: Fault['side'], method: string, pathname: string): Fault | undefined
  /** How many faults have happened, by `<side>.<kind>`. */
  counts(): Record<string, number>
}

/** An empty plan. The same seed, faults and requests meet the same faults. */
export function createFaultPlan(seed: number): FaultPlan {
  const random = createRandom(seed)
  const counted = new Map<string, number>()
  let faults: Fault[] = []

  return {
    add: fault => void faults.push({ ...fault }),
    clear: () => {
      faults = []
    },
    list: () => faults.map(fault => ({ ...fault })),
    next(side, method, pathname) {
      const met = faults.find(
        fault => matches(fault, side, method, pathname) && chance(fault, random),
      )
      if (!met) return undefined
      if (met.times !== undefined) {
        met.times -= 1
        if (met.times <= 0) faults = faults.filter(fault => fault !== met)
      }
      const key = `${side}.${met.kind}`
      counted.set(key, (counted.get(key) ?? 0) + 1)
      return { ...met }
    },
    counts: () => Object.fromEntries(counted),
  }
}

function matches(fault: Fault, side: Fault['side'], method: string, pathname: string): boolean {
  if (fault.side !== side || fault.times === 0) return false
  if (fault.method !== undefined && fault.method.toUpperCase() !== method.toUpperCase())
    return false
  return fault.path === undefined || pathname.includes(fault.path)
}

function chance(fault: Fault, random: () => number): boolean {
  const probability = fault.probability ?? 1
  return probability >= 1 || random() < probability
}
