import type { JobDefinition } from '../jobs/job.ts'
import type { ScheduledJob } from './job-names.ts'

/** One line of the table: when a job runs, and how its failures are treated. */
interface JobSettings {
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
export const jobSettings: Readonly<Record<ScheduledJob, JobSettings>> = {
  'onboard-sellers': { cron: '* * * * *', retryLimit: 0, expireSeconds: 1800 },
  'validate-payments': { cron: '*/5 * * * *', retryLimit: 0, expireSeconds: 3600 },
  'split-payments': { cron: '2-59/5 * * * *', retryLimit: 0, expireSeconds: 6 * 3600 },
  // Once the split of the same five minutes is done, so that most transfers are there to reverse.
  'refund-payments': { cron: '4-59/5 * * * *', retryLimit: 0, expireSeconds: 3600 },
  'settle-sellers': {
    cron: '0 1 * * *',
    retryLimit: 8,
    retryDelaySeconds: 60,
    expireSeconds: 6 * 3600,
  },
  'monitor-kyc': { cron: '17 * * * *', retryLimit: 0, expireSeconds: 3600 },
  'read-books': { cron: '41 * * * *', retryLimit: 0, expireSeconds: 6 * 3600 },
  // After the night's settlement, so that it looks at what that has done.
  reconcile: { cron: '23 3 * * *', retryLimit: 4, retryDelaySeconds: 300, expireSeconds: 6 * 3600 },
  'redact-payloads': {
    cron: '51 4 * * *',
    retryLimit: 4,
    retryDelaySeconds: 300,
    expireSeconds: 6 * 3600,
  },
  'deliver-notifications': { cron: '* * * * *', retryLimit: 0, expireSeconds: 900 },
  'send-digest': { cron: '0 8 * * *', retryLimit: 4, retryDelaySeconds: 60, expireSeconds: 300 },
  'send-movements': { cron: '* * * * *', retryLimit: 0, expireSeconds: 3600 },
  'apply-provider-events': {
    cron: '* * * * *',
    retryLimit: 2,
    retryDelaySeconds: 5,
    expireSeconds: 900,
  },
}

/** How the queue of a job treats its runs; the same wherever the job is named. */
export function queueOf(job: ScheduledJob): Omit<JobDefinition, 'run'> {
  const { retryLimit, retryDelaySeconds, expireSeconds } = jobSettings[job]
  return {
    retryLimit,
    retryBackoff: true,
    ...(retryDelaySeconds === undefined ? {} : { retryDelaySeconds }),
    expireSeconds,
    // One run per environment at a time: a second one would only meet the rows of the first.
    singleton: true,
  }
}
