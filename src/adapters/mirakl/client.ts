import { setTimeout as waitMilliseconds } from 'node:timers/promises'
import type { MarketplaceError } from '../../domain/errors.ts'
import type { Json } from '../../domain/json.ts'
import type { Clock, Told } from '../../workflows/ports.ts'
import { createAuthorization, type Authorization, type MiraklAuth } from './authorization.ts'
import { endpoints, type EndpointCode } from './endpoints.ts'
import {
  isFailing,
  messageOf,
  networkProblem,
  rateLimited,
  refusalOf,
  unreachable,
} from './failures.ts'
import { parseJson, writeJson, type Writable } from './lossless-json.ts'

/** An answer to a read. */
export interface Answer {
  readonly body: Json
  /** The `Link` header, when there is one. */
  readonly link: string | null
  /** Mirakl's clock (Date header), or ours when it does not say or when that is earlier. */
  readonly at: Date
}

/** What became of a write; `told` carries the answer's body, null when there was none (204). */
export type Written =
  { readonly result: 'told'; readonly body: Json | null } | Exclude<Told, { result: 'told' }>

export interface Client {
  /**
   * Asks until there is an answer: three tries when Mirakl fails, a few more when it asks for patience.
   * @param address path and query
   * @throws MarketplaceError
   */
  read(code: EndpointCode, address: string): Promise<Answer>
  /** The same, for an answer that need not be JSON. */
  readText(code: EndpointCode, address: string): Promise<string>
  /**
   * Asks once. An answer that is missing or unreadable is `unknown`, never tried again here: Mirakl
   * knows no idempotency key.
   * @throws MarketplaceError for 401 and 403, which concern every write
   */
  write(code: EndpointCode, body: Writable): Promise<Written>
}

export interface ClientOptions {
  /** Full URL of the tenant, with or without a final slash. */
  readonly baseUrl: string
  readonly auth: MiraklAuth
  readonly fetch: typeof fetch
  readonly clock: Clock
  /** Default 30. */
  readonly timeoutSeconds?: number
  /** How waiting is done; tests pass their own. */
  readonly wait?: (seconds: number) => Promise<void>
}

/** Waits between the tries of a read that failed (seconds). */
const backOff = [1, 3]
/** A 429 is waited for within a run at most this often, and at most this long (seconds). */
const patience = { times: 3, seconds: 60 }
/** What to wait after a 429 without Retry-After (seconds). */
const assumedRetryAfter = 10

interface Link {
  readonly base: string
  readonly fetch: typeof fetch
  readonly authorization: Authorization
  readonly clock: Clock
  readonly timeoutSeconds: number
  readonly wait: (seconds: number) => Promise<void>
}

/** An answer with its body, or why there is none. */
type Reply =
  | { readonly ok: true; readonly status: number; readonly headers: Headers; readonly text: string }
  | { readonly ok: false; readonly problem: string }

export function createClient(options: ClientOptions): Client {
  const timeoutSeconds = options.timeoutSeconds ?? 30
  const wait = options.wait ?? (seconds => waitMilliseconds(seconds * 1000))
  const { fetch, clock } = options
  const authorization = createAuthorization(options.auth, { fetch, clock, timeoutSeconds, wait })
  const base = options.baseUrl.replace(/\/+$/, '')
  const link: Link = { base, fetch, authorization, clock, timeoutSeconds, wait }
  return {
    read: (code, address) => readUntil(link, code, address, toAnswer),
    readText: (code, address) => readUntil(link, code, address, reply => reply.text),
    write: (code, body) => write(link, code, body),
  }
}

async function readUntil<T>(
  link: Link,
  code: EndpointCode,
  address: string,
  use: (reply: Extract<Reply, { ok: true }>, clock: Clock) => T | null,
): Promise<T> {
  let failures = 0
  let pauses = 0
  for (;;) {
    const reply = await send(link, code, address)
    if (reply.ok && reply.status === 429) {
      const seconds = retryAfter(reply.headers, link.clock)
      if (pauses >= patience.times || (seconds ?? 0) > patience.seconds)
        throw rateLimited(code, seconds)
      pauses += 1
      await link.wait(seconds ?? assumedRetryAfter)
      continue
    }
    let failure: MarketplaceError
    if (!reply.ok) failure = unreachable(code, reply.problem)
    else if (isDone(reply.status)) {
      const used = use(reply, link.clock)
      if (used !== null) return used
      failure = unreachable(code, 'the answer is not JSON.')
    } else if (isFailing(reply.status)) failure = refusalOf(code, reply.status, reply.text)
    else throw refusalOf(code, reply.status, reply.text)
    const pause = backOff[failures]
    if (pause === undefined) throw failure
    failures += 1
    await link.wait(pause)
  }
}

function toAnswer(reply: Extract<Reply, { ok: true }>, clock: Clock): Answer | null {
  const body = readBody(reply.text)
  if (body === undefined) return null
  const [ours, theirs] = [clock.now(), dateHeader(reply.headers)]
  // Checkpoints follow it: with a date of the future, what changes until then would never be read.
  const at = theirs !== null && theirs < ours ? theirs : ours
  return { body, link: reply.headers.get('link'), at }
}

async function write(link: Link, code: EndpointCode, body: Writable): Promise<Written> {
  const reply = await send(link, code, endpoints[code].path, writeJson(body))
  if (!reply.ok) return { result: 'unknown', message: reply.problem }
  const { status, text } = reply
  if (isDone(status)) {
    const read = text.trim() === '' ? null : readBody(text)
    // The confirmations answer 204; what stands in another 2xx does not change that it was taken.
    return { result: 'told', body: read ?? null }
  }
  if (status === 401 || status === 403) throw refusalOf(code, status, text)
  if (status === 429) {
    const seconds = retryAfter(reply.headers, link.clock) ?? assumedRetryAfter
    const { message } = rateLimited(code, seconds)
    return { result: 'unknown', message, retryAfterSeconds: seconds }
  }
  if (isFailing(status) || status < 400)
    return { result: 'unknown', message: refusalOf(code, status, text).message }
  return { result: 'refused', message: messageOf(text) ?? refusalOf(code, status, text).message }
}

/** One request with its body read; a token that ran out is renewed once, as a 401 did nothing. */
async function send(
  link: Link,
  code: EndpointCode,
  address: string,
  body?: string,
): Promise<Reply> {
  const header = await link.authorization.header()
  const reply = await sendOnce(link, code, address, header, body)
  if (!reply.ok || reply.status !== 401 || !link.authorization.renew(header)) return reply
  return sendOnce(link, code, address, await link.authorization.header(), body)
}

async function sendOnce(
  link: Link,
  code: EndpointCode,
  address: string,
  authorization: string,
  body: string | undefined,
): Promise<Reply> {
  try {
    const response = await link.fetch(link.base + address, {
      method: endpoints[code].method,
      headers: {
        authorization,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      // A redirect would take the key elsewhere, or turn a PUT into a GET.
      redirect: 'manual',
      signal: AbortSignal.timeout(link.timeoutSeconds * 1000),
    })
    const { status, headers } = response
    return { ok: true, status, headers, text: await response.text() }
  } catch (error) {
    return { ok: false, problem: networkProblem(error, link.timeoutSeconds) }
  }
}

function isDone(status: number): boolean {
  return status >= 200 && status < 300
}

function readBody(text: string): Json | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

function dateHeader(headers: Headers): Date | null {
  const moment = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(moment) ? null : new Date(moment)
}

/** Seconds to wait at most: no server means a longer pause, and a date must still come of it. */
const longestPause = 24 * 3600

/** Seconds to wait, at least 1 and at most a day; the header holds seconds or, by RFC 9110, a date. */
function retryAfter(headers: Headers, clock: Clock): number | null {
  const text = headers.get('retry-after')
  if (text === null) return null
  if (/^\d+$/.test(text)) return bounded(Number(text))
  const moment = Date.parse(text)
  if (Number.isNaN(moment)) return null
  const now = dateHeader(headers) ?? clock.now()
  return bounded(Math.ceil((moment - now.getTime()) / 1000))
}

function bounded(seconds: number): number {
  return Math.min(longestPause, Math.max(1, seconds))
}
