import type { Queries } from '../database/connection.ts'
import type { Movement, MovementKind, SourceType } from '../domain/movement.ts'
import type { Order } from '../domain/order.ts'
import { movementOf } from './movement-rows.ts'

/** A movement, and what its order or cycle says of itself. */
export interface ListedMovement {
  readonly movement: Movement
  /** The whole number that outsiders know it by. */
  readonly number: number
  /** Of its order; null: it has none, or the order is not stored. */
  readonly domain: Order['domain'] | null
  /** When the marketplace made the order or the cycle. */
  readonly marketplaceAt: Date | null
}

export interface PageQuery {
  /** Which movements are of the list: pairs of a kind and the type of its source. */
  readonly of: readonly (readonly [MovementKind, SourceType])[]
  readonly sourceId?: string | undefined
  /** Only the movement of this number. */
  readonly number?: number | undefined
  readonly offset: number
  readonly limit: number
}

/** A page of movements, oldest first, so that later ones never shift a page; each has a number. */
export async function pageMovements(
  queries: Queries,
  environmentId: string,
  query: PageQuery,
): Promise<ListedMovement[]> {
  let select = queries
    .selectFrom('movements')
    .leftJoin('orders', join =>
      join
        .onRef('orders.environment_id', '=', 'movements.environment_id')
        .onRef('orders.id', '=', 'movements.order_id'),
    )
    .leftJoin('cycles', join =>
      join
        .onRef('cycles.environment_id', '=', 'movements.environment_id')
        .onRef('cycles.id', '=', 'movements.cycle_id'),
    )
    .selectAll('movements')
    .select(['orders.domain', 'orders.created_at as ordered_at', 'cycles.created_at as cycle_at'])
    .where('movements.environment_id', '=', environmentId)
    .where(({ eb, or }) =>
      or(query.of.map(([kind, type]) => eb.and({ kind, 'movements.source_type': type }))),
    )
    .orderBy('movements.created_at')
    .orderBy('movements.id')
    .offset(query.offset)
    .limit(query.limit)
  const { sourceId, number } = query
  if (sourceId !== undefined) select = select.where('source_id', '=', sourceId)
  if (number !== undefined) {
    select = select.where('movements.id', 'in', part =>
      part
        .selectFrom('movement_numbers')
        .select('movement_id')
        .where('movement_numbers.environment_id', '=', environmentId)
        .where('movement_numbers.number', '=', BigInt(number)),
    )
  }
  const rows = await select.execute()
  const numbers = await numbersOf(
    queries,
    environmentId,
    rows.map(row => row.id),
  )
  return rows.map(row => ({
    movement: movementOf(row),
    number: numbers.get(row.id) ?? 0,
    domain: row.domain as Order['domain'] | null,
    marketplaceAt: row.ordered_at ?? row.cycle_at,
  }))
}

/** Gives a number to each movement that has none, in their order, and returns all of them. */
async function numbersOf(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const stored = async () => {
    const rows = await queries
      .selectFrom('movement_numbers')
      .select(['movement_id', 'number'])
      .where('environment_id', '=', environmentId)
      .where('movement_id', 'in', [...ids])
      .execute()
    return new Map(rows.map(row => [row.movement_id, Number(row.number)]))
  }
  const known = await stored()
  const missing = ids.filter(id => !known.has(id))
  if (missing.length === 0) return known
  await queries
    .insertInto('movement_numbers')
    .values(missing.map(id => ({ environment_id: environmentId, movement_id: id })))
    .onConflict(conflict => conflict.doNothing())
    .execute()
  return stored()
}
