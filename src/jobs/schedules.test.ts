import { TestClock } from 'pg-boss'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import { createJobs, type Jobs } from './jobs.ts'

let database: Database
let clock: TestClock
let jobs: Jobs
let fired: string[]
beforeEach(async () => {
  database = await openTestDatabase()
  fired = []
  clock = new TestClock('2026-03-27T12:00:00Z')
  jobs = createJobs(database, {
    scope: 'here',
    clock,
    onError: error => {
      throw error
    },
  })
  jobs.define('settle', {
    run: async payload => {
      fired.push(`${payload.environment} ${new Date(clock.now()).toISOString().slice(0, 16)}`)
    },
    retryLimit: 0,
    retryBackoff: false,
    expireSeconds: 60,
    singleton: true,
  })
  await jobs.start()
})
afterEach(async () => {
  await jobs.stop({ timeoutSeconds: 1 })
  await database.close()
})

/** Jumps to shortly before `moment` and lets the seconds around it go by. */
async function pass(moment: string, runs: number): Promise<void> {
  await clock.setTime(Date.parse(moment) - 5_000)
  await clock.tick(30_000)
  await vi.waitFor(() => expect(fired).toHaveLength(runs))
}

test('a schedule fires at its hour in its time zone, on both sides of a clock change', async () => {
  await jobs.schedule('settle', '0 1 * * *', 'Europe/Paris', { environment: 'paris' })
  await pass('2026-03-28T00:00:00Z', 1)
  await pass('2026-03-29T00:00:00Z', 2)
  // Summer time began at 01:00Z: one o'clock in Paris is 23:00Z of the day before.
  await pass('2026-03-29T23:00:00Z', 3)
  expect(fired.map(line => line.slice(0, 19))).toEqual([
    'paris 2026-03-28T00',
    'paris 2026-03-29T00',
    'paris 2026-03-29T23',
  ])
})

test('each environment has its own schedule, which can be replaced and taken away', async () => {
  await jobs.schedule('settle', '0 1 * * *', 'Europe/Paris', { environment: 'a' })
  await jobs.schedule('settle', '0 2 * * *', 'Europe/Paris', { environment: 'a' })
  await jobs.schedule('settle', '0 2 * * *', 'UTC', { environment: 'b' })
  const byEnvironment = (await jobs.schedules()).toSorted((x, y) =>
    x.environment.localeCompare(y.environment),
  )
  expect(byEnvironment).toEqual([
    { name: 'settle', environment: 'a', cron: '0 2 * * *', timeZone: 'Europe/Paris' },
    { name: 'settle', environment: 'b', cron: '0 2 * * *', timeZone: 'UTC' },
  ])
  await jobs.unschedule('settle', 'a')
  await jobs.unschedule('settle', 'unknown')
  await pass('2026-03-28T02:00:00Z', 1)
  expect(fired).toEqual([expect.stringMatching(/^b 2026-03-28T02:00/)])
})

test('what cannot be read is refused', async () => {
  const payload = { environment: 'a' }
  await expect(jobs.schedule('settle', 'sometimes', 'UTC', payload)).rejects.toThrow(
    'Cannot schedule settle at "sometimes" in UTC: ',
  )
  await expect(jobs.schedule('settle', '0 1 * * *', 'Europe/Pariss', payload)).rejects.toThrow(
    'Europe/Pariss',
  )
})
