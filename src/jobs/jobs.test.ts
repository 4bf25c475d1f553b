import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import type { JobDefinition, JobPayload, RunContext } from './job.ts'
import { createJobs, type Jobs, type JobsOptions } from './jobs.ts'

let database: Database
let opened: Jobs[]
let errors: Error[]
beforeEach(async () => {
  database = await openTestDatabase()
  opened = []
  errors = []
})
afterEach(async () => {
  await Promise.all(opened.map(jobs => jobs.stop({ timeoutSeconds: 1 })))
  // The database is dropped under whoever is slow to leave it: that is no error of the jobs.
  const own = [...errors]
  await database.close()
  expect(own).toEqual([])
})

type Run = { payload: JobPayload; context: RunContext; finish(): void; fail(error: Error): void }

/** A job whose runs are listed, and end when the test says so. */
function recorder(changes: Partial<JobDefinition> = {}) {
  const runs: Run[] = []
  const definition: JobDefinition = {
    run: (payload, context) =>
      new Promise((resolve, reject) => {
        runs.push({ payload, context, finish: () => resolve(), fail: reject })
      }),
    retryLimit: 2,
    retryBackoff: false,
    retryDelaySeconds: 0,
    expireSeconds: 600,
    singleton: true,
    ...changes,
  }
  const arrived = async (count: number) => {
    await vi.waitFor(() => expect(runs).toHaveLength(count), { timeout: 30_000, interval: 10 })
    return runs[count - 1]!
  }
  return { runs, definition, arrived }
}

async function start(
  definitions: Record<string, JobDefinition>,
  options: Partial<JobsOptions> = {},
): Promise<Jobs> {
  const jobs = createJobs(database, {
    scope: 'here',
    pollSeconds: 0.5,
    onError: error => errors.push(error),
    ...options,
  })
  for (const [name, definition] of Object.entries(definitions)) jobs.define(name, definition)
  opened.push(jobs)
  await jobs.start()
  return jobs
}

async function statesOf(name: string): Promise<string[]> {
  const { rows } = await sql<{ state: string }>`
    select state::text from jobs.job where name = ${`here/${name}`} order by created_on`.execute(
    database.queries,
  )
  return rows.map(row => row.state)
}

test('a job exists from the commit on, and not after a rollback', async () => {
  const split = recorder()
  const client = await start({ split: split.definition }, { works: false })
  const rolledBack = database.inTransaction(async queries => {
    await client.enqueue(queries, 'split', { environment: 'gone' })
    throw new Error('changed my mind')
  })
  await expect(rolledBack).rejects.toThrow('changed my mind')
  expect(await statesOf('split')).toEqual([])
  await database.inTransaction(async queries => {
    await client.enqueue(queries, 'split', { environment: 'test', shop: '2003' })
    expect(await statesOf('split')).toEqual([])
  })
  expect(await statesOf('split')).toEqual(['created'])
  await start({ split: split.definition })
  const run = await split.arrived(1)
  expect(run.payload).toEqual({ environment: 'test', shop: '2003' })
  expect(run.context.attempt).toBe(1)
  run.finish()
  await vi.waitFor(async () => expect(await statesOf('split')).toEqual(['completed']))
  expect(split.runs).toHaveLength(1)
})

test('a job of one environment never runs twice at once and never piles up', async () => {
  const split = recorder({ concurrency: 3 })
  const first = await start({ split: split.definition })
  await start({ split: split.definition })
  const enqueue = (environment: string) => first.enqueue(database.queries, 'split', { environment })
  await enqueue('a')
  const busy = await split.arrived(1)
  const again = await Promise.all([enqueue('a'), enqueue('a'), enqueue('a')])
  expect(new Set(again).size).toBe(1)
  expect(await statesOf('split')).toEqual(['active', 'created'])
  // Another environment is not held up by the one that waits in front of it.
  await enqueue('b')
  const other = await split.arrived(2)
  expect(other.payload.environment).toBe('b')
  other.finish()
  expect(await statesOf('split')).toContain('created')
  busy.finish()
  const second = await split.arrived(3)
  expect(second.payload.environment).toBe('a')
  second.finish()
})

const waits = [0, 3600]
test.each(waits)('a job due in %i s starts after the commit that relied on it', async seconds => {
  const split = recorder()
  const client = await start({ split: split.definition }, { works: false })
  const later = { startAfterSeconds: seconds }
  const waiting = await client.enqueue(database.queries, 'split', { environment: 'a' }, later)
  await sql`create table facts (fact text)`.execute(database.queries)
  await database.inTransaction(async queries => {
    const id = await client.enqueue(queries, 'split', { environment: 'a' })
    expect(id).toBe(waiting)
    const worker = await start({ split: split.definition })
    // Other environments go through the same worker meanwhile, and this one does not.
    await worker.enqueue(database.queries, 'split', { environment: 'b' })
    const other = await split.arrived(1)
    expect(other.payload.environment).toBe('b')
    other.finish()
    await sql`insert into facts values ('written')`.execute(queries)
  })
  const run = await split.arrived(2)
  expect(run.payload.environment).toBe('a')
  run.finish()
})

test('a failed run is tried again, then given up; what it threw is not stored whole', async () => {
  const failures: number[] = []
  const split = recorder({ retryLimit: 1, retryDelaySeconds: 1, retryBackoff: true })
  const jobs = await start(
    { split: split.definition },
    { onFailure: f => failures.push(f.attempt) },
  )
  await jobs.enqueue(database.queries, 'split', { environment: 'a' })
  const began = Date.now()
  const first = await split.arrived(1)
  first.fail(Object.assign(new Error('no answer'), { request: { key: 'sk_test_secret' } }))
  const second = await split.arrived(2)
  expect(second.context.attempt).toBe(2)
  expect(Date.now() - began).toBeGreaterThan(500)
  second.fail(new Error('no answer'))
  await vi.waitFor(async () => expect(await statesOf('split')).toEqual(['failed']))
  expect(failures).toEqual([1, 2])
  const { rows } = await sql<{ output: { message: string } }>`
    select output from jobs.job where name = 'here/split'`.execute(database.queries)
  expect(rows[0]?.output.message).toBe('no answer')
  expect(JSON.stringify(rows)).not.toContain('sk_test_secret')
})

test('a program takes no jobs of another scope, and shows none', async () => {
  const ours = recorder()
  const theirs = recorder()
  // Theirs looks first: it would take our job if it could.
  await start({ split: theirs.definition }, { scope: 'there' })
  const jobs = await start({ split: ours.definition })
  await jobs.schedule('split', '0 1 * * *', 'UTC', { environment: 'a' })
  await jobs.enqueue(database.queries, 'split', { environment: 'a' })
  const run = await ours.arrived(1)
  expect(theirs.runs).toHaveLength(0)
  run.finish()
  const other = await start({ split: theirs.definition }, { scope: 'there', works: false })
  expect(await other.schedules()).toEqual([])
  expect(await jobs.schedules()).toHaveLength(1)
})

test('two failures of one key leave one retry', async () => {
  const split = recorder({ retryDelaySeconds: 3600 })
  const jobs = await start({ split: split.definition })
  await jobs.enqueue(database.queries, 'split', { environment: 'a' })
  const first = await split.arrived(1)
  first.fail(new Error('no answer'))
  await vi.waitFor(async () => expect(await statesOf('split')).toEqual(['retry']))
  // A job that waits for its retry does not keep new work waiting.
  await jobs.enqueue(database.queries, 'split', { environment: 'a' })
  const second = await split.arrived(2)
  expect(second.context.attempt).toBe(1)
  second.fail(new Error('no answer'))
  await vi.waitFor(async () => expect(await statesOf('split')).toEqual(['retry', 'failed']))
})

test('a worker that stops tells its runs, and another one does them again', async () => {
  const split = recorder()
  const first = await start({ split: split.definition })
  await first.enqueue(database.queries, 'split', { environment: 'a' })
  const run = await split.arrived(1)
  const told = once(run.context.signal, 'abort')
  await first.stop({ timeoutSeconds: 1 })
  await told
  await start({ split: split.definition })
  const again = await split.arrived(2)
  expect(again.context.attempt).toBe(2)
  again.finish()
})

test('a killed worker: another one gets the job', { timeout: 90_000 }, async () => {
  const program = join(import.meta.dirname, '../../test/programs/job-worker.ts')
  const child = spawn(process.execPath, [program, database.connectionString], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const endless = recorder({ retryLimit: 3 })
    const client = await start({ endless: endless.definition }, { works: false })
    await client.enqueue(database.queries, 'endless', { environment: 'a' })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    const killed = Date.now()
    await start({ endless: endless.definition })
    const run = await endless.arrived(1)
    expect(run.context.attempt).toBe(2)
    expect((Date.now() - killed) / 1000).toBeLessThan(30)
    run.finish()
  } finally {
    child.kill('SIGKILL')
  }
})

test('a job that is not a singleton runs as often as it was enqueued', async () => {
  const inbound = recorder({ singleton: false, concurrency: 3 })
  const jobs = await start({ inbound: inbound.definition })
  const ids = await Promise.all(
    ['1', '2', '3'].map(event =>
      jobs.enqueue(database.queries, 'inbound', { environment: 'a', event }),
    ),
  )
  expect(new Set(ids).size).toBe(3)
  await inbound.arrived(3)
  for (const run of inbound.runs) run.finish()
})

test('cancel drops what waits and stops what runs', async () => {
  const split = recorder()
  const jobs = await start({ split: split.definition })
  await jobs.enqueue(database.queries, 'split', { environment: 'a' })
  const run = await split.arrived(1)
  await jobs.enqueue(database.queries, 'split', { environment: 'a' })
  const stopped = once(run.context.signal, 'abort')
  expect(await jobs.cancel('split', 'a')).toBe(2)
  await stopped
  run.finish()
  expect(await statesOf('split')).toEqual(['cancelled', 'cancelled'])
})

test('pause takes no new jobs until resume; the counts say what waits', async () => {
  const split = recorder()
  const jobs = await start({ split: split.definition })
  await jobs.pause('split')
  await jobs.enqueue(database.queries, 'split', { environment: 'a' })
  await jobs.enqueue(database.queries, 'split', { environment: 'b' }, { startAfterSeconds: 60 })
  await vi.waitFor(
    async () =>
      expect(await jobs.jobStates()).toEqual([
        { name: 'split', ready: 1, deferred: 1, active: 0, failed: 0 },
      ]),
    { timeout: 15_000, interval: 100 },
  )
  expect(split.runs).toEqual([])
  await jobs.resume('split')
  const run = await split.arrived(1)
  run.finish()
})

test('a job that was not named cannot be enqueued', async () => {
  const jobs = await start({}, { works: false })
  await expect(jobs.enqueue(database.queries, 'nothing', { environment: 'a' })).rejects.toThrow(
    'There is no job nothing',
  )
})
