import { type Kysely, sql } from 'kysely'

/**
 * The ledger: entries are added and never changed, which a trigger enforces. `payments.booked` is
 * what of `captured` the ledger has.
 */
const statements = [
  `create table ledger_entries (
    environment_id text not null references environments,
    number bigint generated always as identity,
    posting_key text not null,
    at timestamptz not null,
    event text not null,
    provider text not null,
    currency text not null,
    account text not null,
    amount bigint not null check (amount <> 0),
    movement_id text,
    payment_id text,
    order_id text,
    purchase_id text,
    seller_id text,
    cycle_id text,
    primary key (environment_id, number)
  )`,
  `create unique index ledger_entries_once
    on ledger_entries (environment_id, posting_key, account)`,
  `create index ledger_entries_account
    on ledger_entries (environment_id, account, number) include (currency, amount)`,
  `create index ledger_entries_order on ledger_entries (environment_id, order_id, number)
    where order_id is not null`,
  `create index ledger_entries_purchase on ledger_entries (environment_id, purchase_id, number)
    where purchase_id is not null`,
  `create function refuse_ledger_change() returns trigger language plpgsql as $$
    begin
      raise exception 'ledger entries are added, never changed';
    end $$`,
  `create trigger ledger_entries_stay before update or delete or truncate on ledger_entries
    for each statement execute function refuse_ledger_change()`,
  'alter table payments add column booked bigint not null default 0',
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
