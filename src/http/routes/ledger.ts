import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  balanceLines,
  type EntryLine,
  type EntryPage,
  orderEntries,
  sellerStatement,
  trialLines,
} from '../../workflows/read-ledger.ts'
import { requireReader } from '../auth.ts'
import {
  ledgerBalancesContract,
  ledgerEntriesContract,
  ledgerPageQuery,
} from '../contract/ledger.ts'
import type { HttpDeps } from '../deps.ts'
import { ProblemError } from '../problem.ts'
import { statusLimit } from '../rate-limits.ts'
import { servedEnvironment } from '../served-environment.ts'

type OfOne = { Params: { id: string } }

/** The ledger for programs: balances with the trial balance, a seller's entries, an order's. */
export async function ledgerRoutes(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const options = { config: { rateLimit: statusLimit }, preHandler: requireReader(deps) }
  const { queries } = deps.database
  app.get('/v1/ledger', options, async (request, reply) => {
    const { environment } = servedEnvironment(deps, request)
    const balances = await balanceLines(queries, environment.id)
    const trial = await trialLines(queries, environment.id)
    const answer = ledgerBalancesContract.parse({ environment: environment.slug, balances, trial })
    return reply.header('cache-control', 'no-store').send(answer)
  })
  const entriesOf =
    (read: typeof sellerStatement) =>
    async (request: FastifyRequest<OfOne>, reply: FastifyReply): Promise<FastifyReply> => {
      const { environment } = servedEnvironment(deps, request)
      const page = pageOf(request)
      // One more than asked for tells whether there is a next page.
      const more = { ...page, limit: page.limit + 1 }
      const lines = await read(queries, environment.id, request.params.id, more)
      const entries = lines.slice(0, page.limit)
      const next = lines.length > page.limit ? lastNumber(entries) : null
      const answer = ledgerEntriesContract.parse({ environment: environment.slug, entries, next })
      return reply.header('cache-control', 'no-store').send(answer)
    }
  app.get<OfOne>('/v1/ledger/sellers/:id', options, entriesOf(sellerStatement))
  app.get<OfOne>('/v1/ledger/orders/:id', options, entriesOf(orderEntries))
}

function lastNumber(entries: readonly EntryLine[]): string | null {
  return entries.at(-1)?.number ?? null
}

/** @throws ProblemError 400 */
function pageOf(request: FastifyRequest): EntryPage {
  const query = ledgerPageQuery.safeParse(request.query)
  if (query.success) return query.data
  const detail = '`after` is the number of an entry, `limit` a number from 1 to 1000.'
  throw new ProblemError({ status: 400, detail })
}
