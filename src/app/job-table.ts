import type { JobDefinition, JobPayload, RunContext } from '../jobs/job.ts'
import { createJobs, type Jobs } from '../jobs/jobs.ts'
import { applyProviderEvents } from '../workflows/apply-provider-event.ts'
import { type JobName, jobNames, runJob } from '../workflows/run-job.ts'
import { runMessages } from '../workflows/run-messages.ts'
import { sendMovements } from '../workflows/send-movements.ts'
import type { Work } from '../workflows/work.ts'
import type { ScheduledJob } from './job-names.ts'
import { jobSettings, queueOf } from './job-settings.ts'
import { deliverDue, deliverSoon } from './notification-jobs.ts'
import type { App } from './wiring.ts'

/** Ends a run after the movement that is under way. */
interface Told {
  readonly stopping: () => boolean
}

/**
 * The jobs of an app: defined, not started. `works: false` only enqueues and looks.
 * @param options.leaving runs end after the movement under way once it says true
 */
export function createAppJobs(
  app: App,
  options: { works: boolean; pollSeconds?: number; leaving?: () => boolean },
): Jobs {
  const { log } = app
  const { leaving = () => false, ...own } = options
  const jobs = createJobs(app.database, {
    ...own,
    scope: app.environment.id,
    onError: error => log('error', 'the jobs met a problem', { problem: error.message }),
    onWarning: message => log('warn', message),
    onFailure: ({ name, attempt, error }) =>
      log('error', 'a job failed', { job: name, attempt, problem: String(error) }),
  })
  // What these write for the operator's URL is not kept waiting for the schedule.
  const telling = (job: ScheduledJob, run: (context: RunContext) => Promise<void>) =>
    definition(job, async context => {
      try {
        await run(context)
      } finally {
        await deliverSoon(app, jobs)
      }
    })
  const told = ({ signal }: RunContext): Told => ({ stopping: () => signal.aborted || leaving() })
  for (const job of jobNames)
    jobs.define(
      job,
      telling(job, context => plannedRun(app, job, told(context))),
    )
  jobs.define(
    'deliver-notifications',
    definition('deliver-notifications', context => deliverDue(app, jobs, told(context))),
  )
  jobs.define(
    'send-digest',
    definition('send-digest', context => digestRun(app, told(context))),
  )
  jobs.define(
    'send-movements',
    telling('send-movements', context => sendDue(app, told(context))),
  )
  jobs.define(
    'apply-provider-events',
    telling('apply-provider-events', context => applyStored(app, told(context))),
  )
  return jobs
}

function definition(job: ScheduledJob, run: (context: RunContext) => Promise<void>): JobDefinition {
  return { ...queueOf(job), run: (_payload, context) => run(context) }
}

function scheduledWork(app: App, actor: string, { stopping }: Told): Promise<Work> {
  return app.workFor({ actor, mode: 'move', scheduled: true, stopping })
}

async function plannedRun(app: App, job: JobName, context: Told): Promise<void> {
  const work = await scheduledWork(app, `job:${job}`, context)
  const { previews: _, ...report } = await runJob(work, job, app.signer)
  app.log('info', 'a run ended', { ...report, holds: { ...report.holds } })
  if (report.error !== null) throw new Error(report.error)
}

async function digestRun(app: App, context: Told): Promise<void> {
  const work = await scheduledWork(app, 'job:send-digest', context)
  const { error } = await runMessages(work, 'send-digest', app)
  if (error !== null) throw new Error(error)
}

async function sendDue(app: App, context: Told): Promise<void> {
  const work = await scheduledWork(app, 'job:send-movements', context)
  const sent = await sendMovements(work)
  if (sent > 0) app.log('info', 'movements were sent', { job: 'send-movements', sent })
}

async function applyStored(app: App, context: Told): Promise<void> {
  const work = await scheduledWork(app, 'event', context)
  const applied = await applyProviderEvents(work, app.events)
  if (applied > 0) app.log('info', 'events were applied', { job: 'apply-provider-events', applied })
}

/** Brings the schedules of the environment in line with the table and the configuration. */
export async function scheduleJobs(app: App, jobs: Jobs): Promise<void> {
  const { config, environment } = app
  const payload: JobPayload = { environment: environment.id }
  for (const [job, { cron }] of Object.entries(jobSettings)) {
    const wanted = config.schedules[job]
    if (wanted === null) await jobs.unschedule(job, environment.id)
    else await jobs.schedule(job, wanted ?? cron, config.timeZone, payload)
  }
}
