import { type Kysely, sql } from 'kysely'

/** Whatever the daily mail names can be acknowledged. */
const statements = [
  'alter table acknowledgements drop constraint acknowledgements_subject_check',
  `alter table acknowledgements add constraint acknowledgements_subject_check check (subject in (
    'movement', 'confirmation', 'authorization', 'dispute', 'seller', 'unreadable', 'notification',
    'job', 'creation', 'balance'
  ))`,
]

/** @param db any Kysely: a migration names tables that later versions may have changed. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
