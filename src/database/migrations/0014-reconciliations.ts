import { type Kysely, sql } from 'kysely'

/** Comparisons of Tributary with the marketplace and the provider, and what they found. */
const statements = [
  `create table reconciliations (
    environment_id text not null references environments,
    id text not null,
    since timestamptz not null,
    -- What is younger was not judged.
    until timestamptz not null,
    -- Where one that was broken off goes on: the step, and the last row of it that was judged.
    step text not null,
    position text not null,
    judged bigint not null,
    actor text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    primary key (environment_id, id)
  )`,
  'create index reconciliations_by_start on reconciliations (environment_id, started_at desc)',
  `create table differences (
    environment_id text not null references environments,
    id text not null,
    key text not null,
    cause text not null,
    currency text,
    amount_here bigint,
    amount_there bigint,
    state_here text,
    state_there text,
    movement_id text,
    payment_id text,
    order_id text,
    refund_id text,
    cycle_id text,
    seller_id text,
    provider_id text,
    book_entry_id text,
    account text,
    happened_at timestamptz not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    reconciliation_id text not null,
    closed_at timestamptz,
    accepted_at timestamptz,
    accepted_by text,
    note text,
    primary key (environment_id, id),
    unique (environment_id, key)
  )`,
  `create index differences_open on differences (environment_id, happened_at, id)
    where closed_at is null`,
  `create index book_entries_movement on book_entries (environment_id, movement_id)
    where movement_id is not null`,
  `create index book_entries_fee on book_entries (environment_id, fee_movement_id)
    where fee_movement_id is not null`,
  'create index book_entries_account on book_entries (environment_id, account, at)',
  `create index ledger_entries_movement on ledger_entries (environment_id, movement_id)
    where movement_id is not null`,
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
