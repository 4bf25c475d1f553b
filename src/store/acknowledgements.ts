import { type RawBuilder, sql } from 'kysely'
import type { Queries } from '../database/connection.ts'

/** A person has taken note of something; the daily mail is silent about it from then on. */
export interface Acknowledgement {
  readonly subject: NotableSubject | 'balance'
  /** As the daily mail names it. */
  readonly id: string
  /** What was taken note of; for another reason it comes back. '' where there is none. */
  readonly reason: string
  readonly actor: string
}

interface Notable {
  readonly table: string
  readonly id: RawBuilder<string>
  /** What must be the same for the mail to stay silent. */
  readonly reason: RawBuilder<string>
  /** Rows that a daily mail may name. */
  readonly open: RawBuilder<boolean>
}

/** Everything that the daily mail names and that can stay: how its line is called, and its reason. */
const notable = {
  movement: {
    table: 'movements',
    id: sql`movements.id`,
    reason: sql`coalesce(movements.reason, '')`,
    open: sql`movements.status in ('failed', 'on_hold', 'submitted')`,
  },
  confirmation: {
    table: 'confirmations',
    id: sql`confirmations.kind || ':' || confirmations.target_id || ':' || confirmations.sequence`,
    // The marketplace's words: the code alone is the same for every refusal.
    reason: sql`coalesce(confirmations.message, confirmations.reason, '')`,
    open: sql`confirmations.status = 'failed'`,
  },
  authorization: {
    table: 'payments',
    id: sql`payments.id`,
    reason: sql`''`,
    open: sql`payments.status = 'authorized'`,
  },
  // An inquiry that becomes a dispute is news.
  dispute: {
    table: 'disputes',
    id: sql`disputes.id`,
    reason: sql`disputes.status`,
    open: sql`disputes.status in ('needs_response', 'inquiry')`,
  },
  seller: {
    table: 'accounts',
    id: sql`accounts.id`,
    // As a number: a moment's text depends on the time zone of the session.
    reason: sql`extract(epoch from accounts.current_deadline) || ' ' || accounts.currently_due`,
    open: sql`accounts.current_deadline is not null`,
  },
  unreadable: {
    table: 'set_aside',
    id: sql`set_aside.kind || ':' || set_aside.id`,
    reason: sql`set_aside.field || ': ' || set_aside.problem`,
    open: sql`true`,
  },
  notification: {
    table: 'notifications',
    id: sql`notifications.id`,
    reason: sql`''`,
    open: sql`notifications.status <> 'delivered'`,
  },
  job: {
    table: 'runs',
    id: sql`runs.job`,
    reason: sql`coalesce(runs.error, '')`,
    // Its last run that has ended: an earlier one that ended early has been made up for.
    open: sql`runs.error is not null and not exists (
      select 1 from runs as later
      where later.environment_id = runs.environment_id and later.job = runs.job
        and later.ended_at is not null
        and (later.started_at, later.id) > (runs.started_at, runs.id))`,
  },
  creation: {
    table: 'sellers',
    id: sql`'account:' || sellers.id`,
    reason: sql`coalesce(sellers.account_problem, '')`,
    open: sql`sellers.account_mend is not null and sellers.account_id is null and not sellers.ignored`,
  },
} as const satisfies Record<string, Notable>

export type NotableSubject = keyof typeof notable

/** True of a row of the subject's table that nobody has taken note of for its present reason. */
export function unacknowledged(subject: NotableSubject): RawBuilder<boolean> {
  const { table, id, reason } = notable[subject]
  return sql<boolean>`not exists (
    select 1 from acknowledgements
    where acknowledgements.environment_id = ${sql.ref(`${table}.environment_id`)}
      and acknowledgements.subject = ${subject}
      and acknowledgements.id = ${id}
      and acknowledgements.reason = ${reason})`
}

/** Is a row of the subject's table such that a daily mail names it? Some mails ask for more. */
export function isNotable(subject: NotableSubject): RawBuilder<boolean> {
  return sql<boolean>`(${notable[subject].open})`
}

/** What goes by this id in the daily mail and may still be named, with its present reason. */
export async function findNotable(
  queries: Queries,
  environmentId: string,
  id: string,
): Promise<Omit<Acknowledgement, 'actor'>[]> {
  const found: Omit<Acknowledgement, 'actor'>[] = []
  for (const subject of notableSubjects) {
    const own = notable[subject]
    const { rows } = await sql<{ reason: string }>`
      select ${own.reason} as reason from ${sql.table(own.table)}
      where ${sql.ref(`${own.table}.environment_id`)} = ${environmentId}
        and ${own.id} = ${id} and ${own.open}`.execute(queries)
    found.push(...rows.map(({ reason }) => ({ subject, id, reason })))
  }
  return found
}

const notableSubjects = Object.keys(notable) as NotableSubject[]

/** What was taken note of, by id; for subjects that are no rows of one table. */
export async function acknowledgedReasons(
  queries: Queries,
  environmentId: string,
  subject: Acknowledgement['subject'],
): Promise<Map<string, string>> {
  const rows = await queries
    .selectFrom('acknowledgements')
    .select(['id', 'reason'])
    .where('environment_id', '=', environmentId)
    .where('subject', '=', subject)
    .execute()
  return new Map(rows.map(({ id, reason }) => [id, reason]))
}

export async function saveAcknowledgement(
  queries: Queries,
  environmentId: string,
  { subject, id, reason, actor }: Acknowledgement,
  at: Date,
): Promise<void> {
  await queries
    .insertInto('acknowledgements')
    .values({ environment_id: environmentId, subject, id, reason, actor, at })
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'subject', 'id']).doUpdateSet({ reason, actor, at }),
    )
    .execute()
}
