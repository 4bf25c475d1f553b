import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openEmbedded } from '../src/database/embedded.ts'

/** A server for one run of the benchmarks, and databases on it that live for one measurement. */
export interface BenchServer {
  /** What the report says about it. */
  readonly name: string
  /** The address of a new, empty database. */
  create(label: string): Promise<string>
  drop(label: string): Promise<void>
  close(): Promise<void>
}

/** The server that `url` names, else an embedded one in a folder of its own. */
export async function openServer(url: string | undefined): Promise<BenchServer> {
  const server = url === undefined || url === '' ? await openOwn() : givenServer(url)
  const prefix = `tributary_bench_${process.pid}`
  return {
    name: server.name,
    close: server.close,
    async create(label) {
      await onServer(server.adminUrl, `create database ${prefix}_${label}`)
      const address = new URL(server.adminUrl)
      address.pathname = `/${prefix}_${label}`
      return address.href
    },
    drop: label =>
      onServer(server.adminUrl, `drop database if exists ${prefix}_${label} with (force)`),
  }
}

function givenServer(url: string) {
  return { name: 'DATABASE_URL', adminUrl: url, close: async () => undefined }
}

async function openOwn() {
  const home = mkdtempSync(join(tmpdir(), 'tributary-bench-'))
  const server = await openEmbedded(home)
  return {
    name: 'embedded',
    adminUrl: server.connectionString,
    close: async () => {
      await server.leave()
      rmSync(home, { recursive: true, force: true })
    },
  }
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
