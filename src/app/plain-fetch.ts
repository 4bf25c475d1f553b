import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { createGunzip } from 'node:zlib'

/** Bytes of an answer at most, unpacked; a page of a hundred orders has some hundred thousand. */
const answerMax = 64 * 1024 * 1024

/**
 * `fetch` for calls with a text, or nothing, as their body and an answer that is read as a whole:
 * those to Mirakl and Stripe. On the agents of node:http, which keep connections alive.
 *
 * The built-in fetch hangs each of its requests and answers on finalizers, so that they outlive the
 * young generation of the collector: a run of thousands of calls then holds some 200 MiB of garbage
 * and spends three times as much CPU (docs/benchmarks.md). Errors are those of fetch: the reason of
 * the signal, or `TypeError('fetch failed')` with the cause. A redirect is answered, never followed.
 */
export const plainFetch: typeof fetch = async (input, init = {}) => {
  const { body, signal } = init
  const isPlain = body === undefined || body === null || typeof body === 'string'
  if (input instanceof Request || !isPlain) return fetch(input, { ...init, redirect: 'manual' })
  const incoming = await send(new URL(input), { ...init, body: body ?? null })
  try {
    return await answerOf(incoming)
  } catch (error) {
    throw failureOf(error, signal)
  }
}

function send(
  url: URL,
  { method, headers, body, signal }: RequestInit & { body: string | null },
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown) => reject(failureOf(error, signal))
    const options = {
      method: method ?? 'GET',
      headers: headersOf(headers),
      ...(signal === undefined || signal === null ? {} : { signal }),
    }
    try {
      request(url, options, resolve)
        .on('error', refuse)
        .end(body ?? undefined)
    } catch (error) {
      refuse(error)
    }
  })
}

function headersOf(given: RequestInit['headers']): Record<string, string> {
  return {
    'accept-encoding': 'gzip',
    'user-agent': 'tributary',
    ...Object.fromEntries(new Headers(given)),
  }
}

async function answerOf(incoming: IncomingMessage): Promise<Response> {
  const headers = new Headers()
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) {
    headers.append(incoming.rawHeaders[at] ?? '', incoming.rawHeaders[at + 1] ?? '')
  }
  const isPacked = incoming.headers['content-encoding'] === 'gzip'
  const body = await textOf(isPacked ? incoming.compose(createGunzip()) : incoming)
  const status = incoming.statusCode ?? 0
  // A Response refuses a body, even an empty one, where HTTP knows none.
  const bodiless = status === 204 || status === 205 || status === 304
  return new Response(bodiless ? null : body, { status, headers })
}

/** The whole text; an answer that does not end, or that unpacks without end, is an error in time. */
async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > answerMax) throw new AnswerTooLarge(`more than ${answerMax} bytes`)
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

class AnswerTooLarge extends Error {
  readonly code = 'answer too large'
}

function failureOf(error: unknown, signal: AbortSignal | null | undefined): unknown {
  return signal?.aborted === true ? signal.reason : new TypeError('fetch failed', { cause: error })
}
