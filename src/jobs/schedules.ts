import type { PgBoss } from 'pg-boss'
import { keyOptions } from './enqueue.ts'
import type { JobDefinition, JobPayload, JobSchedule } from './job.ts'
import type { QueueNames } from './queue-names.ts'

/** What enqueues jobs by the clock; one schedule for each job and environment. */
export type Schedules = {
  /**
   * Enqueues `name` for the payload's environment whenever `cron` says so in `timeZone`; replaces the
   * schedule it had. What was missed while nothing ran is made good by one run. Throws for an
   * expression or a time zone that cannot be read.
   */
  schedule(name: string, cron: string, timeZone: string, payload: JobPayload): Promise<void>
  /** Takes the schedule of an environment away; fine if there is none. */
  unschedule(name: string, environment: string): Promise<void>
  /** Those of this scope. */
  schedules(): Promise<JobSchedule[]>
}

/** The schedules that `boss` keeps; `definitionOf` throws for a job that was not defined. */
export function schedulesOf(
  boss: PgBoss,
  names: QueueNames,
  definitionOf: (name: string) => JobDefinition,
): Schedules {
  return {
    schedule: async (name, cron, timeZone, payload) => {
      const own = definitionOf(name).singleton ? payload.environment : undefined
      const when = { tz: timeZone, key: payload.environment, missed: 'once' as const }
      const queue = names.queue(name)
      await boss.schedule(queue, cron, payload, { ...when, ...keyOptions(own) }).catch(cause => {
        const why = cause instanceof Error ? cause.message : String(cause)
        throw new Error(`Cannot schedule ${name} at "${cron}" in ${timeZone}: ${why}`, { cause })
      })
    },
    unschedule: (name, environment) => boss.unschedule(names.queue(name), environment),
    schedules: async () =>
      (await boss.getSchedules())
        .filter(({ name }) => names.has(name))
        .map(({ name, key, cron, timezone }) => ({
          name: names.job(name),
          environment: key,
          cron,
          timeZone: timezone,
        })),
  }
}
