import { plainFetch } from '../../src/app/plain-fetch.ts'
import { createStripe } from '../../src/adapters/stripe/provider.ts'
import { type Handler, listen } from '../../src/sandbox/http.ts'
import { type Change, changed } from './changes.ts'

/** Which answers are changed, and how. */
export interface Disturbance {
  readonly method: 'GET' | 'POST'
  /** How the path begins. */
  readonly path: string
  readonly changes: readonly Change[]
  /** Of a list: only its first row, so that the others stay as they are. */
  readonly firstRow?: boolean
}

/** The simulated Stripe over HTTP with some of its answers changed, and the real adapter. */
export async function serveStripe(handler: Handler) {
  let disturbance: Disturbance | null = null
  let lastText = ''
  const server = await listen(async request => {
    const answer = await handler(request)
    const { pathname } = new URL(request.url)
    const { method, path, changes, firstRow } = disturbance ?? {}
    const meant = request.method === method && pathname.startsWith(path ?? '?')
    if (!meant || !answer.ok || changes === undefined) return answer
    const body = (await answer.json()) as { data?: unknown[] }
    const rows = firstRow === true ? body.data : undefined
    if (rows !== undefined && rows.length === 0) return Response.json(body)
    const odd = changed(rows === undefined ? body : rows[0], changes)
    if (rows !== undefined) rows[0] = 'the changed row'
    lastText = rows === undefined ? odd : replaced(JSON.stringify(body), odd)
    return new Response(lastText, { headers: { 'content-type': 'application/json' } })
  })
  const provider = createStripe({
    secretKey: 'sk_test_1',
    apiBase: server.url,
    fetch: plainFetch,
    purchaseMetadataKey: 'mirakl_commercial_order_id',
    requestsPerSecond: null,
    totalPerSecond: null,
    networkRetries: 0,
    pluginVersion: '0.1.0',
  })
  return {
    provider,
    close: () => server.close(),
    /** The last answer that was changed. */
    lastText: () => lastText,
    disturb: (next: Disturbance | null) => void (disturbance = next),
  }
}

function replaced(text: string, odd: string): string {
  return text.replace('"the changed row"', () => odd)
}
