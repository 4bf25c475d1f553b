import type { JobDefinition, JobPayload, RunContext } from '../jobs/job.ts'
import { createJobs, type Jobs } from '../jobs/jobs.ts'
import { applyProviderEvents } from '../workflows/apply-provider-event.ts'
import { type JobName, jobNames, runJob } from '../workflows/run-job.ts'
import { sendMovements } from '../workflows/send-movements.ts'
import type { Work } from '../workflows/work.ts'
import type { ScheduledJob } from './job-names.ts'
import type { App } from './wiring.ts'

/** One line of the table: when a job runs, and how its failures are treated. */
interface Row {
  /** Five fields as crontab has them, in the environment's time zone. */
  readonly cron: string
  /** Attempts after the first one. What runs again within minutes anyway needs none. */
  readonly retryLimit: number
  readonly retryDelaySeconds?: number
  /** A run that takes longer is told to stop after the movement under way, and runs again. */
  readonly expireSeconds: number
}

// validate-payments and split-payments both read OR11, which Mirakl allows once a minute: their
// minutes differ. settle-sellers runs once a day, so it is tried again through the night.
const table: Readonly<Record<ScheduledJob, Row>> = {
  'onboard-sellers': { cron: '* * * * *', retryLimit: 0, expireSeconds: 1800 },
  'validate-payments': { cron: '*/5 * * * *', retryLimit: 0, expireSeconds: 3600 },
  'split-payments': { cron: '2-59/5 * * * *', retryLimit: 0, expireSeconds: 6 * 3600 },
  'settle-sellers': {
    cron: '0 1 * * *',
    retryLimit: 8,
    retryDelaySeconds: 60,
    expireSeconds: 6 * 3600,
  },
  'send-movements': { cron: '* * * * *', retryLimit: 0, expireSeconds: 3600 },
  'apply-provider-events': {
    cron: '* * * * *',
    retryLimit: 2,
    retryDelaySeconds: 5,
    expireSeconds: 900,
  },
}

/** The jobs of an app: defined, not started. `works: false` only enqueues and looks. */
export function createAppJobs(app: App, options: { works: boolean; pollSeconds?: number }): Jobs {
  const { log } = app
  const jobs = createJobs(app.database, {
    ...options,
    onError: error => log('error', 'the jobs met a problem', { problem: error.message }),
    onWarning: message => log('warn', message),
    onFailure: ({ name, attempt, error }) =>
      log('error', 'a job failed', { job: name, attempt, problem: String(error) }),
  })
  for (const job of jobNames)
    jobs.define(
      job,
      definition(job, context => plannedRun(app, job, context)),
    )
  jobs.define(
    'send-movements',
    definition('send-movements', context => sendDue(app, context)),
  )
  jobs.define(
    'apply-provider-events',
    definition('apply-provider-events', context => applyStored(app, context)),
  )
  return jobs
}

function definition(job: ScheduledJob, run: (context: RunContext) => Promise<void>): JobDefinition {
  const { retryLimit, retryDelaySeconds, expireSeconds } = table[job]
  return {
    run: (_payload, context) => run(context),
    retryLimit,
    retryBackoff: true,
    ...(retryDelaySeconds === undefined ? {} : { retryDelaySeconds }),
    expireSeconds,
    // One run per environment at a time: a second one would only meet the rows of the first.
    singleton: true,
  }
}

function scheduledWork(app: App, actor: string, { signal }: RunContext): Promise<Work> {
  return app.workFor({ actor, mode: 'move', scheduled: true, stopping: () => signal.aborted })
}

async function plannedRun(app: App, job: JobName, context: RunContext): Promise<void> {
  const work = await scheduledWork(app, `job:${job}`, context)
  const { previews: _, ...report } = await runJob(work, job, app.signer)
  app.log('info', 'a run ended', { ...report, holds: { ...report.holds } })
  if (report.error !== null) throw new Error(report.error)
}

async function sendDue(app: App, context: RunContext): Promise<void> {
  const work = await scheduledWork(app, 'job:send-movements', context)
  const sent = await sendMovements(work)
  if (sent > 0) app.log('info', 'movements were sent', { job: 'send-movements', sent })
}

async function applyStored(app: App, context: RunContext): Promise<void> {
  const work = await scheduledWork(app, 'event', context)
  const applied = await applyProviderEvents(work, app.events)
  if (applied > 0) app.log('info', 'events were applied', { job: 'apply-provider-events', applied })
}

/** Brings the schedules of the environment in line with the table and the configuration. */
export async function scheduleJobs(app: App, jobs: Jobs): Promise<void> {
  const { config, environment } = app
  const payload: JobPayload = { environment: environment.id }
  for (const [job, { cron }] of Object.entries(table)) {
    const wanted = config.schedules[job]
    if (wanted === null) await jobs.unschedule(job, environment.id)
    else await jobs.schedule(job, wanted ?? cron, config.timeZone, payload)
  }
}
