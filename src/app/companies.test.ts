import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import { readConfig } from './config.ts'
import { readStatus } from './status.ts'
import { openApp } from './wiring.ts'

let database: Database
let home: string
beforeAll(async () => {
  database = await openTestDatabase()
  home = await mkdtemp(join(tmpdir(), 'tributary-companies-'))
})
afterAll(async () => {
  await database.close()
  await rm(home, { recursive: true, force: true })
})

const configOf = (more: Record<string, string>) =>
  readConfig({
    DATABASE_URL: database.connectionString,
    TRIBUTARY_HOME: home,
    MIRAKL_HOST_NAME: 'http://127.0.0.1:9',
    MIRAKL_API_KEY: 'key',
    STRIPE_CLIENT_SECRET: 'sk_test_one',
    LOG_LEVEL: 'fatal',
    ...more,
  })

test('two companies in one database are told apart', async () => {
  const first = await openApp(configOf({}))
  const second = await openApp(configOf({ TRIBUTARY_COMPANY: 'atelier' }))
  try {
    expect(first.environment).toMatchObject({ id: 'test', companyId: 'default' })
    expect(second.environment).toMatchObject({ id: 'atelier-test', companyId: 'atelier' })
    expect(await readStatus(first, 'atelier-test')).toMatchObject({
      company: 'atelier',
      environment: 'atelier-test',
    })
    expect(await readStatus(second)).toMatchObject({ company: 'atelier' })
    expect(await readStatus(second, 'test')).toMatchObject({ company: 'default' })
  } finally {
    await first.close()
    await second.close()
  }
})

test('the keys of one company are not used for another one', async () => {
  const config = configOf({ TRIBUTARY_COMPANY: 'atelier' })
  await expect(openApp(config, { environment: 'test' })).rejects.toThrow(
    /^--environment is test, and the variables are of atelier-test/,
  )
  expect(() => configOf({ TRIBUTARY_COMPANY: 'Atelier 1' })).toThrow(
    /^TRIBUTARY_COMPANY is "Atelier 1": write small letters/,
  )
})
