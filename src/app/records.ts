import { type Database, openDatabase } from '../database/connection.ts'
import { migrate } from '../database/migrate.ts'
import { UsageError } from '../domain/errors.ts'
import type { Environment } from '../domain/settings.ts'
import { environmentBySlug, environmentSlugs } from '../store/environments.ts'
import type { Clock, Names } from '../workflows/ports.ts'
import type { Log } from '../workflows/work.ts'
import type { Config } from './config.ts'
import { createLog, secretsOf } from './log.ts'
import { environmentSlug } from './place-config.ts'
import { createNames, systemClock } from './names.ts'

/** What is passed in from outside, each with a default: tests and the demo bring their own. */
export interface AppOptions {
  readonly clock?: Clock
  readonly names?: Names
  readonly fetch?: typeof fetch
  readonly log?: Log
  /** Slug of the environment that is meant; the keys must be of it. */
  readonly environment?: string | undefined
  /** False: the schema is taken as it is. True by default. */
  readonly migrates?: boolean
  /** Connections to the database at most; 10 by default. */
  readonly poolSize?: number
}

/** An open database without the outside world: for what only reads, and for an operator's changes. */
export interface Records {
  readonly config: Config
  readonly database: Database
  readonly clock: Clock
  readonly names: Names
  readonly log: Log
  close(): Promise<void>
}

/** Opens and migrates the database. @throws UsageError when it cannot be reached */
export async function openRecords(config: Config, options: AppOptions = {}): Promise<Records> {
  const clock = options.clock ?? systemClock
  const log = options.log ?? createLog({ level: config.logLevel, secrets: secretsOf(config) })
  let closing = false
  const lost = (error: Error) => {
    // The embedded server stops with its last program, sometimes before our sockets are closed.
    if (!closing) log('warn', 'a connection to the database was lost', { problem: error.message })
  }
  const database = await reach(config, lost, options)
  try {
    if (options.migrates !== false) {
      const ran = await migrate(database)
      if (ran.length > 0) log('info', 'the schema was brought up to date', { migrations: ran })
    }
  } catch (error) {
    await database.close()
    throw error
  }
  const names = options.names ?? createNames(clock)
  const close = () => {
    closing = true
    return database.close()
  }
  return { config, database, clock, names, log, close }
}

async function reach(
  config: Config,
  onError: (error: Error) => void,
  options: AppOptions,
): Promise<Database> {
  try {
    return await openDatabase({
      home: config.home,
      ...(config.databaseUrl === null ? {} : { url: config.databaseUrl }),
      ...(options.poolSize === undefined ? {} : { poolSize: options.poolSize }),
      onError,
    })
  } catch (error) {
    if (config.databaseUrl === null) throw error
    const { host } = new URL(config.databaseUrl)
    throw new UsageError(
      'DATABASE_URL',
      `DATABASE_URL names a database that cannot be opened (${host}): ${reasonOf(error)}`,
    )
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}

/**
 * The environment that is meant: by its slug, else that of the configuration, else the only one.
 * @throws UsageError when there is none, or more than one to choose from
 */
export async function findEnvironment(records: Records, slug?: string): Promise<Environment> {
  const { queries } = records.database
  const known = await environmentSlugs(queries)
  const { company, mode } = records.config
  const own = mode === null ? undefined : environmentSlug(company, mode)
  const wanted = slug ?? own ?? (known.length === 1 ? known[0] : undefined)
  const found = wanted === undefined ? null : await environmentBySlug(queries, wanted)
  if (found !== null) return found
  if (known.length === 0) {
    throw new UsageError(
      'environment',
      'There is no environment in this database yet: run `tributary run onboard-sellers` or `tributary serve` once',
    )
  }
  const choose = `write --environment with one of ${known.join(', ')}`
  if (wanted === undefined)
    throw new UsageError('--environment', `--environment is missing: ${choose}`)
  throw new UsageError('--environment', `There is no environment ${wanted}: ${choose}`)
}
