import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { listOutsides } from '../../store/outsides.ts'
import type { HttpDeps } from '../deps.ts'
import { sendProblem } from '../problem.ts'

/** Milliseconds that each part has to answer. */
const patience = 2000

/** `/healthz`: this program is alive. `/readyz`: it can do its work. */
export async function healthRoutes(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  app.get('/healthz', async (_, reply) =>
    reply.header('cache-control', 'no-store').send({ alive: true, version: deps.version }),
  )
  app.get('/readyz', async (request, reply) => {
    const [database, migrations, jobs] = await Promise.all([
      check(async () => void (await sql`select 1`.execute(deps.database.queries))),
      check(async () => {
        const pending = await deps.pendingMigrations()
        if (pending.length > 0) throw new Unready(`not run: ${pending.join(', ')}`)
      }),
      check(async () => void (await deps.jobStates())),
    ])
    const checks = { database, migrations, jobs }
    if (Object.values(checks).every(each => each === 'ok')) {
      // For whoever reads it: a server stays ready without them, for webhooks must be taken.
      const outsides = await outsideStates(deps).catch(() => ({}))
      return reply.header('cache-control', 'no-store').send({ ready: true, checks, outsides })
    }
    deps.log('warn', 'not ready', checks)
    const detail = 'This server is not ready; `checks` says which part.'
    return sendProblem(request, reply, { status: 503, detail, more: { checks } })
  })
}

/** By name, the worst of all environments: `closed` is well. */
async function outsideStates(deps: HttpDeps): Promise<Record<string, string>> {
  const ids = deps.environments.map(each => each.environment.id)
  const all = await Promise.all(ids.map(id => listOutsides(deps.database.queries, id)))
  const states: Record<string, string> = {}
  for (const { name, state } of all.flat()) {
    if (states[name] === undefined || state !== 'closed') states[name] = state
  }
  return states
}

/** A part that says itself why it is not ready. */
class Unready extends Error {}

async function check(asked: () => Promise<void>): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const seconds = patience / 1000
    timer = setTimeout(() => reject(new Unready(`no answer within ${seconds} s`)), patience)
  })
  try {
    await Promise.race([asked(), late])
    return 'ok'
  } catch (error) {
    // Whoever asks may be anybody: a driver's message names hosts and users.
    return error instanceof Unready ? error.message : 'failed'
  } finally {
    clearTimeout(timer)
  }
}
