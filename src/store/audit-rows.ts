import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import type { Order } from '../domain/order.ts'
import type { Cycle } from '../domain/settlement.ts'
import { cycleOf } from './cycles.ts'
import { decodeBody } from './json-body.ts'
import { movementOf } from './movement-rows.ts'

/** What the check of history reads, page by page. */

export interface SincePage {
  /** Orders and cycles that were made from this moment on. */
  readonly since: Date
  /** Behind this id. */
  readonly after: string
  readonly limit: number
}

export async function ordersSince(
  queries: Queries,
  environmentId: string,
  { since, after, limit }: SincePage,
): Promise<Order[]> {
  const rows = await queries
    .selectFrom('orders')
    .select('body')
    .where('environment_id', '=', environmentId)
    .where('created_at', '>=', since)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(row => decodeBody<Order>(row.body))
}

export async function cyclesSince(
  queries: Queries,
  environmentId: string,
  { since, after, limit }: SincePage,
): Promise<{ readonly cycle: Cycle; readonly open: boolean }[]> {
  const rows = await queries
    .selectFrom('cycles')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('created_at', '>=', since)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(row => ({ cycle: cycleOf(row), open: row.open }))
}

/** How many orders and cycles were made since, for the progress bar. */
export async function countSince(
  queries: Queries,
  environmentId: string,
  since: Date,
): Promise<{ orders: number; cycles: number }> {
  const count = async (table: 'orders' | 'cycles') => {
    const row = await queries
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<bigint>().as('count'))
      .where('environment_id', '=', environmentId)
      .where('created_at', '>=', since)
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }
  return { orders: await count('orders'), cycles: await count('cycles') }
}

/** Of these refunds, those with something left to do. */
export async function refundsStillOpen(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await queries
    .selectFrom('marketplace_refunds')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...ids])
    .where('open', '=', true)
    .execute()
  return new Set(rows.map(row => row.id))
}

/** What was moved by hand with the money of these purchases; the provider names no order. */
export async function movedByHand(
  queries: Queries,
  environmentId: string,
  purchaseIds: readonly string[],
): Promise<Movement[]> {
  if (purchaseIds.length === 0) return []
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('purchase_id', 'in', [...purchaseIds])
    .where('order_id', 'is', null)
    .where('origin', '=', 'observed')
    .where('kind', 'in', ['transfer', 'reversal'])
    .execute()
  return rows.map(movementOf)
}

/** What the payouts of these cycles are less by (debts, disputes), in minor units by cycle. */
export async function cutsOfCycles(
  queries: Queries,
  environmentId: string,
  cycleIds: readonly string[],
): Promise<Map<string, bigint>> {
  if (cycleIds.length === 0) return new Map()
  const { rows } = await sql<{ cycle_id: string; cut: string }>`
    select cycle_id, sum(amount)::text as cut from (
      select cycle_id, amount from debt_entries
      where environment_id = ${environmentId} and kind = 'set_off'
        and cycle_id = any(${[...cycleIds]})
      union all
      select cycle_id, amount from withholdings
      where environment_id = ${environmentId} and cycle_id = any(${[...cycleIds]})
    ) cuts
    group by cycle_id`.execute(queries)
  return new Map(rows.map(row => [row.cycle_id, BigInt(row.cut)]))
}
