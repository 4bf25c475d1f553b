import type { Queries } from '../database/connection.ts'
import { accountOf } from './accounts.ts'
import { unacknowledged } from './acknowledgements.ts'

/** A seller's account that is restricted at `deadline` unless what is due is given. */
export interface KycDeadline {
  readonly accountId: string
  readonly sellerIds: readonly string[]
  /** The provider's names of what is missing. */
  readonly currentlyDue: readonly string[]
  readonly deadline: Date
}

/** Open accounts of sellers who are not ignored, something due by `until`; the nearest first. */
export async function kycDeadlines(
  queries: Queries,
  environmentId: string,
  until: Date,
  limit: number,
): Promise<KycDeadline[]> {
  const rows = await queries
    .selectFrom('accounts')
    .selectAll()
    .select(({ selectFrom }) =>
      selectFrom('sellers')
        .select(({ fn }) => fn.agg<string[] | null>('array_agg', ['sellers.id']).as('ids'))
        .whereRef('sellers.environment_id', '=', 'accounts.environment_id')
        .whereRef('sellers.provider', '=', 'accounts.provider')
        .whereRef('sellers.account_id', '=', 'accounts.id')
        .where('sellers.ignored', '=', false)
        .as('seller_ids'),
    )
    .where('environment_id', '=', environmentId)
    .where('standing', '=', 'open')
    .where('current_deadline', '<=', until)
    .where(unacknowledged('seller'))
    .orderBy('current_deadline')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.flatMap(row => {
    const { currentDeadline, currentlyDue } = accountOf(row)
    const sellerIds = (row.seller_ids ?? []).toSorted()
    if (currentDeadline === null || currentlyDue.length === 0 || sellerIds.length === 0) return []
    return [{ accountId: row.id, sellerIds, currentlyDue, deadline: currentDeadline }]
  })
}

const namedKey = 'digest-named'

/** What the last digest named of the things that do not know themselves since when they are so. */
export async function namedBefore(
  queries: Queries,
  environmentId: string,
): Promise<ReadonlySet<string>> {
  const row = await queries
    .selectFrom('checkpoints')
    .select('value')
    .where('environment_id', '=', environmentId)
    .where('name', '=', namedKey)
    .executeTakeFirst()
  return new Set(Array.isArray(row?.value) ? row.value.map(String) : [])
}

/** Keeps what a digest named, in place of what the one before did. */
export async function rememberNamed(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  const value = JSON.stringify(ids)
  await queries
    .insertInto('checkpoints')
    .values({ environment_id: environmentId, name: namedKey, value, updated_at: now })
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'name']).doUpdateSet({ value, updated_at: now }),
    )
    .execute()
}
