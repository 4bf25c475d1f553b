import type { Queries } from '../database/connection.ts'
import type { Facts } from '../domain/json.ts'

export type ConnectionKind = 'mirakl' | 'stripe' | 'hipay' | 'mail' | 'notifications'

/** How one outside system is reached. `secrets` is encrypted before it comes here. */
export interface Connection {
  readonly kind: ConnectionKind
  readonly settings: Facts
  readonly secrets: Buffer | null
}

export async function saveConnection(
  queries: Queries,
  environmentId: string,
  connection: Connection,
  now: Date,
): Promise<void> {
  const columns = {
    settings: JSON.stringify(connection.settings),
    secrets: connection.secrets,
    updated_at: now,
  }
  await queries
    .insertInto('connections')
    .values({ environment_id: environmentId, kind: connection.kind, ...columns })
    .onConflict(conflict => conflict.columns(['environment_id', 'kind']).doUpdateSet(columns))
    .execute()
}

export async function connectionsOf(
  queries: Queries,
  environmentId: string,
): Promise<Connection[]> {
  const rows = await queries
    .selectFrom('connections')
    .select(['kind', 'settings', 'secrets'])
    .where('environment_id', '=', environmentId)
    .orderBy('kind')
    .execute()
  return rows.map(row => ({
    kind: row.kind as ConnectionKind,
    settings: row.settings as Facts,
    secrets: row.secrets,
  }))
}
