import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'

/** Names of the checkpoints of the books: the platform's, and each account's behind a colon. */
export const booksCheckpoint = 'books'

/**
 * Accounts whose own books should be read: first those that were paid out since a moment, or whose
 * payout waits because the balance is not what was expected, then all others in turn. Among equals
 * those that were read longest ago come first, so that everybody's turn comes.
 */
export async function accountsToRead(
  queries: Queries,
  environmentId: string,
  query: { since: Date; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with wanted as (
      select distinct m.account as id from movements m
      where m.environment_id = ${environmentId} and m.account is not null
        and ((m.kind in ('payout', 'return', 'collection') and m.created_at >= ${query.since})
          or (m.kind = 'payout' and m.status = 'on_hold'
            and m.reason in ('balance_short', 'balance_pending')))
    )
    select a.id from accounts a
    left join wanted w on w.id = a.id
    left join checkpoints c on c.environment_id = ${environmentId}
      and c.name = ${`${booksCheckpoint}:`} || a.id
    where a.environment_id = ${environmentId} and a.standing <> 'lost'
    order by w.id is null, c.updated_at nulls first, a.id
    limit ${query.limit}`.execute(queries)
  return rows.map(row => row.id)
}
