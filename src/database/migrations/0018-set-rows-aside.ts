import { type Kysely, sql } from 'kysely'

const statements = [
  'alter table set_aside drop constraint set_aside_kind_check',
  `alter table set_aside add constraint set_aside_kind_check check (kind in
    ('order', 'seller', 'debit', 'cycle', 'refund', 'payment', 'dispute', 'book_entry'))`,
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
