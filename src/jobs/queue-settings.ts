import type { ConstructorOptions, Queue, UpdateQueueOptions } from 'pg-boss'
import type { JobDefinition } from './job.ts'

/** A worker that says nothing for so long is dead, and its job goes to another. pg-boss's least. */
export const heartbeatSeconds = 10
export const heartbeatRefreshSeconds = 3

/** pg-boss looks for dead workers, counts jobs and reads its queues' settings this often. */
const watchIntervalSeconds = 3
const keepSeconds = 24 * 3600
const longestPauseSeconds = 3600

/** Settings of the queue that carries one job. */
export function queueSettings(definition: JobDefinition) {
  const changeable = {
    retryLimit: definition.retryLimit,
    retryDelay: definition.retryDelaySeconds ?? 5,
    retryBackoff: definition.retryBackoff,
    expireInSeconds: definition.expireSeconds,
    deleteAfterSeconds: keepSeconds,
    notify: true,
  } satisfies UpdateQueueOptions
  const fixed: Omit<Queue, 'name'> = {
    ...changeable,
    // One queued and one active for each key; a unique index in the database enforces it.
    policy: definition.singleton ? 'stately' : 'standard',
    heartbeatSeconds,
    ...(definition.retryBackoff ? { retryDelayMax: longestPauseSeconds } : {}),
  }
  return { changeable, fixed }
}

/** How a program that runs jobs watches over them, and how one that only enqueues does not. */
export function roleSettings(works: boolean): Partial<ConstructorOptions> {
  if (!works) return { supervise: false, schedule: false, useListenNotify: false }
  return {
    useListenNotify: true,
    superviseIntervalSeconds: watchIntervalSeconds,
    monitorIntervalSeconds: watchIntervalSeconds,
    // The list of keys that are being worked on is read with the queue's settings. While it is stale
    // the next job of a key that was busy waits, so the default of a minute is too long.
    queueCacheIntervalSeconds: 2,
    maintenanceIntervalSeconds: 3600,
    cronMonitorIntervalSeconds: 10,
    cronWorkerIntervalSeconds: 2,
  }
}
