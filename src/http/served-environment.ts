import type { FastifyRequest } from 'fastify'
import { statusQuery } from './contract/status.ts'
import type { HttpDeps, HttpEnvironment } from './deps.ts'
import { ProblemError } from './problem.ts'

/** The environment that `?environment=` names, or the default one. */
export function servedEnvironment(deps: HttpDeps, request: FastifyRequest): HttpEnvironment {
  const query = statusQuery.safeParse(request.query)
  if (!query.success) {
    const detail = '`environment` must be the slug of one environment.'
    throw new ProblemError({ status: 400, detail })
  }
  const { environment: slug } = query.data
  const found = deps.environments.find(each => slug === undefined || each.environment.slug === slug)
  if (found !== undefined) return found
  throw new ProblemError({ status: 404, detail: 'No environment of this slug is served here.' })
}
