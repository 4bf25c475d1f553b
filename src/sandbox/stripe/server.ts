import { hash } from 'node:crypto'
import type { Handler } from '../http.ts'
import { apiVersion } from './emission.ts'
import { expand } from './expansion.ts'
import { maskKey, noAccess, StripeFailure } from './failure.ts'
import { canonicalText, readForm } from './form.ts'
import type { FormTree } from './form.ts'
import { createIdempotencyKeys } from './idempotency.ts'
import type { Answer } from './idempotency.ts'
import * as p from './parameters.ts'
import { createRateLimit } from './rate-limit.ts'
import { createRouteTable } from './route.ts'
import type { Match, Route } from './route.ts'
import type { Sabotage } from './sabotage.ts'
import type { World } from './world.ts'

export interface ServerDependencies {
  world: World
  routes: readonly Route[]
  secretKeys: readonly string[] | undefined
  /** Real or virtual milliseconds for the rate limits; undefined: no limits. */
  rateClock: (() => number) | undefined
  sabotage: Sabotage
}

interface Asked {
  method: string
  pathname: string
  parameters: FormTree
  expand: string[]
  key: string
  owner: string
  match: Match
  idempotencyKey: string | null
}

/** The API under `/v1/`: authorisation, limits, idempotency, then one route without awaiting. */
export function createServer(deps: ServerDependencies): Handler {
  const { world } = deps
  const find = createRouteTable(deps.routes)
  const keys = createIdempotencyKeys(() => world.seconds())
  const limit = deps.rateClock && createRateLimit(deps.rateClock)

  function read(request: Request, body: string): Asked {
    const url = new URL(request.url)
    const key = authorize(request, world, deps.secretKeys)
    const account = request.headers.get('stripe-account')
    const owner = account ?? world.platform
    if (owner !== world.platform && (!world.accounts.locate(owner) || world.gone.has(owner))) {
      throw noAccess(key, owner)
    }
    const match = find(request.method, url.pathname)
    if (!match) throw unknownUrl(request.method, url.pathname)
    limit?.(`${match.route.method} ${match.route.pattern}`)
    const form = readForm(request.method === 'GET' ? url.search.slice(1) : body)
    const { expand: paths, ...parameters } = form
    return {
      method: request.method,
      pathname: url.pathname,
      parameters: Object.assign(Object.create(null) as FormTree, parameters),
      expand: paths === undefined ? [] : p.listOf(p.text)(paths, 'expand'),
      key,
      owner,
      match,
      idempotencyKey: request.method === 'POST' ? request.headers.get('idempotency-key') : null,
    }
  }

  function run(asked: Asked, requestId: string): object {
    const { method, pathname, owner, match } = asked
    world.cause = { id: requestId, idempotency_key: asked.idempotencyKey }
    try {
      deps.sabotage.before(method, pathname)
      const { id, nestedId } = match
      const call = { world, owner, key: asked.key, parameters: asked.parameters, id, nestedId }
      const object = expand(world, owner, match.route.run(call), asked.expand)
      deps.sabotage.after(method, pathname)
      return object
    } finally {
      world.cause = { id: null, idempotency_key: null }
    }
  }

  async function runOnce(asked: Asked, requestId: string): Promise<Answer & { replayed: boolean }> {
    const key = asked.idempotencyKey
    const kept = key === null ? undefined : keys.begin(asked.owner, key, fingerprint(asked))
    if (kept) return { ...kept, replayed: true }
    await deps.sabotage.hold(asked.method, asked.pathname)
    try {
      const answer = { status: 200, body: JSON.stringify(run(asked, requestId)), requestId }
      if (key !== null) keys.keep(asked.owner, key, answer)
      return { ...answer, replayed: false }
    } catch (error) {
      const answer = failed(error, requestId)
      const keep = !(error instanceof StripeFailure) || error.kept
      if (key !== null && keep) keys.keep(asked.owner, key, answer)
      else if (key !== null) keys.release(asked.owner, key)
      return { ...answer, replayed: false }
    }
  }

  return async request => {
    const requestId = world.newId('req')
    const idempotencyKey = request.headers.get('idempotency-key')
    let answer: Answer & { replayed: boolean }
    try {
      answer = await runOnce(read(request, await request.text()), requestId)
    } catch (error) {
      answer = { ...failed(error, requestId), replayed: false }
    }
    return respond(world, answer, requestId, idempotencyKey, request)
  }
}

/** Short, because it is kept for a day with each key. */
function fingerprint({ method, pathname, parameters, expand: paths }: Asked): string {
  const text = `${method} ${pathname} ${canonicalText(parameters)} ${paths.join()}`
  return hash('sha256', text, 'base64url')
}

function authorize(
  request: Request,
  world: World,
  secretKeys: readonly string[] | undefined,
): string {
  const header = request.headers.get('authorization') ?? ''
  const key = header.startsWith('Bearer ')
    ? header.slice(7)
    : header.startsWith('Basic ')
      ? (Buffer.from(header.slice(6), 'base64').toString().split(':')[0] ?? '')
      : ''
  if (key === '') {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  }
  const mode = world.livemode ? 'live' : 'test'
  const known = secretKeys?.includes(key) ?? new RegExp(`^[sr]k_${mode}_.`).test(key)
  if (!known) throw unauthorized(`Invalid API Key provided: ${maskKey(key)}`)
  return key
}

function unauthorized(message: string): StripeFailure {
  return new StripeFailure(401, { type: 'invalid_request_error', message }, false)
}

function unknownUrl(method: string, pathname: string): StripeFailure {
  const message = `Unrecognized request URL (${method}: ${pathname}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`
  return new StripeFailure(404, { type: 'invalid_request_error', message }, false)
}

function failed(error: unknown, requestId: string): Answer {
  if (!(error instanceof StripeFailure)) throw error
  return { status: error.status, body: JSON.stringify({ error: error.body }), requestId }
}

function respond(
  world: World,
  answer: Answer & { replayed: boolean },
  requestId: string,
  idempotencyKey: string | null,
  request: Request,
): Response {
  const headers = new Headers({
    'content-type': 'application/json',
    date: world.clock.now().toUTCString(),
    'request-id': requestId,
    'stripe-version': request.headers.get('stripe-version') ?? apiVersion,
  })
  if (idempotencyKey !== null && request.method === 'POST') {
    headers.set('idempotency-key', idempotencyKey)
    headers.set('original-request', answer.requestId)
  }
  if (answer.replayed) headers.set('idempotent-replayed', 'true')
  return new Response(answer.body, { status: answer.status, headers })
}
