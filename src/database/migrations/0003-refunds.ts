import { type Kysely, sql } from 'kysely'

/** Refunds that the marketplace asks for (PA12, SPA12), and what became of them. */
const statements = [
  `create table marketplace_refunds (
    environment_id text not null references environments,
    id text not null,
    domain text not null check (domain in ('product', 'service')),
    order_id text not null,
    line_id text,
    purchase_id text,
    seller_id text,
    amount bigint not null,
    currency text not null,
    share bigint,
    commission bigint,
    tax bigint not null,
    released_by text,
    seen_at timestamptz not null,
    open boolean not null default true,
    created_at timestamptz not null,
    primary key (environment_id, id)
  )`,
  'create index marketplace_refunds_open on marketplace_refunds (environment_id, id) where open',
  'create index marketplace_refunds_order on marketplace_refunds (environment_id, order_id)',
  'create index marketplace_refunds_purchase on marketplace_refunds (environment_id, purchase_id)',
  'alter table set_aside drop constraint set_aside_kind_check',
  `alter table set_aside add constraint set_aside_kind_check
    check (kind in ('order', 'seller', 'debit', 'cycle', 'refund'))`,
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
