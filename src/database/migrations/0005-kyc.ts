import { type Kysely, sql } from 'kysely'

/** What the provider asks of a seller's account, by when, what it refused; and when it was mapped. */
const statements = [
  `alter table accounts
    add column requirement_problems jsonb not null default '[]',
    add column current_deadline timestamptz,
    add column future_due jsonb not null default '[]',
    add column future_deadline timestamptz`,
  'alter table sellers add column mapped_at timestamptz',
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
