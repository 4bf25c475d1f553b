import { type Kysely, sql } from 'kysely'

/** What was called done may come back: finished payouts and refunds have a next look of their own. */
const statements = [
  `update movements set next_look_at = updated_at + interval '1 day'
    where status = 'succeeded' and kind in ('payout', 'refund')
      and instruction is not null and provider_id is not null`,
  `create index movements_done_looks on movements (environment_id, next_look_at)
    where status = 'succeeded' and next_look_at is not null`,
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
