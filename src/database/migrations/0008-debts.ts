import { type Kysely, sql } from 'kysely'

/**
 * What sellers owe that the marketplace does not know of, and by how much payouts were less than
 * their cycles. Entries are only ever added: what is open is the original less its entries.
 */
const statements = [
  `create table debts (
    environment_id text not null references environments,
    id text not null,
    seller_id text not null,
    currency text not null,
    source_type text not null check (source_type in ('dispute', 'cycle')),
    source_id text not null,
    part text not null,
    original bigint not null check (original > 0),
    collectable bigint not null check (collectable between 0 and original),
    reason text not null,
    purchase_id text,
    facts jsonb not null,
    created_at timestamptz not null,
    primary key (environment_id, id),
    unique (environment_id, source_type, source_id, part)
  )`,
  'create index debts_of_seller on debts (environment_id, seller_id, currency, created_at)',
  `create table debt_entries (
    environment_id text not null,
    debt_id text not null,
    number bigint generated always as identity,
    kind text not null check (kind in ('written', 'set_off', 'written_off', 'given_up')),
    amount bigint not null check (amount > 0),
    movement_id text,
    cycle_id text,
    actor text not null,
    note text,
    at timestamptz not null,
    primary key (environment_id, debt_id, number),
    foreign key (environment_id, debt_id) references debts,
    check (kind <> 'set_off' or cycle_id is not null),
    check (kind <> 'written_off' or note is not null)
  )`,
  `create unique index debt_entries_movement on debt_entries (environment_id, movement_id)
    where movement_id is not null`,
  'create index debt_entries_cycle on debt_entries (environment_id, cycle_id)',
  `create table withholdings (
    environment_id text not null references environments,
    cycle_id text not null,
    number bigint generated always as identity,
    seller_id text not null,
    currency text not null,
    amount bigint not null check (amount <> 0),
    at timestamptz not null,
    primary key (environment_id, cycle_id, number)
  )`,
  'create index withholdings_of_seller on withholdings (environment_id, seller_id, currency)',
  `create function refuse_change() returns trigger language plpgsql as
    $$ begin raise exception '% is only ever added to', tg_table_name; end $$`,
  `create trigger debt_entries_only_added before update or delete on debt_entries
    for each row execute function refuse_change()`,
  `create trigger withholdings_only_added before update or delete on withholdings
    for each row execute function refuse_change()`,
  `create index movements_of_debts on movements (environment_id, source_id)
    where source_type = 'debt'`,
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
