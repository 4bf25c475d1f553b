import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { openEmbedded } from './embedded.ts'
import type { Tables } from './tables.ts'

/** What runs SQL: the database itself, or one SQL transaction of it. */
export type Queries = Kysely<Tables>

/** An open database. Columns arrive as: int8 bigint, timestamptz Date, date and numeric string. */
export type Database = {
  queries: Queries
  pool: pg.Pool
  connectionString: string
  /**
   * Runs `work` in one SQL transaction (read committed) and commits what it wrote; an error rolls
   * everything back. A serialization failure or a deadlock is tried again, three times at most, so
   * `work` must do nothing but SQL.
   */
  inTransaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>
  /** Closes the connections; leaves the embedded server if this opened it. May be called twice. */
  close(): Promise<void>
}

/** How to reach the database. */
export type DatabaseOptions = {
  /** `postgres://…` (TLS as its `sslmode` says). Absent: the embedded server of `home`. */
  url?: string
  /** The folder of the embedded server; not touched when `url` is given. */
  home: string
  /** Connections at most; 10 by default. */
  poolSize?: number
  /** What pg_stat_activity shows. */
  applicationName?: string
  /** Told about the loss of a connection that nobody was using. */
  onError?: (error: Error) => void
}

const statementTimeoutMilliseconds = 30_000
const connectTimeoutMilliseconds = 10_000
const maxAttempts = 4
// serialization_failure and deadlock_detected: PostgreSQL has rolled back and asks for another try.
const retriedCodes = new Set(['40001', '40P01'])

/** Opens the database that `options` name. Throws when it cannot be reached. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url !== undefined) return connect(options.url, options)
  const server = await openEmbedded(options.home)
  try {
    const database = await connect(server.connectionString, options)
    return { ...database, close: () => database.close().then(() => server.leave()) }
  } catch (error) {
    await server.leave()
    throw error
  }
}

/**
 * Opens a pool on `url` and a query builder on it, and asks one question to see that it answers.
 * `statementTimeout` in milliseconds, 0 for none.
 */
export async function connect(
  url: string,
  options: Omit<DatabaseOptions, 'url' | 'home'> & { statementTimeout?: number },
): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize ?? 10,
    application_name: options.applicationName ?? 'tributary',
    connectionTimeoutMillis: connectTimeoutMilliseconds,
    statement_timeout: options.statementTimeout ?? statementTimeoutMilliseconds,
    types: { getTypeParser: parserOf },
  })
  // Without a listener a lost idle connection ends the program; the pool replaces it by itself.
  const lost = options.onError ?? (() => undefined)
  pool.on('error', lost)
  // The pool listens only while a client is idle: one that is lost between two statements of an SQL
  // transaction would end the program. Its next statement fails, and that is what the work meets.
  pool.on('connect', client => void client.on('error', () => undefined))
  try {
    await pool.query('select 1')
  } catch (error) {
    await pool.end()
    throw error
  }
  return overPool(pool, url)
}

/** The database behind a pool that is open already; closing it ends the pool. */
export function overPool(pool: pg.Pool, url: string): Database {
  const queries = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  let closed: Promise<void> | undefined
  return {
    queries,
    pool,
    connectionString: url,
    inTransaction: work => inTransaction(queries, work),
    // Not queries.destroy(): Kysely leaves a pool alone that it has not used yet.
    close: () => (closed ??= pool.end()),
  }
}

async function inTransaction<T>(
  database: Queries,
  work: (queries: Queries) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction().execute(work)
    } catch (error) {
      if (attempt === maxAttempts || !retriedCodes.has(codeOf(error))) throw error
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/**
 * The driver's own parsers lose digits or days: int8 would be a string, and `date` a moment at
 * midnight in the time zone of this machine. numeric stays text, as the driver leaves it.
 */
function parserOf(oid: number, format?: 'text' | 'binary') {
  if (format === 'binary') return pg.types.getTypeParser(oid, 'binary')
  if (oid === pg.types.builtins.INT8) return BigInt
  if (oid === int8ArrayOid) return parseInt8Array
  if (oid === pg.types.builtins.DATE) return String
  return pg.types.getTypeParser(oid, 'text')
}

// From pg_type, `_int8`: the driver's list of names has no arrays.
const int8ArrayOid: number = 1016

function parseInt8Array(text: string): (bigint | null)[] {
  // The driver's own parser of this type: an array of strings.
  const values: (string | null)[] = pg.types.getTypeParser(int8ArrayOid, 'text')(text)
  return values.map(value => (value === null ? null : BigInt(value)))
}
