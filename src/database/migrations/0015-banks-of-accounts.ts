import { type Kysely, sql } from 'kysely'

/** Where an account is paid out to: currency -> the provider's id of the bank. Null: not read yet. */
const statements = ['alter table accounts add column banks jsonb']

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
