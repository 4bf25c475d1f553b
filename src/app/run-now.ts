import { UsageError } from '../domain/errors.ts'
import { makeLooksDue } from '../store/due-looks.ts'
import { countMovements } from '../store/movements.ts'
import { applyProviderEvents } from '../workflows/apply-provider-event.ts'
import { deliverNotifications } from '../workflows/deliver-notifications.ts'
import { type JobName, type RunReport as MoneyReport, runJob } from '../workflows/run-job.ts'
import {
  isMessageJob,
  type MessageJob,
  type MessageReport,
  runMessages,
} from '../workflows/run-messages.ts'
import type { Work } from '../workflows/work.ts'
import { jobNamed, namesForHelp } from './job-names.ts'
import type { App } from './wiring.ts'

export type RunReport = MoneyReport | MessageReport

/** One run by hand. */
export interface RunRequest {
  readonly job: JobName | MessageJob
  readonly mode: Work['mode']
  readonly sellerId?: string | undefined
  readonly since?: Date | undefined
  readonly progress?: Work['progress']
  readonly stopping?: Work['stopping']
}

/** @throws UsageError for a job that does not exist, or not yet */
export function runnableJob(name: string): JobName | MessageJob {
  const named = jobNamed(name)
  if (named.known === 'now') return named.job
  if (named.known === 'later') {
    throw new UsageError(
      'job',
      `${named.job} is not built yet; the jobs are ${namesForHelp.join(', ')}`,
    )
  }
  throw new UsageError('job', `There is no job ${name}; the jobs are ${namesForHelp.join(', ')}`)
}

/**
 * Plans and sends in one go, without a server: applies what webhooks left, runs the job and returns
 * when nothing is left to do now.
 */
export async function runNow(app: App, request: RunRequest): Promise<RunReport> {
  const { job, ...how } = request
  if (isMessageJob(job)) {
    const work = await app.workFor({ ...how, actor: `run:${job}`, scheduled: false })
    return runMessages(work, job, app)
  }
  if (how.mode === 'move') {
    const events = await app.workFor({ actor: 'event', mode: 'move', scheduled: false })
    await applyProviderEvents(events, app.events)
    // Somebody waits for this run, and without a server no event tells what happened since.
    await makeLooksDue(app.database.queries, app.environment.id, app.clock.now())
  }
  const work = await app.workFor({ ...how, actor: `run:${job}`, scheduled: false })
  const report = await runJob(work, job, app.signer)
  // Without a server nobody else tells the operator's URL; what fails waits for the next run.
  if (how.mode === 'move' && app.notifier !== null) {
    await deliverNotifications(work, app.notifier, app.mailer)
  }
  return report
}

/** How many movements are decided and not sent: what a run that was stopped leaves. */
export async function leftToSend(app: App): Promise<number> {
  const counts = await countMovements(app.database.queries, app.environment.id)
  return counts
    .filter(each => each.status === 'pending')
    .reduce((left, right) => left + right.count, 0)
}

/** Something needs a person: a refusal, an answer that never came, or a run that ended early. */
export function wentWrong(report: RunReport): boolean {
  return report.failed > 0 || report.unknown > 0 || report.error !== null
}
