import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'

/** What the provider kept in one UTC day in one currency and is not booked yet. */
export interface UnbookedCost {
  /** `2026-11-02` */
  readonly day: string
  readonly currency: string
}

/** Days with costs that are not booked, before a moment; those that add up to nothing are left. */
export async function unbookedCosts(
  queries: Queries,
  environmentId: string,
  query: { account: string | null; before: Date },
): Promise<UnbookedCost[]> {
  const day = sql<string>`to_char(at at time zone 'UTC', 'YYYY-MM-DD')`
  const rows = await queries
    .selectFrom('book_entries')
    .select([day.as('day'), 'currency'])
    .where('environment_id', '=', environmentId)
    .where('account', 'is not distinct from', query.account)
    .where('at', '<', query.before)
    .where('cost', '<>', 0n)
    .where('fee_movement_id', 'is', null)
    .groupBy([day, 'currency'])
    .having(({ fn }) => fn.sum('cost'), '<>', 0)
    .orderBy(day)
    .orderBy('currency')
    .execute()
  return rows.map(row => ({ day: row.day, currency: row.currency }))
}

/**
 * Writes the movement that books them into the lines of a day and returns their sum, minor units,
 * and the first of them. A line is taken once, whoever else books at this moment.
 */
export async function takeCosts(
  queries: Queries,
  environmentId: string,
  of: UnbookedCost & { readonly account: string | null; readonly movementId: string },
): Promise<{ total: bigint; lines: number; first: string | null }> {
  const from = new Date(`${of.day}T00:00:00Z`)
  const until = new Date(from.getTime() + 24 * 3600 * 1000)
  const rows = await queries
    .with('taken', db =>
      db
        .updateTable('book_entries')
        .set(({ ref }) => ({
          fee_movement_id: of.movementId,
          movement_id: sql<string | null>`case when kind = 'provider_fee'
            then ${of.movementId} else ${ref('movement_id')} end`,
        }))
        .where('environment_id', '=', environmentId)
        .where('account', 'is not distinct from', of.account)
        .where('currency', '=', of.currency)
        .where('at', '>=', from)
        .where('at', '<', until)
        .where('cost', '<>', 0n)
        .where('fee_movement_id', 'is', null)
        .returning(['cost', 'id']),
    )
    .selectFrom('taken')
    .select(({ fn }) => [
      fn.sum<string | null>('cost').as('total'),
      fn.countAll<bigint>().as('lines'),
      fn.min('id').as('first'),
    ])
    .execute()
  const [row] = rows
  return {
    total: BigInt(row?.total ?? '0'),
    lines: Number(row?.lines ?? 0),
    first: row?.first ?? null,
  }
}
