import type { Queries } from '../database/connection.ts'
import { type Environment, type Settings, defaultSettings } from '../domain/settings.ts'
import { restoreOfRow } from './restores.ts'

/** Makes the environment and its company, or brings its settings up to date. */
export async function saveEnvironment(
  queries: Queries,
  environment: Environment,
  companyName: string,
  now: Date,
): Promise<void> {
  await queries
    .insertInto('companies')
    .values({ id: environment.companyId, name: companyName, created_at: now })
    .onConflict(conflict => conflict.column('id').doNothing())
    .execute()
  const settings = JSON.stringify(environment.settings)
  await queries
    .insertInto('environments')
    .values({
      id: environment.id,
      company_id: environment.companyId,
      slug: environment.slug,
      mode: environment.mode,
      settings,
      start_date: environment.startDate,
      created_at: now,
    })
    .onConflict(conflict =>
      conflict.column('id').doUpdateSet({ settings, start_date: environment.startDate }),
    )
    .execute()
}

export async function environmentBySlug(
  queries: Queries,
  slug: string,
): Promise<Environment | null> {
  const row = await queries
    .selectFrom('environments')
    .selectAll()
    .where('slug', '=', slug)
    .executeTakeFirst()
  if (row === undefined) return null
  return {
    id: row.id,
    companyId: row.company_id,
    slug: row.slug,
    mode: row.mode,
    settings: { ...defaultSettings, ...(row.settings as Partial<Settings>) },
    startDate: row.start_date,
    paused: row.paused,
    restore: restoreOfRow(row),
  }
}

export async function environmentSlugs(queries: Queries): Promise<string[]> {
  const rows = await queries.selectFrom('environments').select('slug').orderBy('slug').execute()
  return rows.map(row => row.slug)
}
