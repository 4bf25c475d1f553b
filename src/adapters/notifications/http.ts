import { lookup as lookUpName } from 'node:dns/promises'
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { Notifier, Posting } from '../../workflows/ports.ts'
import { type AddressRule, createAddressRule } from './addresses.ts'
import { signatureOf } from './signature.ts'

export interface NotifierOptions {
  /** Where to post: http or https. */
  readonly url: string
  /** Key of the signature. */
  readonly secret: string
  /** Addresses and ranges that may be posted to although they are not public. */
  readonly allow: readonly string[]
  readonly userAgent: string
  /** For looking up the name, connecting and the whole answer; default 10. */
  readonly timeoutSeconds?: number
  /** Every address of a name; the system's resolver by default. */
  readonly resolve?: (name: string) => Promise<readonly { address: string; family: number }[]>
}

/** Characters of an answer that are kept, and bytes that are read for them. */
const answerMax = 500
const readMax = 16 * 1024

/**
 * Posts notifications to one URL. Every address of its name is checked first and the connection
 * goes to one that was checked, so that a name cannot point elsewhere between the two. A redirect
 * is an error: who it leads to was not checked, and was not meant.
 */
export function createHttpNotifier(options: NotifierOptions): Notifier {
  const url = new URL(options.url)
  const isAllowed = createAddressRule(options.allow)
  const resolve = options.resolve ?? (name => lookUpName(name, { all: true, verbatim: true }))
  const timeoutMilliseconds = (options.timeoutSeconds ?? 10) * 1000
  return {
    post: async notification => {
      const from = performance.now()
      const since = () => Math.round(performance.now() - from)
      const signal = AbortSignal.timeout(timeoutMilliseconds)
      try {
        const addresses = await withSignal(signal, checked(url, resolve, isAllowed))
        const answer = await send(url, addresses, signal, {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': options.userAgent,
          'tributary-id': notification.id,
          'tributary-signature': signatureOf(options.secret, notification.body, notification.at),
          body: notification.body,
        })
        return { ...posting(answer.status), answer: answer.text, milliseconds: since() }
      } catch (error) {
        const message = signal.aborted
          ? `no answer within ${timeoutMilliseconds / 1000} seconds`
          : reasonOf(error)
        const result = error instanceof AddressRefused ? 'refused' : 'unknown'
        return { result, status: null, milliseconds: since(), answer: '', message }
      }
    },
  }
}

class AddressRefused extends Error {}

type Addresses = readonly { readonly address: string; readonly family: number }[]

/** @throws AddressRefused when any address of the name may not be connected to */
async function checked(
  url: URL,
  resolve: NonNullable<NotifierOptions['resolve']>,
  isAllowed: AddressRule,
): Promise<Addresses> {
  const name = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(name)
  const addresses = family === 0 ? await resolve(name) : [{ address: name, family }]
  if (addresses.length === 0) throw new Error(`${name} has no address`)
  const refused = addresses.find(({ address }) => !isAllowed(address))
  if (refused === undefined) return addresses
  throw new AddressRefused(
    `${name} leads to ${refused.address}, which is not public and not in TRIBUTARY_NOTIFICATION_ALLOW`,
  )
}

/** The rest of a request's time also ends what cannot be aborted by itself. */
function withSignal<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

async function send(
  url: URL,
  addresses: Addresses,
  signal: AbortSignal,
  { body, ...headers }: { body: string; [header: string]: string },
): Promise<{ status: number; text: string }> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  const outgoing = request(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    // A connection of its own: a kept one might lead to an address of an earlier check.
    agent: false,
    lookup: answerWith(addresses),
    signal,
  })
  const incoming = await answerTo(outgoing, body)
  try {
    return { status: incoming.statusCode ?? 0, text: await beginningOf(incoming) }
  } finally {
    outgoing.destroy()
  }
}

function answerTo(outgoing: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.on('response', resolve).on('error', reject).end(body)
  })
}

/** A resolver that knows the checked addresses and nothing else. */
function answerWith(addresses: Addresses): LookupFunction {
  return (_name, options, done) => {
    const [first = { address: '', family: 4 }] = addresses
    if (options.all === true) done(null, [...addresses])
    else done(null, first.address, first.family)
  }
}

/** The first characters of an answer; what is longer is not read to its end. */
async function beginningOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= readMax) break
  }
  // NUL cannot be stored in a text of PostgreSQL.
  const text = Buffer.concat(chunks).toString('utf8').replaceAll('\0', '')
  return text.slice(0, answerMax).toWellFormed()
}

function posting(status: number): Pick<Posting, 'result' | 'status' | 'message'> {
  if (status >= 200 && status < 300) return { result: 'told', status, message: '' }
  const message =
    status >= 300 && status < 400 ? `a redirect (${status}); none is followed` : `HTTP ${status}`
  return { result: 'refused', status, message }
}

/** The words for people of a failed connection; several addresses give several reasons. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
