import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Fault, FaultPlan } from './faults.ts'

/** A simulated server: a request in, an answer out. Throws `ConnectionCut` when the peer is to lose the connection. */
export type Handler = (request: Request) => Promise<Response>

/** Thrown by a handler: the peer sees a reset connection instead of an answer. */
export class ConnectionCut extends Error {}

/**
 * The handler as seen through an unreliable network. `cut_after` and `slow` run the handler first. Control requests
 * (`/_sandbox/…`) never meet a fault.
 * @param now virtual time for the `Date` header of the answers that are made here; without it they have none
 */
export function withFaults(
  side: Fault['side'],
  handler: Handler,
  plan: FaultPlan,
  now?: () => Date,
): Handler {
  return async request => {
    const { pathname } = new URL(request.url)
    const fault = pathname.startsWith('/_sandbox/')
      ? undefined
      : plan.next(side, request.method, pathname)
    if (!fault) return handler(request)
    switch (fault.kind) {
      case 'cut_before':
        throw new ConnectionCut('The connection was cut before the request was read')
      case 'cut_after':
        await handler(request)
        throw new ConnectionCut('The connection was cut before the answer was sent')
      case 'slow': {
        const response = await handler(request)
        await wait(fault.delayMilliseconds ?? 1000)
        return response
      }
      case 'rate_limited':
      case 'error_html':
      case 'error_json':
        return failure(fault, fault.kind, now)
    }
  }
}

function failure(
  fault: Fault,
  kind: 'rate_limited' | 'error_html' | 'error_json',
  now: (() => Date) | undefined,
): Response {
  const headers = new Headers({ 'content-type': 'application/json' })
  if (now) headers.set('date', now().toUTCString())
  if (fault.retryAfterSeconds !== undefined) {
    headers.set('retry-after', String(fault.retryAfterSeconds))
  }
  if (kind === 'error_html') {
    headers.set('content-type', 'text/html')
    const page = '<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>'
    return new Response(page, { status: 502, headers })
  }
  const status = kind === 'rate_limited' ? 429 : 500
  return new Response(JSON.stringify(errorBody(fault.side, status)), { status, headers })
}

function errorBody(side: Fault['side'], status: 429 | 500): unknown {
  const message = status === 429 ? 'Too many requests' : 'An unexpected error occurred'
  if (side === 'mirakl') return { status, message }
  return status === 429
    ? { error: { type: 'invalid_request_error', code: 'rate_limit', message } }
    : { error: { type: 'api_error', message } }
}

/**
 * Serves the handler on 127.0.0.1.
 * @param port default 0: any free one
 * @returns the base URL without a final slash, and how to stop
 */
export async function listen(
  handler: Handler,
  port = 0,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => void answer(handler, incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await handler(await toRequest(incoming))
    outgoing.sendDate = false
    outgoing.statusCode = response.status
    for (const [name, value] of response.headers) {
      if (name !== 'set-cookie') outgoing.setHeader(name, value)
    }
    const cookies = response.headers.getSetCookie()
    if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
    outgoing.end(Buffer.from(await response.arrayBuffer()))
  } catch (error) {
    if (!(error instanceof ConnectionCut)) console.error('The sandbox failed on a request', error)
    incoming.socket.destroy()
  }
}

async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const headers = new Headers()
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    headers.append(incoming.rawHeaders[at] ?? '', incoming.rawHeaders[at + 1] ?? '')
  }
  const method = incoming.method ?? 'GET'
  const bodyless = method === 'GET' || method === 'HEAD'
  const host = incoming.headers.host ?? '127.0.0.1'
  return new Request(new URL(incoming.url ?? '/', `http://${host}`), {
    method,
    headers,
    ...(bodyless ? {} : { body: Buffer.concat(chunks) }),
  })
}

/**
 * The handler as a `fetch`, in process and without a socket. A cut connection is the `TypeError('fetch failed')` of the real
 * one, with the code ECONNRESET on its cause; an aborted signal rejects with the signal's reason.
 */
export function fetchOf(handler: Handler): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    request.signal.throwIfAborted()
    const aborted = new Promise<never>((_, reject) => {
      request.signal.addEventListener('abort', () => reject(asError(request.signal.reason)), {
        once: true,
      })
    })
    try {
      return await Promise.race([handler(request), aborted])
    } catch (error) {
      if (!(error instanceof ConnectionCut)) throw error
      const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
      throw new TypeError('fetch failed', { cause })
    }
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
