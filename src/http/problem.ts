import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Json } from '../domain/json.ts'
import type { Log } from '../workflows/work.ts'

/** What a request that fails is told: a problem document (RFC 9457). */
export interface Problem {
  /** An HTTP status from 400 on. */
  readonly status: number
  /** What is wrong with this very request, and what would be right; never a secret. */
  readonly detail: string
  /** Members of our own, beside those of the RFC. */
  readonly more?: { readonly [key: string]: Json }
}

/** Thrown inside a route: answered as its problem document. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** Answers a problem document. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: Problem,
): FastifyReply {
  const { status, detail, more = {} } = problem
  const title = STATUS_CODES[status] ?? 'Error'
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send({ type: 'about:blank', title, status, detail, ...more, requestId: request.id })
}

/** Answers every error, known route or not, with a problem document. */
export function answerErrors(app: FastifyInstance, log: Log): void {
  const routes = collectRoutes(app)
  app.setErrorHandler((error: FastifyError | ProblemError, request, reply) => {
    const problem = problemOf(error)
    if (problem.status >= 500 && !(error instanceof ProblemError)) {
      log('error', 'a request failed', {
        request: request.id,
        route: request.routeOptions.url ?? '',
        problem: String(error),
        stack: error.stack ?? '',
      })
    }
    return sendProblem(request, reply, problem)
  })
  app.setNotFoundHandler((request, reply) => {
    const allowed = methodsOf(routes, request.url)
    if (allowed.length === 0) {
      return sendProblem(request, reply, { status: 404, detail: 'There is nothing here.' })
    }
    void reply.header('allow', allowed.join(', '))
    const detail = `This address takes ${allowed.join(' and ')}.`
    return sendProblem(request, reply, { status: 405, detail })
  })
}

/** Answers what is not HTTP, or never ends, before any route: a problem document, and good-bye. */
export function answerUnreadable(error: { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const status = statusesBefore[error.code ?? ''] ?? 400
  const title = STATUS_CODES[status] ?? 'Error'
  const detail = ownWords[status] ?? title
  const body = JSON.stringify({ type: 'about:blank', title, status, detail })
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

/** By the codes of node:http; every other is 400. */
const statusesBefore: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
}

const ownWords: Record<number, string> = {
  400: 'The request cannot be read.',
  408: 'The request did not arrive in time.',
  413: 'The body is too large.',
  415: 'The body must be sent as application/json.',
  431: 'The headers are too large.',
  429: 'Too many requests. Try again after the time that Retry-After says.',
}

/** Only the status of a foreign error is told: its text may quote the request or our insides. */
function problemOf(error: FastifyError | ProblemError): Problem {
  if (error instanceof ProblemError) return error.problem
  const status = error.statusCode ?? 500
  if (status < 400 || status >= 500) {
    return { status: 500, detail: 'Something failed here. The log has it under this request id.' }
  }
  return { status, detail: ownWords[status] ?? STATUS_CODES[status] ?? 'The request is refused.' }
}

interface KnownRoute {
  readonly methods: readonly string[]
  readonly path: RegExp
}

function collectRoutes(app: FastifyInstance): readonly KnownRoute[] {
  const routes: KnownRoute[] = []
  app.addHook('onRoute', ({ method, url }) => {
    const path = new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`)
    routes.push({ methods: [method].flat(), path })
  })
  return routes
}

function methodsOf(routes: readonly KnownRoute[], url: string): string[] {
  const [path = ''] = url.split('?', 1)
  const found = routes.filter(route => route.path.test(path)).flatMap(route => route.methods)
  return [...new Set(found)].toSorted()
}
