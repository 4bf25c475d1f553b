import type { FastifyInstance } from 'fastify'
import { MarketplaceError, ProviderError } from '../../domain/errors.ts'
import { listMappings } from '../../store/mappings.ts'
import { mapSeller } from '../../workflows/map-seller.ts'
import { requireToken } from '../auth.ts'
import { mappingBody, mappingQuery, shownMapping } from '../contract/old-lists.ts'
import type { HttpDeps, HttpEnvironment } from '../deps.ts'
import { ProblemError } from '../problem.ts'
import { apiLimit } from '../rate-limits.ts'
import { servedEnvironment } from '../served-environment.ts'
import { numberOf, unreadableQuery } from './old-lists.ts'

/** `/api/mappings`: which account each shop is paid to, read and set as operators' programs do it. */
export async function mappingRoutes(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const options = { config: { rateLimit: apiLimit }, preParsing: requireToken(deps) }
  const { queries } = deps.database
  app.get('/api/mappings', options, async (request, reply) => {
    const query = mappingQuery.safeParse(request.query)
    if (!query.success) throw unreadableQuery('miraklShopId must be a number')
    const { page, itemsPerPage: limit, miraklShopId: sellerId } = query.data
    const { environment } = servedEnvironment(deps, request)
    const wanted = { sellerId, offset: (page - 1) * limit, limit }
    const found = await listMappings(queries, environment.id, wanted)
    return reply.header('cache-control', 'no-store').send(found.map(shownMapping))
  })
  app.get<{ Params: { id: string } }>('/api/mappings/:id', options, async (request, reply) => {
    const { environment } = servedEnvironment(deps, request)
    const sellerId = String(numberOf(request.params.id))
    const [found] = await listMappings(queries, environment.id, { sellerId, offset: 0, limit: 1 })
    if (found === undefined) {
      throw new ProblemError({ status: 404, detail: 'This shop has no account.' })
    }
    return reply.header('cache-control', 'no-store').send(shownMapping(found))
  })
  app.post('/api/mappings', options, async (request, reply) => {
    const body = mappingBody.safeParse(request.body)
    if (!body.success) {
      const detail = 'miraklShopId must be the number of a shop, stripeUserId an account (acct_…).'
      throw new ProblemError({ status: 400, detail })
    }
    const { miraklShopId: sellerId, stripeUserId } = body.data
    const served = servedEnvironment(deps, request)
    await map(deps, served, sellerId, stripeUserId)
    const wanted = { sellerId, offset: 0, limit: 1 }
    const [made] = await listMappings(queries, served.environment.id, wanted)
    if (made === undefined) throw new ProblemError({ status: 409, detail: 'It was taken away.' })
    void reply.code(201).header('location', `/api/mappings/${sellerId}`)
    return reply.header('cache-control', 'no-store').send(shownMapping(made))
  })
}

/** @throws ProblemError 400, 409; 503 when the marketplace or the provider cannot be asked */
async function map(
  { database, clock, log }: HttpDeps,
  { environment, provider, marketplace }: HttpEnvironment,
  sellerId: string,
  accountId: string,
): Promise<void> {
  const work = { database, clock, environment, provider, marketplace }
  const mapping = await mapSeller(work, sellerId, accountId).catch((error: unknown) => {
    if (!(error instanceof ProviderError) && !(error instanceof MarketplaceError)) throw error
    log('warn', 'a shop could not be mapped', { seller: sellerId, problem: error.message })
    const detail = `The shop or the account could not be looked up. ${error.mend}`
    throw new ProblemError({ status: 503, detail })
  })
  if (mapping.ok) {
    log('info', 'a shop was mapped', { seller: sellerId, account: accountId })
    return
  }
  const status = mapping.problem === 'mapped' ? 409 : 400
  throw new ProblemError({ status, detail: `It cannot be mapped: ${mapping.message}.` })
}
