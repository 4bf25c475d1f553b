import { jobNames, type JobName } from '../workflows/run-job.ts'
import { type MessageJob, messageJobs } from '../workflows/run-messages.ts'

/** Jobs that run by the clock: what an operator can run, and what is sent and applied between. */
export const scheduledJobs = [
  ...jobNames,
  ...messageJobs,
  'send-movements',
  'apply-provider-events',
] as const
export type ScheduledJob = (typeof scheduledJobs)[number]

/** The old connectors' command names: an old crontab needs one word changed. */
const oldNames: Readonly<Record<string, string>> = {
  'connector:sync:onboarding': 'onboard-sellers',
  'connector:validate:pending-debit': 'validate-payments',
  'connector:dispatch:process-transfer': 'split-payments',
  'connector:dispatch:process-refund': 'refund-payments',
  'connector:dispatch:process-payout': 'settle-sellers',
  'connector:dispatch:monitor-kyc-status': 'monitor-kyc',
  'connector:notify:failed-operation': 'send-digest',
  'vendor:process': 'process-vendors',
  'cashout:generate': 'generate-cashout',
  'cashout:transfer': 'transfer-cashout',
  'cashout:withdraw': 'withdraw-cashout',
  'cashout:transaction:status:sync': 'sync-cashout',
}

/** Names of jobs that come with a later version. */
const laterJobs: readonly string[] = [
  'process-vendors',
  'generate-cashout',
  'transfer-cashout',
  'withdraw-cashout',
  'sync-cashout',
]

export type NamedJob =
  | { readonly known: 'now'; readonly job: JobName | MessageJob }
  | { readonly known: 'later'; readonly job: string }
  | { readonly known: 'never' }

const runnable = [...jobNames, ...messageJobs] as const

/** The job that a name means; both the names of today and those of the old connectors count. */
export function jobNamed(name: string): NamedJob {
  const job = oldNames[name] ?? name
  const now = runnable.find(each => each === job)
  if (now !== undefined) return { known: 'now', job: now }
  return laterJobs.includes(job) ? { known: 'later', job } : { known: 'never' }
}

/** What `run` offers, for its help and its errors. */
export const namesForHelp: readonly string[] = runnable
