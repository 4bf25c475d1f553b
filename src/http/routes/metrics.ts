import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client'
import { statusOf, type StatusReport } from '../../workflows/status.ts'
import type { HttpDeps } from '../deps.ts'

/** `/metrics`: Prometheus. Counts and ages only, read when somebody asks. */
export async function metricsRoutes(
  app: FastifyInstance,
  deps: HttpDeps,
  registry: Registry,
): Promise<void> {
  collectDefaultMetrics({ register: registry })
  const gauges = createGauges(registry)
  app.get('/metrics', async (_, reply) => {
    const send = async () =>
      reply
        .header('cache-control', 'no-store')
        .type(registry.contentType)
        .send(await registry.metrics())
    const reports = await readReports(deps)
    for (const gauge of Object.values(gauges)) gauge.reset()
    // Whoever watches must see that it is the database, and not that this program is away.
    gauges.databaseUp.set(reports === null ? 0 : 1)
    if (reports === null) return send()
    for (const report of reports) fill(gauges, report)
    // The queues are shared by all environments: any report has them.
    for (const { name, ...states } of reports[0]?.jobs ?? []) {
      for (const [state, count] of Object.entries(states)) {
        gauges.jobs.set({ job: name, state }, count)
      }
    }
    return send()
  })
}

/** Null: the database does not answer. */
async function readReports(deps: HttpDeps): Promise<readonly StatusReport[] | null> {
  try {
    return await Promise.all(
      deps.environments.map(({ environment }) => statusOf({ ...deps, environment })),
    )
  } catch (error) {
    deps.log('error', 'the metrics could not be read', { problem: String(error) })
    return null
  }
}

/** Durations by route; addresses that are no route share one label. Call it before any route. */
export function observeRequests(app: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'tributary_http_request_duration_seconds',
    help: 'Seconds until a request was answered.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    const labels = { method: request.method, route, status: String(reply.statusCode) }
    durations.observe(labels, reply.elapsedTime / 1000)
  })
}

type Gauges = ReturnType<typeof createGauges>

function createGauges(registry: Registry) {
  const gauge = <Labels extends string>(name: string, help: string, labelNames: Labels[]) =>
    new Gauge({ name: `tributary_${name}`, help, labelNames, registers: [registry] })
  return {
    movements: gauge('movements', 'Movements by kind and status.', [
      'environment',
      'kind',
      'status',
    ]),
    holds: gauge('holds', 'Movements on hold by reason, and who can unblock them.', [
      'environment',
      'reason',
      'unblocked_by',
    ]),
    oldestHold: gauge('oldest_hold_age_seconds', 'Age of the oldest hold; 0 when there is none.', [
      'environment',
      'unblocked_by',
    ]),
    jobs: gauge('jobs', 'Jobs by state.', ['job', 'state']),
    lastRun: gauge('last_run_ended_timestamp_seconds', 'When the last run of a job ended.', [
      'environment',
      'job',
    ]),
    openEvents: gauge('inbound_events_open', 'Webhooks that are stored and not applied yet.', [
      'environment',
    ]),
    expiring: gauge('authorizations_expiring', 'Authorisations that end soon, not captured.', [
      'environment',
    ]),
    databaseUp: gauge('database_up', '1 when the database answers; 0: all else is missing.', []),
    outside: gauge('outside_open', '1 when a service fails again and again; 0 when it answers.', [
      'environment',
      'outside',
    ]),
    outsideSeconds: gauge('outside_last_answer_seconds', 'How long its last answer took.', [
      'environment',
      'outside',
    ]),
    setAside: gauge('set_aside', 'Objects of the marketplace that could not be read.', [
      'environment',
      'kind',
    ]),
  }
}

const unblockers = ['seller', 'operator', 'provider', 'marketplace', 'time', 'nobody'] as const

function fill(gauges: Gauges, report: StatusReport): void {
  const { environment } = report
  for (const [kind, statuses] of Object.entries(report.movements)) {
    for (const [status, count] of Object.entries(statuses)) {
      gauges.movements.set({ environment, kind, status }, count)
    }
  }
  for (const { reason, unblockedBy, count } of report.holds) {
    gauges.holds.inc({ environment, reason, unblocked_by: unblockedBy }, count)
  }
  for (const unblocker of unblockers) {
    // Holds come oldest first.
    const oldest = report.holds.find(({ unblockedBy }) => unblockedBy === unblocker)
    const age = oldest === undefined ? 0 : Date.parse(report.at) - Date.parse(oldest.since)
    gauges.oldestHold.set({ environment, unblocked_by: unblocker }, Math.max(0, age / 1000))
  }
  for (const { job, endedAt } of report.runs) {
    if (endedAt !== null) gauges.lastRun.set({ environment, job }, Date.parse(endedAt) / 1000)
  }
  for (const { name, state, milliseconds } of report.outsides) {
    gauges.outside.set({ environment, outside: name }, state === 'closed' ? 0 : 1)
    if (milliseconds !== null) {
      gauges.outsideSeconds.set({ environment, outside: name }, milliseconds / 1000)
    }
  }
  gauges.openEvents.set({ environment }, report.openEvents)
  gauges.expiring.set({ environment }, report.expiring.length)
  for (const [kind, count] of Object.entries(report.setAside.kinds)) {
    gauges.setAside.set({ environment, kind }, count)
  }
}
