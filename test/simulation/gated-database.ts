import type pg from 'pg'
import { type Database, overPool } from '../../src/database/connection.ts'
import type { Gate } from './gate.ts'

/**
 * The database as one program reaches it. What a killed program has begun and not committed is
 * rolled back when its connection goes, as PostgreSQL does it.
 */
export function gateDatabase(database: Database, gate: Gate): Database {
  const pool = {
    connect: async () => gateClient(await database.pool.connect(), gate),
    options: database.pool.options,
    end: async () => undefined,
  }
  return overPool(pool as unknown as pg.Pool, database.connectionString)
}

function gateClient(client: pg.PoolClient, gate: Gate) {
  let open = false
  return {
    processID: 1,
    async query(text: string, values: unknown[]) {
      const word = text.slice(0, 8).toLowerCase()
      if (word.startsWith('begin')) open = true
      const answer = await gate.query(async () => {
        const told = await client.query({ name: nameOf(text), text, values })
        if (word === 'commit' || word === 'rollback') open = false
        return told
      })
      return answer
    },
    release() {
      if (!open) {
        client.release()
        return
      }
      void client.query('rollback').finally(() => client.release())
    },
  }
}

const names = new Map<string, string>()

/** A prepared statement's name: a seed asks the same few hundred statements thousands of times. */
function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = `s${names.size}`
  names.set(text, name)
  return name
}
