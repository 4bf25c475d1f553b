import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Posting } from '../domain/ledger.ts'

/** By whom the money of some postings is kept, and when they were booked. */
export interface Booking {
  readonly environmentId: string
  readonly provider: string
  readonly at: Date
}

/**
 * Adds postings to the ledger; one whose key it has already is left out. Call it in the SQL
 * transaction that records what they are about.
 */
export async function appendPostings(
  queries: Queries,
  booking: Booking,
  postings: readonly Posting[],
): Promise<void> {
  const rows = postings.flatMap(({ key, event, currency, parties, entries }) =>
    entries.map(({ account, amount }) => ({
      environment_id: booking.environmentId,
      posting_key: key,
      at: booking.at,
      event,
      provider: booking.provider,
      currency,
      account,
      amount,
      movement_id: parties.movementId,
      payment_id: parties.paymentId,
      order_id: parties.orderId,
      purchase_id: parties.purchaseId,
      seller_id: parties.sellerId,
      cycle_id: parties.cycleId,
    })),
  )
  if (rows.length === 0) return
  await queries
    .insertInto('ledger_entries')
    .values(rows)
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'posting_key', 'account']).doNothing(),
    )
    .execute()
}

/** What is in an account; minor units, below zero when more left it than came. */
export interface AccountBalance {
  readonly provider: string
  readonly currency: string
  readonly account: string
  readonly amount: bigint
  readonly entries: number
}

/** Accounts with what is in them, those that are at zero left out. */
export async function ledgerBalances(
  queries: Queries,
  environmentId: string,
  query: {
    /** Accounts whose names begin so. */
    readonly prefix?: string
    readonly account?: string
    /** What was in them once this entry was booked. */
    readonly until?: bigint
  } = {},
): Promise<AccountBalance[]> {
  const { prefix, account, until } = query
  let select = queries
    .selectFrom('ledger_entries')
    .select(({ fn }) => [
      'provider',
      'currency',
      'account',
      fn.sum<string>('amount').as('amount'),
      fn.countAll<bigint>().as('entries'),
    ])
    .where('environment_id', '=', environmentId)
    .groupBy(['provider', 'currency', 'account'])
    .having(({ fn }) => fn.sum('amount'), '<>', 0)
    .orderBy('provider')
    .orderBy('currency')
    .orderBy('account')
  if (prefix !== undefined) select = select.where(sql<boolean>`starts_with(account, ${prefix})`)
  if (account !== undefined) select = select.where('account', '=', account)
  if (until !== undefined) select = select.where('number', '<=', until)
  const rows = await select.execute()
  return rows.map(row => ({
    ...row,
    amount: BigInt(row.amount),
    entries: Number(row.entries),
  }))
}

/** All entries of one provider and currency together; anything but zero is a defect. */
export interface TrialBalance {
  readonly provider: string
  readonly currency: string
  readonly total: bigint
  readonly entries: number
  /** Postings whose entries do not add up to zero, a few of them. */
  readonly unbalanced: readonly string[]
}

export async function trialBalance(
  queries: Queries,
  environmentId: string,
): Promise<TrialBalance[]> {
  const { rows } = await sql<{
    provider: string
    currency: string
    total: string
    entries: bigint
    unbalanced: string[] | null
  }>`
    with postings as (
      select provider, currency, posting_key, sum(amount) as total, count(*) as entries
      from ledger_entries where environment_id = ${environmentId}
      group by provider, currency, posting_key
    )
    select provider, currency, sum(total)::text as total, sum(entries)::bigint as entries,
      (array_agg(posting_key order by posting_key) filter (where total <> 0))[1:10] as unbalanced
    from postings group by provider, currency order by provider, currency`.execute(queries)
  return rows.map(row => ({
    provider: row.provider,
    currency: row.currency,
    total: BigInt(row.total),
    entries: Number(row.entries),
    unbalanced: row.unbalanced ?? [],
  }))
}

/** An entry as it is stored. */
export interface StoredEntry {
  readonly number: bigint
  readonly key: string
  readonly at: Date
  readonly event: string
  readonly provider: string
  readonly currency: string
  readonly account: string
  /** Minor units. */
  readonly amount: bigint
  readonly movementId: string | null
  readonly paymentId: string | null
  readonly orderId: string | null
  readonly purchaseId: string | null
  readonly cycleId: string | null
}

/** Entries in the order in which they were booked, behind one of them. */
export async function ledgerEntries(
  queries: Queries,
  environmentId: string,
  query: {
    readonly account?: string
    readonly orderId?: string
    readonly after?: bigint
    readonly limit: number
  },
): Promise<StoredEntry[]> {
  let select = queries
    .selectFrom('ledger_entries')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('number', '>', query.after ?? 0n)
    .orderBy('number')
    .limit(query.limit)
  if (query.account !== undefined) select = select.where('account', '=', query.account)
  if (query.orderId !== undefined) select = select.where('order_id', '=', query.orderId)
  return (await select.execute()).map(row => ({
    number: row.number,
    key: row.posting_key,
    at: row.at,
    event: row.event,
    provider: row.provider,
    currency: row.currency,
    account: row.account,
    amount: row.amount,
    movementId: row.movement_id,
    paymentId: row.payment_id,
    orderId: row.order_id,
    purchaseId: row.purchase_id,
    cycleId: row.cycle_id,
  }))
}
