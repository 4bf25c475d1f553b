import type { JobStates } from '../jobs/job.ts'
import { createJobs } from '../jobs/jobs.ts'
import { type StatusReport, statusOf } from '../workflows/status.ts'
import { scheduledJobs } from './job-names.ts'
import { queueOf } from './job-settings.ts'
import { findEnvironment, type Records } from './records.ts'

export type { StatusReport } from '../workflows/status.ts'

/** The state of an environment; `/v1/status` gives the same. */
export async function readStatus(records: Records, slug?: string): Promise<StatusReport> {
  const environment = await findEnvironment(records, slug)
  return statusOf({ ...records, environment, jobStates: () => jobStates(records, environment.id) })
}

/** States of the queues, as far as a worker ever made them. */
async function jobStates(records: Records, scope: string): Promise<readonly JobStates[]> {
  const made = await records.database.pool.query<{ found: boolean }>(
    "select to_regclass('jobs.queue') is not null as found",
  )
  if (made.rows[0]?.found !== true) return []
  const onError = (error: Error) =>
    records.log('warn', 'the jobs cannot be asked', { problem: error.message })
  const jobs = createJobs(records.database, {
    scope,
    works: false,
    poolSize: 1,
    onError,
  })
  for (const name of scheduledJobs) {
    jobs.define(name, { ...queueOf(name), run: () => Promise.resolve() })
  }
  await jobs.start()
  try {
    return await jobs.jobStates()
  } finally {
    await jobs.stop({ timeoutSeconds: 1 })
  }
}
