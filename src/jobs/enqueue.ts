import { sql } from 'kysely'
import { fromKysely, type PgBoss } from 'pg-boss'
import type { Queries } from '../database/connection.ts'
import type { JobPayload } from './job.ts'

/** Where and when a job goes. */
export type Envelope = {
  schema: string
  name: string
  /** Undefined for a job that may run any number of times at once. */
  key: string | undefined
  /** Milliseconds since 1970. */
  startAt: number
}

const maxTries = 5

/**
 * Adds a job with `queries`: it exists from the commit on, and not after a rollback. When one with
 * the same key is already waiting, that one is enough: it will start after this commit, and not
 * later than `startAt`. Returns the id of the job that will do the work.
 */
export async function addJob(
  boss: PgBoss,
  queries: Queries,
  envelope: Envelope,
  payload: JobPayload,
): Promise<string> {
  const { name, key, startAt } = envelope
  const db = fromKysely(queries)
  for (let left = maxTries; left > 0; left -= 1) {
    const options = { db, startAfter: new Date(startAt), ...keyOptions(key) }
    const id = await boss.send(name, payload, options)
    if (id !== null) return id
    const waiting = key === undefined ? undefined : await holdWaiting(queries, envelope)
    if (waiting !== undefined) return waiting
    // It was taken by a worker between the two statements: there is room for another now.
  }
  throw new Error(`The job ${name} could not be enqueued (key ${key ?? 'none'})`)
}

/** What makes two jobs exclude each other, and lets jobs of other keys overtake one that waits. */
export function keyOptions(key: string | undefined) {
  return key === undefined ? {} : { singletonKey: key, group: { id: key } }
}

/**
 * Workers skip locked rows, so the lock keeps the waiting job from starting before our commit: it
 * would not see what we wrote.
 */
async function holdWaiting(queries: Queries, envelope: Envelope): Promise<string | undefined> {
  const { schema, name, key, startAt } = envelope
  const jobs = sql.table(`${schema}.job`)
  const start = new Date(startAt)
  const { rows } = await sql<{ id: string; late: boolean }>`
    select id, start_after > ${start} as late from ${jobs}
    where name = ${name} and state = 'created' and policy = 'stately'
      and coalesce(singleton_key, '') = ${key}
    for key share`.execute(queries)
  const waiting = rows[0]
  if (waiting?.late === true) {
    await sql`update ${jobs} set start_after = ${start} where name = ${name} and id = ${waiting.id}`.execute(
      queries,
    )
  }
  return waiting?.id
}
