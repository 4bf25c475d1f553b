import type { FastifyInstance } from 'fastify'
import { pageMovements } from '../../store/movement-pages.ts'
import { requireToken } from '../auth.ts'
import { listQuery, shownMovement } from '../contract/old-lists.ts'
import { oldLists, placesOf } from '../contract/old-statuses.ts'
import type { HttpDeps } from '../deps.ts'
import { ProblemError } from '../problem.ts'
import { apiLimit } from '../rate-limits.ts'
import { servedEnvironment } from '../served-environment.ts'

/** `/api/transfers`, `/api/payouts`, `/api/refunds`: read-only lists, as operators' programs know them. */
export async function oldListRoutes(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const options = { config: { rateLimit: apiLimit }, preParsing: requireToken(deps) }
  const { queries } = deps.database
  for (const list of oldLists) {
    const of = placesOf(list)
    app.get(`/api/${list}`, options, async (request, reply) => {
      const query = listQuery.safeParse(request.query)
      if (!query.success) throw unreadableQuery('miraklId must be one id')
      const { page, itemsPerPage: limit, miraklId } = query.data
      const { environment } = servedEnvironment(deps, request)
      const wanted = { of, sourceId: miraklId, offset: (page - 1) * limit, limit }
      const found = await pageMovements(queries, environment.id, wanted)
      void reply.header('cache-control', 'no-store')
      return reply.send(found.map(each => shownMovement(list, each)))
    })
    app.get<{ Params: { id: string } }>(`/api/${list}/:id`, options, async (request, reply) => {
      const { environment } = servedEnvironment(deps, request)
      const wanted = { of, number: numberOf(request.params.id), offset: 0, limit: 1 }
      const [found] = await pageMovements(queries, environment.id, wanted)
      if (found === undefined) throw new ProblemError({ status: 404, detail: 'It is not known.' })
      return reply.header('cache-control', 'no-store').send(shownMovement(list, found))
    })
  }
}

/** A query that cannot be read, with what its last parameter must be. */
export function unreadableQuery(filter: string): ProblemError {
  const detail = `page counts from 1, itemsPerPage is 1 to 100, ${filter}.`
  return new ProblemError({ status: 400, detail })
}

/** @throws ProblemError 404 for what is no number of ours */
export function numberOf(id: string): number {
  if (/^\d{1,15}$/.test(id)) return Number(id)
  throw new ProblemError({ status: 404, detail: 'An id is a whole number.' })
}
