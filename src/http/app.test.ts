import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../test/database.ts'
import { openHttp } from '../../test/http-laboratory.ts'
import { type Laboratory, openLaboratory } from '../../test/workflows/laboratory.ts'
import type { Database } from '../database/connection.ts'
import { saveOutside } from '../store/outsides.ts'

let database: Database
let laboratory: Laboratory
beforeAll(async () => {
  database = await openTestDatabase()
  laboratory = await openLaboratory(database)
})
afterAll(() => database.close())

describe('health', () => {
  test('alive says the version', async () => {
    const { app } = openHttp([laboratory])
    expect((await app.inject('/healthz')).json()).toEqual({ alive: true, version: '0.1.0' })
  })

  test('ready when database, schema and jobs are', async () => {
    const { app } = openHttp([laboratory])
    const answer = await app.inject('/readyz')
    expect(answer.statusCode).toBe(200)
    expect(answer.json().checks).toEqual({ database: 'ok', migrations: 'ok', jobs: 'ok' })
  })

  test('ready without a service that is away, for webhooks must be taken; it is named all the same', async () => {
    const own = await openLaboratory(database)
    const at = own.clock.now()
    await saveOutside(database.queries, own.environment.id, {
      name: 'stripe',
      state: 'open',
      failures: 5,
      problem: 'ECONNREFUSED',
      openedAt: at,
      nextTryAt: at,
      milliseconds: 3,
      seenAt: at,
    })
    const { app } = openHttp([own], { publicStatus: true })
    const answer = await app.inject('/readyz')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ ready: true, outsides: { stripe: 'open' } })
    const { slug } = own.environment
    expect((await app.inject('/metrics')).body).toContain(
      `tributary_outside_open{environment="${slug}",outside="stripe"} 1`,
    )
    for (const [language, title] of [
      ['en', 'Services that do not answer'],
      ['fr', 'Services qui ne répondent pas'],
      ['de', 'Dienste, die nicht antworten'],
    ]) {
      const page = await app.inject(`/?lang=${language}`)
      expect(page.body).toContain(title)
      expect(page.body).toContain('ECONNREFUSED')
    }
  })

  test('not ready: says which part, and nothing of our insides', async () => {
    const { app } = openHttp([laboratory], {
      pendingMigrations: async () => ['0002-more'],
      jobStates: async () => Promise.reject(new Error('password authentication failed for anna')),
    })
    const answer = await app.inject('/readyz')
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({
      status: 503,
      checks: { database: 'ok', migrations: 'not run: 0002-more', jobs: 'failed' },
    })
    expect(answer.body).not.toContain('anna')
  })

  test('not ready while something does not answer within two seconds', async () => {
    const { app } = openHttp([laboratory], { jobStates: () => new Promise(() => undefined) })
    const answer = await app.inject('/readyz')
    expect(answer.json().checks).toMatchObject({ jobs: 'no answer within 2 s' })
  })
})

describe('metrics', () => {
  test('count movements, holds, jobs, events and requests', async () => {
    const own = await openLaboratory(database)
    const { app } = openHttp([own])
    await own.run('validate-payments')
    await app.inject('/healthz')
    await app.inject('/nowhere')
    const answer = await app.inject('/metrics')
    expect(answer.headers['content-type']).toMatch(/^text\/plain/)
    const { slug } = own.environment
    for (const line of [
      'tributary_jobs{job="split-payments",state="ready"} 2',
      `tributary_inbound_events_open{environment="${slug}"} 0`,
      `tributary_oldest_hold_age_seconds{environment="${slug}",unblocked_by="operator"} 0`,
      'tributary_http_request_duration_seconds_count{method="GET",route="/healthz",status="200"} 1',
      'tributary_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1',
    ]) {
      expect(answer.body).toContain(line)
    }
    expect(answer.body).toContain(
      `tributary_last_run_ended_timestamp_seconds{environment="${slug}",job="validate-payments"}`,
    )
  })
})

describe('a dead database', () => {
  test('is what the metrics say, and not ready', async () => {
    const own = await openTestDatabase()
    const lost = await openLaboratory(own)
    const { app } = openHttp([lost])
    await own.close()
    const metrics = await app.inject('/metrics')
    expect(metrics.statusCode).toBe(200)
    expect(metrics.body).toContain('tributary_database_up 0')
    const ready = await app.inject('/readyz')
    expect(ready.statusCode).toBe(503)
    expect(ready.json()).toMatchObject({ checks: { database: 'failed' } })
  })
})

describe('every error is a problem document', () => {
  test('an address that does not exist, and one that takes other methods', async () => {
    const { app } = openHttp([laboratory])
    const nowhere = await app.inject('/nowhere')
    expect(nowhere.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(nowhere.json()).toMatchObject({ type: 'about:blank', title: 'Not Found', status: 404 })
    const posted = await app.inject({ method: 'POST', url: '/healthz' })
    expect(posted.json()).toMatchObject({ status: 405 })
    expect(posted.headers['allow']).toBe('GET, HEAD')
  })

  test('an address that is no address', async () => {
    const { app } = openHttp([laboratory])
    const answer = await app.inject('/onboarding/%E0%A4%A')
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  })

  test('a failure of ours: logged with the request’s id, told without the cause', async () => {
    const { app } = openHttp([laboratory], {
      publicStatus: true,
      clock: {
        now: () => {
          throw new Error('the secret cause')
        },
      },
    })
    const answer = await app.inject('/v1/status')
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('secret cause')
    const { requestId } = answer.json()
    expect(answer.headers['x-request-id']).toBe(requestId)
    const line = laboratory.logs.find(({ message }) => message === 'a request failed')
    expect(line?.fields).toMatchObject({ request: requestId, problem: 'Error: the secret cause' })
  })
})

test('answers carry the headers of a careful server', async () => {
  const { app } = openHttp([laboratory])
  expect((await app.inject('/healthz')).headers).toMatchObject({
    'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'strict-transport-security': 'max-age=31536000',
  })
})
