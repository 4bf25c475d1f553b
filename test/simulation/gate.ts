/** Thrown by everything that a program touches after its end. */
export class Crash extends Error {
  constructor() {
    super('the program was killed')
    this.name = 'Crash'
  }
}

/** When a program ends, or one of its queries fails: counted in calls to the outside. */
export interface Fate {
  /** The call that is its last; null: it lives. */
  readonly dieAt: number | null
  /** The query that fails once; null: none does. */
  readonly failQueryAt: number | null
  /** Does the last (or failing) call still reach the other side? */
  readonly after: boolean
}

export const lives: Fate = { dieAt: null, failQueryAt: null, after: false }

/**
 * What stands between one program and the world. A killed program reaches nobody any more: every
 * later call throws, so that nothing it would still write is written.
 */
export interface Gate {
  /** A request to Mirakl or Stripe. */
  request<T>(call: () => Promise<T>): Promise<T>
  /** One SQL statement. */
  query<T>(call: () => Promise<T>): Promise<T>
  isDead(): boolean
  /** Did a query fail on purpose? */
  queryFailed(): boolean
  calls(): number
}

export function createGate(fate: Fate): Gate {
  let calls = 0
  let queries = 0
  let dead = false
  let failed = false

  async function pass<T>(call: () => Promise<T>): Promise<T> {
    if (dead) throw new Crash()
    calls += 1
    if (calls === fate.dieAt) {
      dead = true
      // The other side may well have done what was asked; nobody is there to hear its answer.
      if (fate.after) await call().catch(() => undefined)
      throw new Crash()
    }
    const answer = await call()
    if (isDead()) throw new Crash()
    return answer
  }

  async function query<T>(call: () => Promise<T>): Promise<T> {
    if (dead) throw new Crash()
    queries += 1
    if (queries === fate.failQueryAt) {
      failed = true
      // A commit whose answer is lost has happened all the same.
      if (fate.after) await call().catch(() => undefined)
      throw Object.assign(new Error('terminating connection due to administrator command'), {
        code: '57P01',
      })
    }
    return pass(call)
  }

  const isDead = (): boolean => dead
  return { request: pass, query, isDead, queryFailed: () => failed, calls: () => calls }
}
