import type { Database } from '../../src/database/connection.ts'
import { type Environment, defaultSettings } from '../../src/domain/settings.ts'
import { saveEnvironment } from '../../src/store/environments.ts'
import { at } from './moments.ts'

export function environmentOf(change: Partial<Environment> = {}): Environment {
  return {
    id: 'env_1',
    companyId: 'company_1',
    slug: 'test',
    mode: 'test',
    settings: defaultSettings,
    startDate: null,
    paused: false,
    ...change,
  }
}

/** Makes two environments, of two companies: what one stores must never show in the other. */
export async function twoEnvironments(database: Database): Promise<[own: string, other: string]> {
  const own = environmentOf()
  const other = environmentOf({ id: 'env_2', companyId: 'company_2', slug: 'other' })
  for (const environment of [own, other]) {
    await saveEnvironment(database.queries, environment, 'A company', at('06:00'))
  }
  return [own.id, other.id]
}
