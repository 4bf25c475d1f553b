import { sql } from 'kysely'
import { type Clock, PgBoss, systemClock } from 'pg-boss'
import type { Database, Queries } from '../database/connection.ts'
import { addJob } from './enqueue.ts'
import type { JobDefinition, JobPayload, JobStates, RunFailure } from './job.ts'
import { queueSettings, roleSettings } from './queue-settings.ts'
import { queueNames, type QueueNames } from './queue-names.ts'
import { schedulesOf, type Schedules } from './schedules.ts'
import { workOn } from './work.ts'

/** How this program takes part. */
export type JobsOptions = {
  /** The schema that holds the queues; `jobs` by default. Letters, digits and underscores. */
  schema?: string
  /**
   * Whose queues these are, for example an environment. A program takes jobs of its own scope only:
   * it has the connections of that one and of no other. Letters, digits, `_`, `-` and `.`.
   */
  scope: string
  /** False: only enqueues, schedules and looks (HTTP server, CLI). True by default. */
  works?: boolean
  /** How often a worker looks for jobs that became due; new ones wake it at once. 2 by default. */
  pollSeconds?: number
  /** Connections of the queues' own pool; 4 by default. */
  poolSize?: number
  /** Time, for tests. */
  clock?: Clock
  /** Told what goes wrong in the background: a lost connection, a schedule that cannot be read. */
  onError(error: Error): void
  /** Told what deserves a look: a long backlog, a clock that is off, no LISTEN behind a pooler. */
  onWarning?(message: string): void
  /** Told about every attempt that threw. */
  onFailure?(failure: RunFailure): void
}

/** When and under which key a job is enqueued. */
export type EnqueueOptions = {
  /** What the job excludes others by, if it is a singleton; the environment by default. */
  key?: string
  startAfterSeconds?: number
}

/** The jobs of this program and of all that share its database. */
export type Jobs = Schedules & {
  /** Names a job. Call it before `start`, also where nothing is run: the queue is made from it. */
  define(name: string, definition: JobDefinition): void
  start(): Promise<void>
  /** Takes no new jobs, waits for those that run, then aborts them: others run them again. */
  stop(options?: { timeoutSeconds?: number }): Promise<void>
  /**
   * Adds a job in the SQL transaction of `queries` and returns the id of the job that will do it,
   * which may have been waiting already. Throws for a name that was not defined.
   */
  enqueue(
    queries: Queries,
    name: string,
    payload: JobPayload,
    options?: EnqueueOptions,
  ): Promise<string>
  /** Stops taking jobs of this name in this program, once those that run are done. */
  pause(name: string): Promise<void>
  resume(name: string): Promise<void>
  /** Drops what waits under `key` and tells the run to stop; returns how many jobs that were. */
  cancel(name: string, key: string): Promise<number>
  /** Counts of every defined job, at the cost of one small query. */
  jobStates(): Promise<JobStates[]>
}

/** Scheduling and running of jobs on the database. Knows nothing of what the jobs do. */
export function createJobs(database: Database, options: JobsOptions): Jobs {
  const { schema = 'jobs', works = true, clock = systemClock } = options
  const names = queueNames(options.scope)
  const definitions = new Map<string, JobDefinition>()
  const boss = new PgBoss({
    connectionString: database.connectionString,
    application_name: 'tributary jobs',
    max: options.poolSize ?? 4,
    schema,
    clock,
    ...roleSettings(works),
  })
  let stopping = false
  boss.on('error', error => {
    // A run that outlives `stop` finds its pool closed when it ends; its job was given back already.
    if (!(stopping && error.message.includes('not opened'))) options.onError(error)
  })
  boss.on('warning', warning => options.onWarning?.(warning.message))
  const definitionOf = (name: string): JobDefinition => {
    const definition = definitions.get(name)
    if (definition === undefined) throw new Error(`There is no job ${name}`)
    return definition
  }
  const work = async (name: string) => {
    if (works) await workOn(boss, { name, queue: names.queue(name) }, definitionOf(name), options)
  }
  return {
    define: (name, definition) => void definitions.set(name, definition),
    start: async () => {
      stopping = false
      await boss.start()
      for (const [name, definition] of definitions) {
        await ensureQueue(boss, names.queue(name), definition)
        await work(name)
      }
    },
    stop: async ({ timeoutSeconds = 30 } = {}) => {
      stopping = true
      await boss.stop({ graceful: true, timeout: timeoutSeconds * 1000 })
    },
    enqueue: async (queries, name, payload, { key, startAfterSeconds = 0 } = {}) => {
      const own = definitionOf(name).singleton ? (key ?? payload.environment) : undefined
      const startAt = clock.now() + startAfterSeconds * 1000
      const envelope = { schema, name: names.queue(name), key: own, startAt }
      return addJob(boss, queries, envelope, payload)
    },
    ...schedulesOf(boss, names, definitionOf),
    pause: name => boss.offWork(names.queue(name), { wait: true }),
    resume: work,
    cancel: (name, key) =>
      cancelKey(boss, database.queries, { schema, name: names.queue(name), key }),
    jobStates: () => countStates(boss, names, [...definitions.keys()]),
  }
}

async function ensureQueue(boss: PgBoss, name: string, definition: JobDefinition): Promise<void> {
  const { fixed, changeable } = queueSettings(definition)
  // createQueue leaves a queue alone that is there, with the settings of an earlier version.
  await boss.createQueue(name, fixed)
  await boss.updateQueue(name, changeable)
}

async function cancelKey(
  boss: PgBoss,
  queries: Queries,
  which: { schema: string; name: string; key: string },
): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(`${which.schema}.job`)}
    where name = ${which.name} and state <= 'active' and singleton_key = ${which.key}`.execute(
    queries,
  )
  if (rows.length === 0) return 0
  const ids = rows.map(row => row.id)
  await boss.cancel(which.name, ids)
  return ids.length
}

async function countStates(
  boss: PgBoss,
  names: QueueNames,
  defined: string[],
): Promise<JobStates[]> {
  if (defined.length === 0) return []
  const queues = await boss.getQueues(defined.map(name => names.queue(name)))
  return queues.map(queue => ({
    name: names.job(queue.name),
    ready: queue.readyCount,
    deferred: queue.deferredCount,
    active: queue.activeCount,
    failed: queue.failedCount,
  }))
}
