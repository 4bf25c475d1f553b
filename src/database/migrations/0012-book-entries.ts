import { type Kysely, sql } from 'kysely'

/** The lines of the providers' own books, each with what it belongs to. */
const statements = [
  `create table book_entries (
    environment_id text not null references environments,
    provider text not null,
    id text not null,
    account text,
    kind text not null,
    at timestamptz not null,
    available_at timestamptz not null,
    amount bigint not null,
    fee bigint not null,
    net bigint not null,
    -- What the provider kept for itself and is booked from this line.
    cost bigint not null,
    currency text not null,
    source_id text,
    exchange_rate text,
    -- The movement that the object's metadata names; it need not be one of this environment.
    named text,
    movement_id text,
    payment_id text,
    dispute_id text,
    fee_movement_id text,
    -- Has nobody decided yet what it is?
    open boolean not null,
    remark text,
    read_at timestamptz not null,
    primary key (environment_id, provider, id)
  )`,
  'create index book_entries_source on book_entries (environment_id, source_id)',
  'create index book_entries_at on book_entries (environment_id, at)',
  'create index book_entries_open on book_entries (environment_id, at) where open',
  `create index book_entries_unmatched on book_entries (environment_id, at)
    where movement_id is null and payment_id is null and dispute_id is null`,
  `create index book_entries_costs on book_entries (environment_id, at)
    where cost <> 0 and fee_movement_id is null`,
  'create index book_entries_payment on book_entries (environment_id, payment_id)',
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
