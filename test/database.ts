import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { connect, type Database } from '../src/database/connection.ts'
import { addressOf } from './test-server.ts'

/**
 * A database of its own for one test file: an empty copy of the migrated template. Call `close` in
 * `afterAll`: it drops the database, even while something is still connected to it.
 */
export async function openTestDatabase(options: { poolSize?: number } = {}): Promise<Database> {
  const { adminUrl, template, prefix } = inject('testServer')
  const name = `${prefix}_${randomUUID().slice(0, 8)}`
  await onServer(adminUrl, `create database ${name} template ${template}`)
  const database = await connect(addressOf(adminUrl, name), {
    applicationName: 'tributary test',
    ...options,
  })
  let closed: Promise<void> | undefined
  const drop = async () => {
    await database.close()
    await onServer(adminUrl, `drop database if exists ${name} with (force)`)
  }
  return { ...database, close: () => (closed ??= drop()) }
}

async function onServer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
