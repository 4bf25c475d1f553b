import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openEmbedded } from '../src/database/embedded.ts'
import { connect } from '../src/database/connection.ts'
import { migrate } from '../src/database/migrate.ts'
import { addressOf, type TestServer } from './test-server.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer
  }
}

/**
 * Once for a run: a PostgreSQL (the one that DATABASE_URL names, else an embedded one in a temporary
 * folder) and a migrated template that every test file's database is a copy of.
 */
export default async function setup(project: {
  provide(key: 'testServer', value: TestServer): void
}): Promise<() => Promise<void>> {
  const server = await openServer(process.env['DATABASE_URL'])
  const prefix = `tributary_test_${process.pid}_${Date.now().toString(36)}`
  const testServer = { adminUrl: server.adminUrl, template: `${prefix}_template`, prefix }
  const admin = new pg.Client({ connectionString: testServer.adminUrl })
  await admin.connect()
  await admin.query(`create database ${testServer.template}`)
  const template = await connect(addressOf(testServer.adminUrl, testServer.template), {
    poolSize: 2,
  })
  await migrate(template)
  await template.close()
  project.provide('testServer', testServer)
  return async () => {
    const { rows } = await admin.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [prefix],
    )
    for (const { datname } of rows) await admin.query(`drop database ${datname} with (force)`)
    await admin.end()
    await server.stop()
  }
}

async function openServer(url: string | undefined) {
  if (url !== undefined && url !== '') return { adminUrl: url, stop: async () => undefined }
  const home = mkdtempSync(join(tmpdir(), 'tributary-test-'))
  const server = await openEmbedded(home).catch((error: unknown) => {
    rmSync(home, { recursive: true, force: true })
    throw error
  })
  const admin = new pg.Client({ connectionString: server.connectionString })
  await admin.connect()
  // Nothing of a test run has to survive a power cut.
  await admin.query('alter system set fsync = off')
  await admin.query('select pg_reload_conf()')
  await admin.end()
  const stop = async () => {
    await server.leave()
    rmSync(home, { recursive: true, force: true })
  }
  return { adminUrl: server.connectionString, stop }
}
