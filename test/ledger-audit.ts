import { sql } from 'kysely'
import type { Queries } from '../src/database/connection.ts'

type ByCurrency<T> = Readonly<Record<string, Readonly<Record<string, T>>>>

/**
 * What the simulator knows to be true: minor units by account, then by lower-case currency. The
 * platform stands under its own id.
 */
interface SimulatorBooks {
  readonly accounts: ByCurrency<{ readonly available: number; readonly pending: number }>
  /** Refunds that Stripe has taken on and not paid yet: in our books the customer has them. */
  readonly promised: ByCurrency<number>
}

interface Kept {
  readonly currency: string
  readonly place: string
  readonly amount: bigint
}

/**
 * The auditor's own reading of the ledger, by plain SQL: every currency's trial balance is zero, and
 * what the books say is at the sellers, at the tax account and on the platform is there, fees too.
 * Call it when nothing is under way and the provider's books have been read. A movement that waits
 * for a person has moved nothing, or is a defect. Returns what does not hold.
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
        BigInt(available) + BigInt(pending) - BigInt(books.promised[account]?.[currency] ?? 0),
      ]),
    ),
  )
  const names = new Set([...kept.keys(), ...there.keys()])
  const differing = [...names]
    .filter(name => (kept.get(name) ?? 0n) !== (there.get(name) ?? 0n))
    .map(
      name => `balance of ${name}: ${there.get(name) ?? 0n} there, ${kept.get(name) ?? 0n} booked`,
    )
  return [...(await unbalanced(queries, environmentId)), ...differing]
}

/** Postings that do not add up to zero. */
export async function unbalanced(queries: Queries, environmentId: string): Promise<string[]> {
  const { rows } = await sql<{ posting_key: string; total: string }>`
    select posting_key, sum(amount)::text as total from ledger_entries
    where environment_id = ${environmentId}
    group by posting_key, currency having sum(amount) <> 0`.execute(queries)
  return rows.map(row => `the posting ${row.posting_key} adds up to ${row.total}`)
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

/**
 * Purchases that are over: each order that was not given up has its transfer, and no movement
 * and no dispute is open. Without those with a refund that came back after it was called done: what becomes of that money is for a person.
 */
export async function settledPurchases(
  queries: Queries,
  environmentId: string,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ purchase_id: string }>`
    select purchase_id from movements
    where environment_id = ${environmentId} and purchase_id is not null
    group by purchase_id
    having bool_and(status in ('succeeded', 'canceled'))
      and not bool_or(kind = 'return' and account is null)
      and not exists (
        select from disputes d
        where d.environment_id = ${environmentId} and d.open and d.payment_id in (
          select p.id from payments p
          where p.environment_id = ${environmentId} and p.purchase_id = movements.purchase_id
        )
      )
      and not exists (
        select from orders o
        where o.environment_id = ${environmentId} and o.purchase_id = movements.purchase_id
          and o.state not in ('REFUSED', 'CANCELED')
          and not exists (
            select from movements t
            where t.environment_id = o.environment_id and t.order_id = o.id and t.kind = 'transfer'
          )
      )`.execute(queries)
  return new Set(rows.map(row => row.purchase_id))
}

/** Escrows of purchases that are over and not at zero, as problems. */
export async function leftInEscrow(queries: Queries, environmentId: string): Promise<string[]> {
  const settled = await settledPurchases(queries, environmentId)
  const escrows = await openEscrows(queries, environmentId)
  return Object.entries(escrows)
    .filter(([purchase]) => settled.has(purchase))
    .map(([purchase, amount]) => `the escrow of ${purchase} holds ${amount}`)
}
