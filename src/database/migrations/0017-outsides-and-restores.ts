import { type Kysely, sql } from 'kysely'

const statements = [
  // A database that was restored from a backup does not know what moved since.
  `alter table environments
    add column restored_from timestamptz,
    add column restored_at timestamptz,
    add column restore_checked_at timestamptz`,
  // What the programs last saw of the outside world; a row is for people, nothing is decided by it.
  `create table outsides (
    environment_id text not null references environments (id),
    name text not null,
    state text not null check (state in ('closed', 'open', 'half_open')),
    failures int not null,
    problem text,
    opened_at timestamptz,
    next_try_at timestamptz,
    milliseconds int,
    seen_at timestamptz not null,
    primary key (environment_id, name)
  )`,
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
