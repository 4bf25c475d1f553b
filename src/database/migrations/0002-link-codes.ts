import { type Kysely, sql } from 'kysely'

/** One-time codes in front of a seller's link; at most one is good per seller. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create table link_codes (
        environment_id text not null references environments,
        seller_id text not null,
        code_hash text not null,
        made_at timestamptz not null,
        expires_at timestamptz not null,
        tries integer not null default 0,
        primary key (environment_id, seller_id)
      )`,
    )
    .execute(db)
}
