import type { FastifyInstance } from 'fastify'
import { explain, explainedTypes } from '../../workflows/explain.ts'
import { requireReader } from '../auth.ts'
import type { HttpDeps } from '../deps.ts'
import { readerOf } from '../language.ts'
import { sendPage } from '../pages/document.ts'
import { explainPage } from '../pages/explain-page.ts'
import { ProblemError } from '../problem.ts'
import { statusLimit } from '../rate-limits.ts'
import { servedEnvironment } from '../served-environment.ts'

type Named = { Params: { type: string; id: string } }

/** `/explain/movement/mv_1`: why a movement, an order, an invoice or a seller is as it is. */
export async function explainRoutes(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const options = { config: { rateLimit: statusLimit }, preHandler: requireReader(deps) }
  app.get<Named>('/explain/:type/:id', options, async (request, reply) => {
    const { environment, provider } = servedEnvironment(deps, request)
    const reader = readerOf(request)
    // No id has a zero octet, and PostgreSQL refuses to look for one.
    const known = !request.params.id.includes('\0')
    const type = explainedTypes.find(each => known && each === request.params.type)
    const { database, clock } = deps
    const { language } = reader
    const source = { database, clock, environment, representable: provider.representable, language }
    const found = type === undefined ? null : await explain(source, type, request.params.id)
    if (found === null) {
      const detail = `Nothing is known here of ${request.params.type} ${request.params.id}.`
      throw new ProblemError({ status: 404, detail })
    }
    return sendPage(reply, 200, explainPage(found, reader, environment.slug))
  })
}
