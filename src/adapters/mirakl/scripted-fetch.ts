/** For tests: an outside world that answers what it is told to, in order, and remembers the questions. */

export interface Asked {
  readonly method: string
  /** Path and query. */
  readonly address: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: string
}

/** An answer, or an error that the connection fails with. */
export type Scripted = Response | Error

export interface ScriptedFetch {
  readonly fetch: typeof fetch
  readonly asked: readonly Asked[]
}

/** @param answers in order; a question beyond them fails the test */
export function scriptedFetch(...answers: readonly Scripted[]): ScriptedFetch {
  const asked: Asked[] = []
  const answer: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const { method, headers } = request
    const body = await request.text()
    asked.push({
      method,
      headers,
      body,
      address: url.pathname + url.search,
      query: url.searchParams,
    })
    const next = answers[asked.length - 1]
    if (next === undefined) throw new Error(`unexpected question: ${method} ${request.url}`)
    if (next instanceof Error) throw next
    return next
  }
  return { fetch: answer, asked }
}

/** A JSON answer; the text is sent as it is, so that digits can be chosen. */
export function answerOf(
  text: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const all = { 'content-type': 'application/json', ...headers }
  return new Response(status === 204 ? null : text, { status, headers: all })
}

/** What `fetch` throws when the peer resets the connection. */
export function cutConnection(): Error {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
  return new TypeError('fetch failed', { cause })
}
