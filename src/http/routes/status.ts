import type { FastifyInstance } from 'fastify'
import { listMovements } from '../../store/movements.ts'
import { sellersWithAccounts } from '../../store/sellers.ts'
import { statusOf } from '../../workflows/status.ts'
import { requireReader } from '../auth.ts'
import { statusContract } from '../contract/status.ts'
import type { HttpDeps } from '../deps.ts'
import { readerOf } from '../language.ts'
import { sendPage } from '../pages/document.ts'
import { statusPage } from '../pages/status-page.ts'
import { statusLimit } from '../rate-limits.ts'
import { servedEnvironment } from '../served-environment.ts'

/** Movements on the page. */
const latestShown = 20

/** `/v1/status` for programs, `/` for people. */
export async function statusRoutes(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const options = { config: { rateLimit: statusLimit }, preHandler: requireReader(deps) }
  app.get('/v1/status', options, async (request, reply) => {
    const { environment } = servedEnvironment(deps, request)
    const report = await statusOf({ ...deps, environment })
    return reply.header('cache-control', 'no-store').send(statusContract.parse(report))
  })
  app.get<{ Querystring: { refresh?: unknown } }>('/', options, async (request, reply) => {
    const { environment } = servedEnvironment(deps, request)
    const { queries } = deps.database
    const [report, latest] = await Promise.all([
      statusOf({ ...deps, environment }),
      listMovements(queries, environment.id, { limit: latestShown }),
    ])
    const ids = latest.flatMap(({ parties }) => parties.sellerId ?? [])
    const sellers = await sellersWithAccounts(queries, environment.id, ids)
    const view = {
      report,
      latest,
      sellerNames: new Map([...sellers].map(([id, { seller }]) => [id, seller.name])),
      refreshes: request.query.refresh !== 'off',
      environments: deps.environments.map(each => each.environment.slug),
      mailboxUrl: deps.mailboxUrl ?? null,
    }
    return sendPage(reply, 200, statusPage(view, readerOf(request)))
  })
}
