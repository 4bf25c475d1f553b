import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpDeps } from './deps.ts'
import { ProblemError } from './problem.ts'

/** Compares in constant time, whatever the lengths. */
function same(given: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(right))
}

/**
 * Lets a request pass that carries the operator's token in X-AUTH-TOKEN, or as the password of HTTP
 * Basic (any name): a browser can send no header of its own.
 * @throws ProblemError 401
 */
function requireOperator(deps: Pick<HttpDeps, 'operatorToken'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const right = deps.operatorToken
    if (right === null || right === '') {
      const detail = 'No OPERATOR_PASSWORD is set: nobody is let in.'
      throw new ProblemError({ status: 401, detail })
    }
    const given = tokenOf(request)
    if (given !== null && same(given, right)) return
    void reply.header('www-authenticate', 'Basic realm="Tributary", charset="UTF-8"')
    const detail = 'Send the operator token in the header X-AUTH-TOKEN.'
    throw new ProblemError({ status: 401, detail })
  }
}

/**
 * Lets a request pass that carries the operator's token in X-AUTH-TOKEN, and answers as the old
 * connector did: nothing sent is one thing, the wrong token another.
 * @throws ProblemError 401 without a token, 403 with a wrong one
 */
export function requireToken(deps: Pick<HttpDeps, 'operatorToken'>) {
  return async (request: FastifyRequest): Promise<void> => {
    const given = request.headers['x-auth-token']
    if (typeof given !== 'string' || given === '') {
      const detail = 'Send the operator token in the header X-AUTH-TOKEN.'
      throw new ProblemError({ status: 401, detail })
    }
    const right = deps.operatorToken
    if (right !== null && right !== '' && same(given, right)) return
    throw new ProblemError({ status: 403, detail: 'The token in X-AUTH-TOKEN is not right.' })
  }
}

/** As `requireOperator`, unless the status is for everybody. */
export function requireReader(deps: Pick<HttpDeps, 'operatorToken' | 'publicStatus'>) {
  const guard = requireOperator(deps)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!deps.publicStatus) await guard(request, reply)
  }
}

function tokenOf(request: FastifyRequest): string | null {
  const token = request.headers['x-auth-token']
  if (typeof token === 'string') return token
  const [scheme, credentials = ''] = (request.headers.authorization ?? '').split(' ', 2)
  if (scheme?.toLowerCase() !== 'basic') return null
  const text = Buffer.from(credentials, 'base64').toString('utf8')
  return text.slice(text.indexOf(':') + 1)
}
