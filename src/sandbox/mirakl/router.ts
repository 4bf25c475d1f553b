/** One endpoint: Mirakl's code, method, path pattern and answer. */
export interface Route {
  /** Mirakl's name of the endpoint, e.g. `OR11`. */
  code: string
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Path with `:name` for a part that varies. */
  path: string
  answer(call: Call): Response | Promise<Response>
}

export interface Call {
  request: Request
  url: URL
  query: URLSearchParams
  /** Values of the `:name` parts. */
  part(name: string): string
}

export interface Match {
  route: Route
  parts: Record<string, string>
}

/** Finds the route of a request; `methods` lists what the path would answer when only the method is wrong. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  pathname: string,
): Match | { methods: string[] } {
  const methods: string[] = []
  for (const route of routes) {
    const parts = match(route.path, pathname)
    if (parts === undefined) continue
    if (route.method === method) return { route, parts }
    methods.push(route.method)
  }
  return { methods }
}

function match(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const given = pathname.split('/')
  if (wanted.length !== given.length) return undefined
  const parts: Record<string, string> = {}
  for (const [at, segment] of wanted.entries()) {
    const value = given[at] ?? ''
    if (segment.startsWith(':')) parts[segment.slice(1)] = decodeURIComponent(value)
    else if (segment !== value) return undefined
  }
  return parts
}
