import type { PgBoss } from 'pg-boss'
import type { JobDefinition, JobPayload, RunFailure } from './job.ts'
import { heartbeatRefreshSeconds } from './queue-settings.ts'

/** Starts taking jobs of one name in this program. */
export async function workOn(
  boss: PgBoss,
  { name, queue }: { name: string; queue: string },
  definition: JobDefinition,
  options: { pollSeconds?: number; onFailure?(failure: RunFailure): void },
): Promise<void> {
  const pollSeconds = options.pollSeconds ?? 2
  const settings = {
    batchSize: 1,
    localConcurrency: definition.concurrency ?? 2,
    pollingIntervalSeconds: pollSeconds,
    // A retry or a delayed job that becomes due wakes nobody: looking stays necessary.
    notifyPollingIntervalSeconds: pollSeconds,
    heartbeatRefreshSeconds,
    // Without this a job whose key is busy would be fetched first, again and again, and refused by
    // the unique index: jobs of other keys behind it would wait.
    ...(definition.singleton ? { groupConcurrency: 1 } : {}),
  }
  await boss.work<JobPayload>(queue, settings, async ([job]) => {
    if (job === undefined) return
    const attempt = job.retryCount + 1
    try {
      await definition.run(job.data, { signal: job.signal, attempt })
    } catch (error) {
      options.onFailure?.({ name, payload: job.data, attempt, error })
      // The library stores every property of what is thrown; a request with its key may be one.
      throw new Error(error instanceof Error ? error.message : String(error))
    }
  })
}
