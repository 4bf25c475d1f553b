import { type Kysely, sql } from 'kysely'

/**
 * Payments that settle in another currency than they were made in: what they brought, and of each
 * movement the amount in the order's own currency beside the one that moves.
 */
const statements = [
  `alter table payments
    add settled_amount bigint,
    add settled_currency text,
    add check ((settled_amount is null) = (settled_currency is null))`,
  `alter table movements
    add original_amount bigint,
    add original_currency text,
    add check ((original_amount is null) = (original_currency is null))`,
  `create index movements_converted on movements (environment_id, seller_id, original_currency)
    where original_currency is not null`,
  // What a final cycle holds (TL02): read once, as the marketplace lets it be read 60 times an hour.
  'alter table cycles add contents jsonb',
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
