import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { differenceCsv } from '../../workflows/difference-csv.ts'
import { differenceLines, reconciliationReport } from '../../workflows/reconcile-report.ts'
import { requireReader } from '../auth.ts'
import { reconciliationContract, reconciliationQuery } from '../contract/reconciliation.ts'
import type { HttpDeps } from '../deps.ts'
import { readerOf } from '../language.ts'
import { sendPage } from '../pages/document.ts'
import { reconciliationPage } from '../pages/reconciliation-page.ts'
import { ProblemError } from '../problem.ts'
import { statusLimit } from '../rate-limits.ts'
import { servedEnvironment } from '../served-environment.ts'

/** Differences in JSON and on the page; CSV has all of them. */
const shownMax = 500

/** `/v1/reconciliation` and `/v1/reconciliation.csv` for programs, `/reconciliation` for people. */
export async function reconciliationRoutes(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const options = { config: { rateLimit: statusLimit }, preHandler: requireReader(deps) }
  const asked = (request: FastifyRequest) => {
    const { environment } = servedEnvironment(deps, request)
    const { language } = readerOf(request)
    return { work: { ...deps, environment }, query: { since: sinceOf(request), language } }
  }
  app.get('/v1/reconciliation', options, async (request, reply) => {
    const { work, query } = asked(request)
    const report = await reconciliationReport(work, { ...query, limit: shownMax })
    return reply.header('cache-control', 'no-store').send(reconciliationContract.parse(report))
  })
  app.get('/v1/reconciliation.csv', options, async (request, reply) => {
    const { work, query } = asked(request)
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="reconciliation.csv"')
      .type('text/csv; charset=utf-8')
      .send(Readable.from(differenceCsv(differenceLines(work, query))))
  })
  app.get('/reconciliation', options, async (request, reply) => {
    const { work, query } = asked(request)
    const report = await reconciliationReport(work, { ...query, limit: shownMax })
    return sendPage(reply, 200, reconciliationPage(report, readerOf(request)))
  })
}

/** @throws ProblemError 400 */
function sinceOf(request: FastifyRequest): Date | undefined {
  const query = reconciliationQuery.safeParse(request.query)
  if (!query.success) {
    const detail = '`since` must be a day (2026-11-01) or a moment (2026-11-01T08:00:00Z).'
    throw new ProblemError({ status: 400, detail })
  }
  const { since } = query.data
  return since === undefined ? undefined : new Date(since)
}
