import type { FormTree } from './form.ts'
import type { World } from './world.ts'

/** One request to the API, read and authorised. */
export interface Call {
  readonly world: World
  /** The account it acts as: the platform, or the one of the header `Stripe-Account`. */
  readonly owner: string
  readonly key: string
  /** The parameters of query or body, without `expand`. */
  readonly parameters: FormTree
  /** The first variable of the path. */
  readonly id: string
  /** The second one. */
  readonly nestedId: string
}

/** Answers with the object, unexpanded; throws `StripeFailure`. Runs at once, without awaiting: requests do not interleave. */
export type Action = (call: Call) => object

export interface Route {
  readonly method: string
  readonly pattern: string
  readonly run: Action
}

export function route(method: 'GET' | 'POST' | 'DELETE', pattern: string, run: Action): Route {
  return { method, pattern, run }
}

export interface Match {
  route: Route
  id: string
  nestedId: string
}

/** A look-up of the route for a method and a path; fixed segments win over variables. */
export function createRouteTable(
  routes: readonly Route[],
): (method: string, pathname: string) => Match | undefined {
  const table = new Map<string, { segments: string[]; route: Route }[]>()
  for (const added of routes) {
    const segments = added.pattern.split('/')
    const shelf = `${added.method} ${segments.length}`
    const rows = table.get(shelf) ?? []
    rows.push({ segments, route: added })
    rows.sort((a, b) => variables(a.segments) - variables(b.segments))
    table.set(shelf, rows)
  }
  return (method, pathname) => {
    const parts = pathname.split('/')
    for (const row of table.get(`${method} ${parts.length}`) ?? []) {
      if (!row.segments.every((segment, at) => segment.startsWith(':') || segment === parts[at])) {
        continue
      }
      const values = parts.filter((_, at) => row.segments[at]?.startsWith(':'))
      const [id = '', nestedId = ''] = values.map(decodeURIComponent)
      return { route: row.route, id, nestedId }
    }
    return undefined
  }
}

function variables(segments: readonly string[]): number {
  return segments.filter(segment => segment.startsWith(':')).length
}
