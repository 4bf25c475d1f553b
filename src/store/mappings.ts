import type { Queries } from '../database/connection.ts'

/** A shop and its account, as the operator's own programs list them. */
export interface Mapping {
  readonly sellerId: string
  readonly accountId: string
  readonly payoutsEnabled: boolean
  readonly chargesEnabled: boolean
  readonly disabledReason: string | null
  readonly mappedAt: Date | null
  /** When the provider last showed the account changed. */
  readonly changedAt: Date | null
}

/** Mappings in order of the shops' numbers; an account may stand in several. */
export async function listMappings(
  queries: Queries,
  environmentId: string,
  query: { sellerId?: string | undefined; offset: number; limit: number },
): Promise<Mapping[]> {
  let select = queries
    .selectFrom('sellers')
    .leftJoin('accounts', join =>
      join
        .onRef('accounts.environment_id', '=', 'sellers.environment_id')
        .onRef('accounts.provider', '=', 'sellers.provider')
        .onRef('accounts.id', '=', 'sellers.account_id'),
    )
    .select(['sellers.id', 'sellers.account_id', 'sellers.mapped_at'])
    .select(['payouts_enabled', 'charges_enabled', 'disabled_reason', 'changed_at'])
    .where('sellers.environment_id', '=', environmentId)
    .where('account_id', 'is not', null)
    .orderBy(({ fn }) => fn('length', ['sellers.id']))
    .orderBy('sellers.id')
    .offset(query.offset)
    .limit(query.limit)
  if (query.sellerId !== undefined) select = select.where('sellers.id', '=', query.sellerId)
  return (await select.execute()).map(row => ({
    sellerId: row.id,
    accountId: row.account_id ?? '',
    payoutsEnabled: row.payouts_enabled ?? false,
    chargesEnabled: row.charges_enabled ?? false,
    disabledReason: row.disabled_reason,
    mappedAt: row.mapped_at,
    changedAt: row.changed_at,
  }))
}
