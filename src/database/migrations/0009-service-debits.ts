import { type Kysely, sql } from 'kysely'

/** Debits of service orders stand beside those of product orders; the unpaid ones are found fast. */
const statements = [
  `alter table debits add column domain text not null default 'product'
    check (domain in ('product', 'service'))`,
  `create index orders_undebited_services on orders (environment_id, id)
    where domain = 'service' and debited_at is null`,
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
