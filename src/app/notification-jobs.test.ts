import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { addNotification, notificationById } from '../store/notifications.ts'
import { readConfig } from './config.ts'
import { createAppJobs } from './job-table.ts'
import { type App, openApp } from './wiring.ts'

let database: Database
let home: string
let app: App
let jobs: Jobs
let server: Server
/** Answers of the operator's endpoint, in order; 200 when none is left. */
const answers = [503, 503]
const received: string[] = []
let taken: () => void
const isTaken = new Promise<void>(resolve => (taken = resolve))

beforeAll(async () => {
  database = await openTestDatabase()
  home = await mkdtemp(join(tmpdir(), 'tributary-notifications-'))
  server = createServer((request, response) => {
    received.push(String(request.headers['tributary-id']))
    const status = answers.shift() ?? 200
    response.writeHead(status).end()
    if (status === 200) taken()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  app = await openApp(
    readConfig({
      DATABASE_URL: database.connectionString,
      TRIBUTARY_HOME: home,
      MIRAKL_HOST_NAME: 'https://mirakl.test',
      MIRAKL_API_KEY: 'key',
      STRIPE_CLIENT_SECRET: 'sk_test_1',
      PUBLIC_URL: 'https://pay.example.com',
      OPERATOR_NOTIFICATION_URL: `http://127.0.0.1:${port}/`,
      TRIBUTARY_NOTIFICATION_ALLOW: '127.0.0.1',
    }),
    { log: () => undefined, fetch: () => Promise.reject(new Error('nothing answers')) },
  )
  jobs = createAppJobs(app, { works: true, pollSeconds: 0.5 })
  await jobs.start()
})
afterAll(async () => {
  await jobs.stop({ timeoutSeconds: 5 })
  server.close()
  await app.close()
  await database.close()
  await rm(home, { recursive: true, force: true })
})

it('a job that writes notifications wakes their delivery, which comes back for the quick tries', async () => {
  const { queries } = app.database
  const { id } = app.environment
  const fresh = { id: 'ntf_1', type: 'account.updated', sellerId: null, movementId: null }
  const body = '{"type":"account.updated","payload":{}}'
  await addNotification(queries, id, { ...fresh, body }, app.clock.now())
  await jobs.enqueue(queries, 'apply-provider-events', { environment: id })
  await isTaken
  await jobs.pause('deliver-notifications')
  expect(received).toEqual(['ntf_1', 'ntf_1', 'ntf_1'])
  expect(await notificationById(queries, id, 'ntf_1')).toMatchObject({
    status: 'delivered',
    tries: 3,
  })
})
