import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClock } from '../sandbox/clock.ts'
import { fetchOf } from '../sandbox/http.ts'
import { createMiraklSandbox } from '../sandbox/mirakl/sandbox.ts'
import { createStripeSandbox } from '../sandbox/stripe/sandbox.ts'
import type { Database } from '../database/connection.ts'
import { openTestDatabase } from '../../test/database.ts'
import { readConfig } from './config.ts'
import { jobSettings } from './job-settings.ts'
import { createAppJobs, scheduleJobs } from './job-table.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { type App, openApp } from './wiring.ts'

let database: Database
let home: string
let app: App
let jobs: Jobs
/** Does the tenant take our key? */
let refuses = false
const lines: string[] = []

beforeAll(async () => {
  database = await openTestDatabase()
  home = await mkdtemp(join(tmpdir(), 'tributary-jobs-'))
  const clock = createClock(new Date('2026-11-02T08:00:00Z'))
  const mirakl = createMiraklSandbox({ clock, seed: 1 })
  mirakl.addShop({ name: 'Atelier Nord' })
  const stripe = createStripeSandbox({ clock, seed: 1 })
  const sides: Record<string, typeof fetch> = {
    'mirakl.test': fetchOf(mirakl.handler),
    'stripe.test': fetchOf(stripe.handler),
  }
  app = await openApp(
    readConfig({
      DATABASE_URL: database.connectionString,
      TRIBUTARY_HOME: home,
      TRIBUTARY_TIME_ZONE: 'Europe/Paris',
      TRIBUTARY_SCHEDULE_SPLIT_PAYMENTS: '*/10 * * * *',
      TRIBUTARY_SCHEDULE_VALIDATE_PAYMENTS: 'off',
      MIRAKL_HOST_NAME: 'https://mirakl.test',
      MIRAKL_API_KEY: 'key',
      STRIPE_API_BASE: 'https://stripe.test',
      STRIPE_CLIENT_SECRET: 'sk_test_1',
      PUBLIC_URL: 'https://pay.example.com',
    }),
    {
      clock,
      log: (level, message) => void lines.push(`${level} ${message}`),
      fetch: (input, init) => {
        const { host } = new URL(input instanceof Request ? input.url : input)
        if (refuses && host === 'mirakl.test')
          return Promise.resolve(new Response('{}', { status: 401 }))
        return sides[host]?.(input, init) ?? Promise.reject(new Error(`no side ${host}`))
      },
    },
  )
  jobs = createAppJobs(app, { works: true, pollSeconds: 0.5 })
  await jobs.start()
})
afterAll(async () => {
  await jobs.stop({ timeoutSeconds: 5 })
  await app.close()
  await database.close()
  await rm(home, { recursive: true, force: true })
})

describe('the jobs of an app', () => {
  it('are scheduled in the time zone, as the variables say', async () => {
    await scheduleJobs(app, jobs)
    const schedules = await jobs.schedules()
    const byName = schedules.toSorted((a, b) => a.name.localeCompare(b.name))
    const environment = 'test'
    const timeZone = 'Europe/Paris'
    const scheduled = Object.keys(jobSettings).filter(name => name !== 'validate-payments')
    expect(byName.map(({ name }) => name)).toEqual(scheduled.toSorted())
    expect(byName).toEqual(
      expect.arrayContaining([
        { name: 'apply-provider-events', cron: '* * * * *', environment, timeZone },
        { name: 'monitor-kyc', cron: '17 * * * *', environment, timeZone },
        { name: 'settle-sellers', cron: '0 1 * * *', environment, timeZone },
        { name: 'split-payments', cron: '*/10 * * * *', environment, timeZone },
      ]),
    )
  })

  it('run the workflow of their name, as the job in the journal', async () => {
    await jobs.enqueue(database.queries, 'onboard-sellers', { environment: 'test' })
    await expect
      .poll(
        async () => {
          const { rows } = await database.pool.query<{ actor: string; ended: boolean }>(
            'select actor, ended_at is not null as ended from runs',
          )
          return rows
        },
        { timeout: 10_000 },
      )
      .toEqual([{ actor: 'job:onboard-sellers', ended: true }])
    expect(lines).toContain('info a run ended')
  })

  it('fail when their run ended early, so that they are tried again', async () => {
    refuses = true
    await jobs.enqueue(database.queries, 'settle-sellers', { environment: 'test' })
    await expect
      .poll(() => lines.filter(line => line === 'error a job failed').length, { timeout: 10_000 })
      .toBe(1)
  })
})
