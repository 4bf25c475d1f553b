import { type Kysely, sql } from 'kysely'

/** When personal data was taken out of a stored payload; and what finds a customer's rows. */
const statements = [
  'alter table orders add redacted_at timestamptz',
  'alter table inbound_events add redacted_at timestamptz',
  'alter table notifications add redacted_at timestamptz',
  `create index orders_to_redact on orders (environment_id, stored_at) where redacted_at is null`,
  `create index inbound_events_to_redact on inbound_events (environment_id, received_at)
    where redacted_at is null`,
  `create index notifications_to_redact on notifications (environment_id, updated_at)
    where redacted_at is null`,
  `create index orders_customer on orders (environment_id, (body->>'customerId'))`,
  'create index debits_customer on debits (environment_id, customer_id)',
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
