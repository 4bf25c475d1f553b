import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'

/** The PostgreSQL behind the store: its version, and the size of this database in bytes. */
export async function serverFacts(
  queries: Queries,
): Promise<{ readonly version: string; readonly bytes: number }> {
  const { rows } = await sql<{ version: string; bytes: bigint }>`
    select current_setting('server_version') as version,
      pg_database_size(current_database()) as bytes`.execute(queries)
  const [row] = rows
  if (row === undefined) throw new Error('the database did not say what it is')
  return { version: row.version, bytes: Number(row.bytes) }
}
