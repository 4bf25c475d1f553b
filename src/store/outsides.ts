import type { Queries } from '../database/connection.ts'

/** What a program last saw of one part of the outside world: for people, nothing is decided by it. */
export interface SeenOutside {
  /** `mirakl`, `stripe`, `mail`. */
  readonly name: string
  readonly state: 'closed' | 'open' | 'half_open'
  readonly failures: number
  readonly problem: string | null
  readonly openedAt: Date | null
  readonly nextTryAt: Date | null
  readonly milliseconds: number | null
  readonly seenAt: Date
}

/** Writes down what was seen; an older sight never replaces a newer one. */
export async function saveOutside(
  queries: Queries,
  environmentId: string,
  seen: SeenOutside,
): Promise<void> {
  const row = {
    state: seen.state,
    failures: seen.failures,
    problem: seen.problem,
    opened_at: seen.openedAt,
    next_try_at: seen.nextTryAt,
    milliseconds: seen.milliseconds,
    seen_at: seen.seenAt,
  }
  await queries
    .insertInto('outsides')
    .values({ environment_id: environmentId, name: seen.name, ...row })
    .onConflict(conflict =>
      conflict
        .columns(['environment_id', 'name'])
        .doUpdateSet(row)
        .whereRef('outsides.seen_at', '<=', 'excluded.seen_at'),
    )
    .execute()
}

/** Everything that was seen, by name. */
export async function listOutsides(
  queries: Queries,
  environmentId: string,
): Promise<SeenOutside[]> {
  const rows = await queries
    .selectFrom('outsides')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('name')
    .execute()
  return rows.map(row => ({
    name: row.name,
    state: row.state as SeenOutside['state'],
    failures: row.failures,
    problem: row.problem,
    openedAt: row.opened_at,
    nextTryAt: row.next_try_at,
    milliseconds: row.milliseconds,
    seenAt: row.seen_at,
  }))
}
