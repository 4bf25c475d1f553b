import { type Change, changed } from './changes.ts'
import { plainFetch } from '../../src/app/plain-fetch.ts'
import { createMirakl } from '../../src/adapters/mirakl/mirakl.ts'
import { listen } from '../../src/sandbox/http.ts'
import type { Laboratory } from '../workflows/laboratory.ts'

/** Where the rows of each list stand in its answer. */
const lists = {
  '/api/orders': ['orders'],
  '/api/shops': ['shops'],
  '/api/invoices': ['invoices'],
  '/api/seller-billing-cycles': ['data'],
  '/api/payment/debit': ['orders', 'order'],
  '/api/payment/refund': ['orders', 'order'],
  '/api/mms/orders': ['data'],
  '/api/mms/debits': ['data'],
  '/api/mms/refunds': ['data'],
} as const
export type ListPath = keyof typeof lists

/** What goes wrong on the way of one answer; null: nothing. */
export interface Disturbance {
  readonly path: ListPath
  /** Of the first row; the others stay as they are. */
  readonly changes: readonly Change[]
}

/** The simulated Mirakl over HTTP, the first row of one of its lists changed, and the real adapter. */
export async function serveMirakl(lab: Laboratory) {
  let disturbance: Disturbance | null = null
  let changedRows = 0
  const server = await listen(async request => {
    const answer = await lab.mirakl.handler(request)
    const { pathname } = new URL(request.url)
    if (disturbance === null || request.method !== 'GET' || pathname !== disturbance.path)
      return answer
    const body = (await answer.json()) as Record<string, unknown>
    const rows = rowsIn(body, disturbance.path)
    const text = JSON.stringify(body)
    const { headers, status } = answer
    if (rows === null || rows.length === 0) return new Response(text, { headers, status })
    changedRows += 1
    const odd = changed(rows[0], disturbance.changes)
    rows[0] = 'the changed row'
    const out = JSON.stringify(body).replace('"the changed row"', () => odd)
    return new Response(out, { headers, status })
  })
  const marketplace = createMirakl({
    baseUrl: server.url,
    auth: { kind: 'apiKey', key: 'front-key' },
    customFieldCode: 'stripe-url',
    ignoredFieldCode: 'stripe-ignored',
    fetch: plainFetch,
    clock: lab.clock,
    countBudgets: false,
    wait: async () => undefined,
  })
  return {
    marketplace,
    close: () => server.close(),
    /** From now on. */
    disturb: (next: Disturbance | null) => void (disturbance = next),
    /** How many answers were changed. */
    changedRows: () => changedRows,
  }
}

function rowsIn(body: Record<string, unknown>, path: ListPath): unknown[] | null {
  let at: unknown = body
  for (const key of lists[path]) at = (at as Record<string, unknown> | undefined)?.[key]
  return Array.isArray(at) ? at : null
}
