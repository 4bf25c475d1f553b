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
    standing: account.standing,
    has_dashboard: account.hasDashboard,
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
    standing: row.standing as Account['standing'],
    hasDashboard: row.has_dashboard,
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
