import type { Queries } from '../database/connection.ts'
import type { Facts } from '../domain/json.ts'
import type { MovementStatus } from '../domain/lifecycle.ts'

/** One line of a movement's journal: who moved it, when, from where to where, and why. */
export interface JournalLine {
  readonly movementId: string
  readonly actor: string
  readonly from: MovementStatus | null
  readonly to: MovementStatus
  readonly reason: string | null
  readonly attempt: number
  readonly facts: Facts
}

/** Appends lines; they are never changed. Call it in the SQL transaction of the move itself. */
export async function appendJournal(
  queries: Queries,
  environmentId: string,
  lines: readonly JournalLine[],
  at: Date,
): Promise<void> {
  if (lines.length === 0) return
  await queries
    .insertInto('movement_journal')
    .values(
      lines.map(line => ({
        environment_id: environmentId,
        movement_id: line.movementId,
        at,
        actor: line.actor,
        from_status: line.from,
        to_status: line.to,
        reason: line.reason,
        attempt: line.attempt,
        facts: JSON.stringify(line.facts),
      })),
    )
    .execute()
}

/** The journal of one movement, oldest first. */
export async function journalOf(queries: Queries, environmentId: string, movementId: string) {
  return queries
    .selectFrom('movement_journal')
    .select(['at', 'actor', 'from_status', 'to_status', 'reason', 'attempt', 'facts'])
    .where('environment_id', '=', environmentId)
    .where('movement_id', '=', movementId)
    .orderBy('number')
    .limit(1000)
    .execute()
}
