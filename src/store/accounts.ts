import type { Selectable } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Accounts } from '../database/tables.ts'
import type { Account } from '../domain/seller.ts'

function rowOf(account: Account) {
  return {
    country: account.country,
    currency: account.currency,
    transfers_active: account.transfersActive,
    payouts_enabled: account.payoutsEnabled,
    charges_enabled: account.chargesEnabled,
    details_submitted: account.detailsSubmitted,
    disabled_reason: account.disabledReason,
    currently_due: JSON.stringify(account.currentlyDue),
    pending_verification: JSON.stringify(account.pendingVerification),
    requirement_problems: JSON.stringify(account.requirementProblems),
    current_deadline: account.currentDeadline,
    future_due: JSON.stringify(account.futureDue),
    future_deadline: account.futureDeadline,
    standing: account.standing,
    has_dashboard: account.hasDashboard,
    banks: account.banks === null ? null : JSON.stringify(account.banks),
  }
}

/**
 * Stores an account as seen at `seenAt`; an older sight never replaces a newer one.
 * @param changed false: it is as it was, only the sight is new.
 * @param lookAt when it is looked at again without an event; null: only an event brings news.
 */
export async function saveAccount(
  queries: Queries,
  environmentId: string,
  provider: string,
  account: Account,
  seenAt: Date,
  lookAt: Date | null,
  changed = true,
): Promise<void> {
  const row = rowOf(account)
  await queries
    .insertInto('accounts')
    .values({
      environment_id: environmentId,
      provider,
      id: account.id,
      ...row,
      seen_at: seenAt,
      changed_at: seenAt,
      look_at: lookAt,
    })
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'provider', 'id'])
        .doUpdateSet({
          ...row,
          seen_at: seenAt,
          look_at: lookAt,
          ...(changed ? { changed_at: seenAt } : {}),
        })
        .whereRef('accounts.seen_at', '<=', 'excluded.seen_at'),
    )
    .execute()
}

/** The provider tells of a change that is in none of our columns. */
export async function touchAccount(
  queries: Queries,
  environmentId: string,
  accountId: string,
  at: Date,
): Promise<void> {
  await queries
    .updateTable('accounts')
    .set({ changed_at: at })
    .where('environment_id', '=', environmentId)
    .where('id', '=', accountId)
    .execute()
}

/** The provider took the account away, or does not know it any more. */
export async function loseAccount(
  queries: Queries,
  environmentId: string,
  accountId: string,
  at: Date,
): Promise<void> {
  await queries
    .updateTable('accounts')
    .set({
      standing: 'lost',
      transfers_active: false,
      payouts_enabled: false,
      charges_enabled: false,
      seen_at: at,
      changed_at: at,
      look_at: null,
    })
    .where('environment_id', '=', environmentId)
    .where('id', '=', accountId)
    .execute()
}

export function accountOf(row: Selectable<Accounts>): Account {
  return {
    id: row.id,
    country: row.country,
    currency: row.currency,
    transfersActive: row.transfers_active,
    payoutsEnabled: row.payouts_enabled,
    chargesEnabled: row.charges_enabled,
    detailsSubmitted: row.details_submitted,
    disabledReason: row.disabled_reason,
    currentlyDue: row.currently_due as string[],
    pendingVerification: row.pending_verification as string[],
    requirementProblems: row.requirement_problems as string[],
    currentDeadline: row.current_deadline,
    futureDue: row.future_due as string[],
    futureDeadline: row.future_deadline,
    standing: row.standing as Account['standing'],
    hasDashboard: row.has_dashboard,
    banks: row.banks as Account['banks'],
  }
}

export async function accountById(
  queries: Queries,
  environmentId: string,
  id: string,
): Promise<(Account & { readonly changedAt: Date }) | null> {
  const row = await queries
    .selectFrom('accounts')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? null : { ...accountOf(row), changedAt: row.changed_at }
}

/** Those of these accounts that belong to the environment, by id. */
export async function accountsById(
  queries: Queries,
  environmentId: string,
  provider: string,
  ids: readonly string[],
): Promise<Map<string, Account>> {
  if (ids.length === 0) return new Map()
  const rows = await queries
    .selectFrom('accounts')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('provider', '=', provider)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(row => [row.id, accountOf(row)]))
}

/** These accounts were seen at `seenAt` and are as they were. */
export async function markSeen(
  queries: Queries,
  environmentId: string,
  provider: string,
  ids: readonly string[],
  seenAt: Date,
): Promise<void> {
  if (ids.length === 0) return
  await queries
    .updateTable('accounts')
    .set({ seen_at: seenAt })
    .where('environment_id', '=', environmentId)
    .where('provider', '=', provider)
    .where('id', 'in', [...ids])
    .where('seen_at', '<', seenAt)
    .execute()
}

/** Ids of accounts that were not seen since a moment, in their order, behind `after`. */
export async function unseenAccounts(
  queries: Queries,
  environmentId: string,
  provider: string,
  query: { seenBefore: Date; after: string; limit: number; lostToo: boolean },
): Promise<string[]> {
  let select = queries
    .selectFrom('accounts')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('provider', '=', provider)
    .where('seen_at', '<', query.seenBefore)
    .where('id', '>', query.after)
    .orderBy('id')
    .limit(query.limit)
  if (!query.lostToo) select = select.where('standing', '<>', 'lost')
  return (await select.execute()).map(row => row.id)
}

export interface UnreadyAccounts {
  readonly detailsSubmitted: boolean
  readonly transfersActive: boolean
  readonly count: number
}

/** How many accounts may not yet receive transfers or be paid out. */
export async function countUnready(
  queries: Queries,
  environmentId: string,
): Promise<UnreadyAccounts[]> {
  const rows = await queries
    .selectFrom('accounts')
    .select(({ fn }) => [
      'details_submitted',
      'transfers_active',
      fn.countAll<bigint>().as('count'),
    ])
    .where('environment_id', '=', environmentId)
    .where(({ eb, or }) =>
      or([eb('transfers_active', '=', false), eb('payouts_enabled', '=', false)]),
    )
    .groupBy(['details_submitted', 'transfers_active'])
    .execute()
  return rows.map(row => ({
    detailsSubmitted: row.details_submitted,
    transfersActive: row.transfers_active,
    count: Number(row.count),
  }))
}

/** Accounts whose state is to be asked for again, those that wait longest first. */
export async function accountsToLookAt(
  queries: Queries,
  environmentId: string,
  now: Date,
  limit: number,
): Promise<Account[]> {
  const rows = await queries
    .selectFrom('accounts')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('look_at', '<=', now)
    .orderBy('look_at')
    .limit(limit)
    .execute()
  return rows.map(accountOf)
}
