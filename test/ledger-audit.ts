import { sql } from 'kysely'
import type { Queries } from '../src/database/connection.ts'

/**
 * What the simulator knows to be true: minor units by account, then by lower-case currency. The
 * platform stands under its own id.
 */
interface SimulatorBooks {
  readonly accounts: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly available: number; readonly pending: number }>>
    >
  >
  readonly totals: Readonly<Record<string, { readonly fees: number }>>
}

interface Kept {
  readonly currency: string
  readonly place: string
  readonly amount: bigint
}

/**
 * The auditor's own reading of the ledger, by plain SQL: every currency's trial balance is zero, and
 * what the books say is at the sellers, at the tax account and on the platform is there. Call it when
 * nothing is under way. Returns what does not hold.
 */
export async function auditLedger(
  queries: Queries,
  environmentId: string,
  books: SimulatorBooks,
  platform: string,
): Promise<string[]> {
  const kept = new Map<string, bigint>()
  for (const { place, currency, amount } of await keptBy(queries, environmentId, platform)) {
    kept.set(`${place} ${currency}`, amount)
  }
  const there = new Map(
    Object.entries(books.accounts).flatMap(([account, purses]) =>
      Object.entries(purses).map(([currency, { available, pending }]) => [
        `${account} ${currency.toUpperCase()}`,
        BigInt(available) + BigInt(pending),
      ]),
    ),
  )
  // A fee is taken from the platform when the money comes, and booked when somebody reads of it.
  const fees = await feesBooked(queries, environmentId)
  for (const [currency, totals] of Object.entries(books.totals)) {
    const name = `${platform} ${currency.toUpperCase()}`
    const unread = BigInt(totals.fees) - (fees.get(currency.toUpperCase()) ?? 0n)
    if (unread !== 0n) there.set(name, (there.get(name) ?? 0n) + unread)
  }
  const names = new Set([...kept.keys(), ...there.keys()])
  const differing = [...names]
    .filter(name => (kept.get(name) ?? 0n) !== (there.get(name) ?? 0n))
    .map(
      name => `balance of ${name}: ${there.get(name) ?? 0n} there, ${kept.get(name) ?? 0n} booked`,
    )
  return [...(await unbalanced(queries, environmentId)), ...differing]
}

async function unbalanced(queries: Queries, environmentId: string): Promise<string[]> {
  const { rows } = await sql<{ posting_key: string; total: string }>`
    select posting_key, sum(amount)::text as total from ledger_entries
    where environment_id = ${environmentId}
    group by posting_key, currency having sum(amount) <> 0`.execute(queries)
  return rows.map(row => `the posting ${row.posting_key} adds up to ${row.total}`)
}

async function feesBooked(queries: Queries, environmentId: string): Promise<Map<string, bigint>> {
  const { rows } = await sql<{ currency: string; amount: string }>`
    select currency, sum(amount)::text as amount from ledger_entries
    where environment_id = ${environmentId} and account = 'provider_fees'
    group by currency`.execute(queries)
  return new Map(rows.map(row => [row.currency, BigInt(row.amount)]))
}

/** What the books say by place: a connected account, or the platform for all that is the operator's. */
async function keptBy(queries: Queries, environmentId: string, platform: string): Promise<Kept[]> {
  const { rows } = await sql<{ place: string; currency: string; amount: string }>`
    select place, currency, sum(amount)::text as amount from (
      select e.currency, e.amount, case
        when e.account like 'seller:%' or e.account = 'tax_account' then coalesce(m.account, '?')
        when e.account like 'escrow:%' or e.account like 'debt:%'
          or e.account in ('commission', 'operator_sales') then ${platform}
      end as place
      from ledger_entries e
      left join movements m on m.environment_id = e.environment_id and m.id = e.movement_id
      where e.environment_id = ${environmentId}
        -- Stripe keeps a refund pending while the platform cannot pay it: it is promised, not gone.
        and not (e.event = 'refund' and m.status = 'accepted')
    ) placed
    where place is not null
    group by place, currency`.execute(queries)
  return rows.map(row => ({ ...row, amount: BigInt(row.amount) }))
}

/** Escrows that are not empty: minor units by purchase. */
export async function openEscrows(
  queries: Queries,
  environmentId: string,
): Promise<Record<string, bigint>> {
  const { rows } = await sql<{ account: string; amount: string }>`
    select account, sum(amount)::text as amount from ledger_entries
    where environment_id = ${environmentId} and account like 'escrow:%'
    group by account, currency having sum(amount) <> 0 order by account`.execute(queries)
  return Object.fromEntries(
    rows.map(row => [row.account.slice('escrow:'.length), BigInt(row.amount)]),
  )
}
