import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import { movementOf } from './movement-rows.ts'

export interface MovementQuery {
  readonly status?: string | undefined
  readonly kind?: string | undefined
  /** `planned` by us, or `observed`: somebody else moved it. */
  readonly origin?: string | undefined
  readonly sellerId?: string | undefined
  readonly orderId?: string | undefined
  readonly purchaseId?: string | undefined
  readonly cycleId?: string | undefined
  /** Read on behind this movement (newest first). */
  readonly before?: { readonly createdAt: Date; readonly id: string } | undefined
  readonly limit: number
}

/** Movements, newest first. */
export async function listMovements(
  queries: Queries,
  environmentId: string,
  query: MovementQuery,
): Promise<Movement[]> {
  let select = queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit)
  if (query.status !== undefined) select = select.where('status', '=', query.status)
  if (query.origin !== undefined) select = select.where('origin', '=', query.origin)
  if (query.kind !== undefined) select = select.where('kind', '=', query.kind)
  if (query.sellerId !== undefined) select = select.where('seller_id', '=', query.sellerId)
  if (query.orderId !== undefined) select = select.where('order_id', '=', query.orderId)
  if (query.purchaseId !== undefined) select = select.where('purchase_id', '=', query.purchaseId)
  if (query.cycleId !== undefined) select = select.where('cycle_id', '=', query.cycleId)
  const { before } = query
  if (before !== undefined) {
    select = select.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('created_at', 'id'), '<', tuple(before.createdAt, before.id)),
    )
  }
  return (await select.execute()).map(movementOf)
}

export async function movementById(
  queries: Queries,
  environmentId: string,
  id: string,
): Promise<Movement | null> {
  const row = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? null : movementOf(row)
}

/** Movements that the provider knows by this id; a capture and its void may share one. */
export async function movementsByProviderId(
  queries: Queries,
  environmentId: string,
  providerId: string,
): Promise<Movement[]> {
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('provider_id', '=', providerId)
    .execute()
  return rows.map(movementOf)
}

/** Every movement of these sources and kinds. */
export async function movementsOfSources(
  queries: Queries,
  environmentId: string,
  kinds: readonly string[],
  sourceIds: readonly string[],
): Promise<Movement[]> {
  if (sourceIds.length === 0) return []
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('kind', 'in', [...kinds])
    .where('source_id', 'in', [...sourceIds])
    .execute()
  return rows.map(movementOf)
}

/** Of these purchases, those of which some order has a movement. */
export async function purchasesMoved(
  queries: Queries,
  environmentId: string,
  purchaseIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (purchaseIds.length === 0) return new Set()
  const rows = await queries
    .selectFrom('movements')
    .select('purchase_id')
    .distinct()
    .where('environment_id', '=', environmentId)
    .where('purchase_id', 'in', [...purchaseIds])
    .where('order_id', 'is not', null)
    .execute()
  return new Set(rows.flatMap(row => row.purchase_id ?? []))
}

export interface StatusCount {
  readonly kind: string
  readonly status: string
  readonly currency: string
  readonly count: number
  /** Sum of what is owed, in minor units. */
  readonly amount: bigint
}

/** How many movements there are by kind, status and currency, and how much they owe. */
export async function countMovements(
  queries: Queries,
  environmentId: string,
): Promise<StatusCount[]> {
  const rows = await queries
    .selectFrom('movements')
    .select(({ fn }) => [
      'kind',
      'status',
      'currency',
      fn.countAll<bigint>().as('count'),
      fn.sum<string | null>('amount').as('amount'),
    ])
    .where('environment_id', '=', environmentId)
    .groupBy(['kind', 'status', 'currency'])
    .orderBy('kind')
    .orderBy('status')
    .orderBy('currency')
    .execute()
  return rows.map(row => ({
    kind: row.kind,
    status: row.status,
    currency: row.currency,
    count: Number(row.count),
    amount: BigInt(row.amount ?? '0'),
  }))
}

/** Holds by kind, reason and currency. */
export async function countHolds(queries: Queries, environmentId: string) {
  const rows = await queries
    .selectFrom('movements')
    .select(({ fn }) => [
      'kind',
      'reason',
      'currency',
      fn.countAll<bigint>().as('count'),
      fn.sum<string | null>('amount').as('amount'),
      fn.min('created_at').as('oldest'),
    ])
    .where('environment_id', '=', environmentId)
    .where('status', '=', 'on_hold')
    .groupBy(['kind', 'reason', 'currency'])
    .execute()
  return rows.map(row => ({
    kind: row.kind,
    reason: row.reason ?? '',
    currency: row.currency,
    count: Number(row.count),
    amount: BigInt(row.amount ?? '0'),
    oldest: row.oldest,
  }))
}

/**
 * What a seller's movements owed and could not express, in minor units: transfers and credits add,
 * collections and what was credited as a remainder take away. Whatever may have moved counts.
 */
export async function remainderOf(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  currency: string,
): Promise<bigint> {
  const rows = await queries
    .selectFrom('movements')
    .select(['kind', 'part', 'amount', 'sent_amount'])
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('currency', '=', currency)
    .where('kind', 'in', ['transfer', 'credit', 'collection'])
    .where('status', 'in', ['pending', 'submitted', 'accepted', 'succeeded', 'failed'])
    .where(({ eb, or, ref }) =>
      or([eb('amount', '<>', ref('sent_amount')), eb('part', '=', 'remainder')]),
    )
    .execute()
  return rows.reduce((total, row) => {
    const owed = row.amount ?? 0n
    const sent = row.sent_amount ?? 0n
    if (row.part === 'remainder') return total - sent
    return row.kind === 'collection' ? total - (owed - sent) : total + (owed - sent)
  }, 0n)
}
