import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { connect, type Database, type Queries } from './connection.ts'
import { migrations } from './migrations/all.ts'

/** Migrations by name; they run in the order of their names (`0001-…`, `0002-…`). */
export type Migrations = Record<string, Migration>

/**
 * Brings the schema up to date and returns the names of the migrations that ran. Safe to call from
 * several programs at once: one works, the others wait. All of them run in one SQL transaction, so
 * an error leaves the schema as it was. Throws when the database is newer than this version.
 */
export async function migrate(
  database: Database,
  list: Migrations = migrations,
): Promise<string[]> {
  // A connection of its own: waiting for another program, or a long rewrite, may take more than the
  // 30 s a statement is given elsewhere.
  const own = await connect(database.connectionString, {
    poolSize: 1,
    statementTimeout: 0,
    applicationName: 'tributary migrate',
  })
  try {
    await refuseNewer(own.queries, list)
    const { error, results = [] } = await migratorOf(own.queries, list).migrateToLatest()
    const failed = results.find(result => result.status === 'Error')
    if (error !== undefined) {
      const where = failed === undefined ? '' : ` ${failed.migrationName}`
      throw new Error(`Migration${where} failed: ${messageOf(error)}`, { cause: error })
    }
    return results.filter(({ status }) => status === 'Success').map(result => result.migrationName)
  } finally {
    await own.close()
  }
}

/**
 * The names of the migrations that `migrate` would run, in order; changes nothing.
 * Throws when the database is newer than this version.
 */
export async function pendingMigrations(
  database: Database,
  list: Migrations = migrations,
): Promise<string[]> {
  const done = await refuseNewer(database.queries, list)
  return namesOf(list).filter(name => !done.has(name))
}

function migratorOf(queries: Queries, list: Migrations): Migrator {
  return new Migrator({ db: queries, provider: { getMigrations: async () => list } })
}

async function refuseNewer(queries: Queries, list: Migrations): Promise<Set<string>> {
  const done = await executed(queries)
  const unknown = [...done].filter(name => !(name in list)).toSorted()
  if (unknown.length > 0) {
    throw new Error(
      `The database has been used by a newer version: it has the migrations ${unknown.join(', ')}, ` +
        `which this version does not know (its last is ${namesOf(list).at(-1) ?? 'none'})`,
    )
  }
  return done
}

async function executed(queries: Queries): Promise<Set<string>> {
  const table = await sql<{ found: boolean }>`
    select to_regclass('kysely_migration') is not null as found`.execute(queries)
  if (table.rows[0]?.found !== true) return new Set()
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(queries)
  return new Set(rows.map(row => row.name))
}

function namesOf(list: Migrations): string[] {
  return Object.keys(list).toSorted()
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
