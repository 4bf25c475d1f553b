import { type Kysely, sql } from 'kysely'

/** What the provider asks of a seller's account, by when, and what it refused. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `alter table accounts
        add column requirement_problems jsonb not null default '[]',
        add column current_deadline timestamptz,
        add column future_due jsonb not null default '[]',
        add column future_deadline timestamptz`,
    )
    .execute(db)
}
