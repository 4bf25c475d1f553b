import { environmentSlug } from '../place-config.ts'
import { pendingMigrations } from '../../database/migrate.ts'
import { connectionsOf } from '../../store/connections.ts'
import type { Config } from '../config.ts'
import { openRecords, type Records } from '../records.ts'
import { loadSecrets } from '../secrets.ts'
import { fail, type Finding, ok, warn } from './finding.ts'

export async function checkDatabase(config: Config): Promise<Finding[]> {
  const place =
    config.databaseUrl === null
      ? `the embedded server in ${config.home}`
      : new URL(config.databaseUrl).host
  let records: Records
  try {
    records = await openRecords(config, { migrates: false })
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return [fail('database', found, 'Check DATABASE_URL, or leave it out for the embedded server.')]
  }
  try {
    const pending = await pendingMigrations(records.database)
    const reached = ok('database', `PostgreSQL answers (${place}).`)
    if (pending.length > 0) {
      const found = `${pending.length} migrations have not run: ${pending.join(', ')}.`
      const mend = 'Run `tributary migrate`; `serve` and `run` do it too.'
      return [reached, warn('migrations', found, mend)]
    }
    return [reached, ok('migrations', 'The schema is up to date.'), await checkKey(config, records)]
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return [fail('migrations', found, 'Run the version of Tributary that the database belongs to.')]
  } finally {
    await records.close()
  }
}

async function checkKey(config: Config, records: Records): Promise<Finding> {
  try {
    const secrets = await loadSecrets(config.secretKey, config.home)
    const { company, mode } = config
    const environmentId = mode === null ? '' : environmentSlug(company, mode)
    for (const { kind, secrets: sealed } of await connectionsOf(
      records.database.queries,
      environmentId,
    )) {
      if (sealed !== null) secrets.open(sealed, `${environmentId}/${kind}`)
    }
    return ok('secret key', 'The secret key opens what is stored.')
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    return fail('secret key', found, 'Give the key that this database was used with.')
  }
}
