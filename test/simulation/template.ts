import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Database, connect } from '../../src/database/connection.ts'
import { openEmbedded } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import { addressOf } from '../test-server.ts'

/** The server of a simulation, with one migrated database that the players copy. */
export interface Template {
  readonly url: string
  close(): Promise<void>
}

const templateName = 'template'

/** Starts a PostgreSQL that forgets everything in a power cut and never tidies up by itself. */
export async function openTemplate(): Promise<Template> {
  const home = mkdtempSync(join(tmpdir(), 'tributary-simulation-'))
  const server = await openEmbedded(home)
  const close = async () => {
    await server.leave()
    rmSync(home, { recursive: true, force: true })
  }
  try {
    // Statistics that change by the clock would change plans, and with them the order of rows.
    for (const setting of ['fsync = off', 'synchronous_commit = off', 'autovacuum = off']) {
      await onServer(server.connectionString, `alter system set ${setting}`)
    }
    await onServer(server.connectionString, 'select pg_reload_conf()')
    await onServer(server.connectionString, `create database ${templateName}`)
    const database = await connect(addressOf(server.connectionString, templateName), {
      poolSize: 1,
    })
    await migrate(database)
    await database.close()
    return { url: server.connectionString, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A database of one's own with the name given; `close` drops it. One query is in flight at a time. */
export async function openCopy(url: string, name: string): Promise<Database> {
  await onServer(url, `create database ${name} template ${templateName} strategy file_copy`)
  const database = await connect(addressOf(url, name), { poolSize: 1 })
  const close = async () => {
    await database.close()
    await onServer(url, `drop database ${name} with (force)`)
  }
  return { ...database, close }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
