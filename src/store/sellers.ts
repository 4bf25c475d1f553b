import type { Selectable } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Sellers } from '../database/tables.ts'
import type { Account, Seller } from '../domain/seller.ts'
import { accountOf } from './accounts.ts'

/** A seller and what Tributary itself knows of it beside the marketplace's view. */
export interface StoredSeller extends Seller {
  readonly accountId: string | null
  /** How often an account was asked for; part of the key of the next attempt. */
  readonly accountAttempt: number
  readonly accountProblem: string | null
  /** Was the last attempt refused for certain, and none made since? */
  readonly accountRefused: boolean
  /** Rises when the seller's link is revoked. */
  readonly linkVersion: number
  readonly kycTold: { readonly status: string; readonly reason: string } | null
}

/** Stores shops as the marketplace shows them and marks those that changed as due. */
export async function saveSellers(
  queries: Queries,
  environmentId: string,
  sellers: readonly Seller[],
): Promise<void> {
  if (sellers.length === 0) return
  const unique = [...new Map(sellers.map(seller => [seller.id, seller])).values()]
  await queries
    .insertInto('sellers')
    .values(unique.map(seller => rowOf(environmentId, seller)))
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'id']).doUpdateSet(set => ({
        name: set.ref('excluded.name'),
        email: set.ref('excluded.email'),
        country: set.ref('excluded.country'),
        currency: set.ref('excluded.currency'),
        professional: set.ref('excluded.professional'),
        website: set.ref('excluded.website'),
        phone: set.ref('excluded.phone'),
        ignored: set.ref('excluded.ignored'),
        link_shown: set.ref('excluded.link_shown'),
        payment_blocked: set.ref('excluded.payment_blocked'),
        kyc_status: set.ref('excluded.kyc_status'),
        kyc_reason: set.ref('excluded.kyc_reason'),
        updated_at: set.ref('excluded.updated_at'),
        due: true,
      })),
    )
    .execute()
}

function rowOf(environmentId: string, seller: Seller) {
  return {
    environment_id: environmentId,
    id: seller.id,
    name: seller.name,
    email: seller.email,
    country: seller.country,
    currency: seller.currency,
    professional: seller.professional,
    website: seller.website,
    phone: seller.phone,
    ignored: seller.ignored,
    link_shown: seller.linkShown,
    payment_blocked: seller.paymentBlocked,
    kyc_status: seller.kyc?.status ?? null,
    kyc_reason: seller.kyc?.reason ?? null,
    updated_at: seller.updatedAt,
    due: true,
  }
}

function sellerOf(row: Selectable<Sellers>): StoredSeller {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    country: row.country,
    currency: row.currency,
    professional: row.professional,
    website: row.website,
    phone: row.phone,
    ignored: row.ignored,
    linkShown: row.link_shown,
    paymentBlocked: row.payment_blocked,
    kyc: row.kyc_status === null ? null : { status: row.kyc_status, reason: row.kyc_reason },
    updatedAt: row.updated_at,
    accountId: row.account_id,
    accountAttempt: row.account_attempt,
    accountProblem: row.account_problem,
    accountRefused: row.account_mend !== null,
    linkVersion: row.link_version,
    kycTold:
      row.kyc_told_status === null
        ? null
        : { status: row.kyc_told_status, reason: row.kyc_told_reason ?? '' },
  }
}

export interface SellerWithAccount {
  readonly seller: StoredSeller
  readonly account: Account | null
}

/** Sellers by id, each with its account if it has one. */
export async function sellersWithAccounts(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
): Promise<Map<string, SellerWithAccount>> {
  if (ids.length === 0) return new Map()
  const rows = await queries
    .selectFrom('sellers')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const accountIds = rows.flatMap(row => (row.account_id === null ? [] : [row.account_id]))
  const accounts = new Map<string, Account>()
  if (accountIds.length > 0) {
    const found = await queries
      .selectFrom('accounts')
      .selectAll()
      .where('environment_id', '=', environmentId)
      .where('id', 'in', accountIds)
      .execute()
    for (const row of found) accounts.set(row.id, accountOf(row))
  }
  return new Map(
    rows.map(row => {
      const account = row.account_id === null ? null : (accounts.get(row.account_id) ?? null)
      return [row.id, { seller: sellerOf(row), account }]
    }),
  )
}

/** Sellers that something is to be done for, in order of id. */
export async function dueSellers(
  queries: Queries,
  environmentId: string,
  query: { after: string; limit: number; sellerId?: string | undefined; now: Date },
): Promise<StoredSeller[]> {
  let select = queries
    .selectFrom('sellers')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('due', '=', true)
    .where(({ eb, or }) => or([eb('look_at', 'is', null), eb('look_at', '<=', query.now)]))
    .where('id', '>', query.after)
    .orderBy('id')
    .limit(query.limit)
  if (query.sellerId !== undefined) select = select.where('id', '=', query.sellerId)
  return (await select.execute()).map(sellerOf)
}

export async function sellersOfAccount(
  queries: Queries,
  environmentId: string,
  accountId: string,
): Promise<StoredSeller[]> {
  const rows = await queries
    .selectFrom('sellers')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('account_id', '=', accountId)
    .orderBy('id')
    .execute()
  return rows.map(sellerOf)
}

/**
 * Makes an account a seller's, unless it has one: whoever comes second changes nothing.
 * @returns is it the seller's now?
 */
export async function assignAccount(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  account: { readonly provider: string; readonly id: string },
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await queries
    .updateTable('sellers')
    .set({
      provider: account.provider,
      account_id: account.id,
      account_problem: null,
      account_mend: null,
      mapped_at: at,
      due: true,
      look_at: null,
    })
    .where('environment_id', '=', environmentId)
    .where('id', '=', sellerId)
    .where('account_id', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export interface SellerChange {
  readonly provider?: string
  readonly account_id?: string
  readonly account_attempt?: number
  readonly account_problem?: string | null
  readonly account_mend?: string | null
  readonly link_shown?: string
  readonly link_version?: number
  readonly kyc_told_status?: string
  readonly kyc_told_reason?: string
  readonly due?: boolean
  readonly look_at?: Date | null
}

export async function changeSeller(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  change: SellerChange,
): Promise<void> {
  await queries
    .updateTable('sellers')
    .set(change)
    .where('environment_id', '=', environmentId)
    .where('id', '=', sellerId)
    .execute()
}

/** News about an account: its sellers are looked at by the next onboarding run. */
export async function markSellersDue(
  queries: Queries,
  environmentId: string,
  accountId: string,
): Promise<void> {
  await queries
    .updateTable('sellers')
    .set({ due: true, look_at: null })
    .where('environment_id', '=', environmentId)
    .where('account_id', '=', accountId)
    .execute()
}

/** Who holds this lock decides on the seller's debts; until the SQL transaction ends. */
export async function lockSeller(
  queries: Queries,
  environmentId: string,
  sellerId: string,
): Promise<void> {
  await queries
    .selectFrom('sellers')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', '=', sellerId)
    .forUpdate()
    .execute()
}
