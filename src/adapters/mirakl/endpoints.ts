/** Mirakl's own names of the endpoints that Tributary calls, and where they are. */
export const endpoints = {
  S20: { method: 'GET', path: '/api/shops' },
  S07: { method: 'PUT', path: '/api/shops' },
  OR11: { method: 'GET', path: '/api/orders' },
  PA11: { method: 'GET', path: '/api/payment/debit' },
  PA01: { method: 'PUT', path: '/api/payment/debit' },
  PA12: { method: 'GET', path: '/api/payment/refund' },
  PA02: { method: 'PUT', path: '/api/payment/refund' },
  IV01: { method: 'GET', path: '/api/invoices' },
  IV07: { method: 'PUT', path: '/api/invoices/confirm' },
  SBC11: { method: 'GET', path: '/api/seller-billing-cycles' },
  SBC07: { method: 'PUT', path: '/api/seller-billing-cycles' },
  SOR11: { method: 'GET', path: '/api/mms/orders' },
  SPA11: { method: 'GET', path: '/api/mms/debits' },
  SPA01: { method: 'PUT', path: '/api/mms/debits' },
  SPA12: { method: 'GET', path: '/api/mms/refunds' },
  SPA02: { method: 'PUT', path: '/api/mms/refunds' },
  TL02: { method: 'GET', path: '/api/sellerpayment/transactions_logs' },
  PC01: { method: 'GET', path: '/api/platform/configuration' },
  AF01: { method: 'GET', path: '/api/additional_fields' },
  V01: { method: 'GET', path: '/api/version' },
} as const

export type EndpointCode = keyof typeof endpoints

/** Mirakl's cap on ids in one call, both for comma lists and for repeated keys. */
const idsPerCall = 100

/** A query in order; a key may come several times (the seek-paginated endpoints want that). */
export type Query = readonly (readonly [key: string, value: string])[]

/** Path and query of an endpoint, percent-encoded (a bare `+` of a time zone would be read as a blank). */
export function addressOf(code: EndpointCode, query: Query): string {
  const written = query.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')
  return written === '' ? endpoints[code].path : `${endpoints[code].path}?${written}`
}

/** A moment as Mirakl takes it in queries and bodies: ISO 8601 in UTC, whole seconds (rounded down). */
export function timeText(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`
}

/** Ids in portions that one call may carry. */
export function portions<T>(ids: readonly T[], size = idsPerCall): readonly (readonly T[])[] {
  const result: T[][] = []
  for (let at = 0; at < ids.length; at += size) result.push(ids.slice(at, at + size))
  return result
}
