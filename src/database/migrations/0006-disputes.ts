import { type Kysely, sql } from 'kysely'

/** Disputes of customers' banks, with the deadline for evidence. */
const statements = [
  `create table disputes (
    environment_id text not null references environments,
    id text not null,
    provider text not null,
    charge_id text not null,
    payment_id text not null,
    purchase_id text,
    amount bigint not null,
    currency text not null,
    status text not null check (status in
      ('inquiry', 'inquiry_in_review', 'closed', 'needs_response', 'in_review', 'won', 'lost')),
    reason text not null,
    evidence_due timestamptz,
    body jsonb not null,
    open boolean not null default true,
    created_at timestamptz not null,
    told_at timestamptz not null,
    primary key (environment_id, id)
  )`,
  'create index disputes_open on disputes (environment_id, id) where open',
  `create index disputes_due on disputes (environment_id, evidence_due)
    where status in ('needs_response', 'inquiry')`,
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
