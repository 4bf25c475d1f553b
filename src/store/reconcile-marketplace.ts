import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Order } from '../domain/order.ts'
import type { CycleFacts } from '../domain/reconcile-cycle.ts'
import type { RefundSide } from '../domain/reconcile-order.ts'
import { cycleOf } from './cycles.ts'
import { decodeBody } from './json-body.ts'
import { movementOf } from './movement-rows.ts'
import type { Stretch } from './reconcile-movements.ts'

/** An order with what was told of it and what is known of its refunds. */
export interface OrderSides {
  readonly order: Order
  readonly debitToldAt: Date | null
  readonly refunds: ReadonlyMap<string, RefundSide>
}

/** A batch of orders that changed in a stretch, or of which something was told in it. */
export async function ordersToJudge(
  queries: Queries,
  environmentId: string,
  { since, after, limit, startDate }: Stretch & { readonly startDate: Date | null },
): Promise<OrderSides[]> {
  const { rows } = await sql<{ id: string; body: unknown; told_at: Date | null }>`
    select o.id, o.body, c.told_at from orders o
    left join lateral (
      select max(c.updated_at) as told_at from confirmations c
      where c.environment_id = o.environment_id and c.order_id = o.id and c.kind = 'debit'
        and c.status = 'succeeded' and c.says = 'paid' and c.reason is null
    ) c on true
    where o.environment_id = ${environmentId} and o.id > ${after}
      and (${startDate}::timestamptz is null or o.created_at >= ${startDate})
      and (o.updated_at >= ${since} or exists (
        select 1 from confirmations f where f.environment_id = o.environment_id
          and f.order_id = o.id and f.updated_at >= ${since}))
    order by o.id limit ${limit}`.execute(queries)
  const orders = rows.map(row => ({
    order: decodeBody<Order>(row.body),
    debitToldAt: row.told_at,
  }))
  const ids = orders.flatMap(({ order }) =>
    order.lines.flatMap(line => line.refunds.map(refund => refund.id)),
  )
  const refunds = await refundSides(queries, environmentId, ids)
  return orders.map(each => ({ ...each, refunds }))
}

/** What is known of these refunds: of each the newest movement, and what it came from. */
async function refundSides(queries: Queries, environmentId: string, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, RefundSide>()
  const { rows } = await sql<{
    refund_id: string
    id: string | null
    status: string | null
    amount: bigint | null
    provider_id: string | null
    returned: boolean
    released_by: string | null
    asked: bigint | null
    told_at: Date | null
  }>`
    select wanted.id as refund_id, m.id, m.status, m.amount, m.provider_id, r.released_by,
      r.amount as asked, c.told_at,
      exists (select 1 from movements b where b.environment_id = ${environmentId}
        and b.kind = 'return' and b.source_type = 'movement' and b.source_id = m.id) as returned
    from unnest(${[...ids]}::text[]) as wanted (id)
    left join lateral (
      select id, status, amount, provider_id from movements
      where environment_id = ${environmentId} and kind = 'refund' and source_type = 'refund'
        and source_id = wanted.id
      order by sequence desc limit 1
    ) m on true
    left join marketplace_refunds r on r.environment_id = ${environmentId} and r.id = wanted.id
    left join lateral (
      select max(updated_at) as told_at from confirmations
      where environment_id = ${environmentId} and kind = 'refund' and target_id = wanted.id
        and status = 'succeeded' and says = 'paid' and reason is null
    ) c on true`.execute(queries)
  return new Map(
    rows.map(row => [
      row.refund_id,
      {
        movementId: row.id,
        status: row.status,
        amount: row.amount,
        providerId: row.provider_id,
        returned: row.returned,
        released: row.released_by !== null,
        asked: row.asked,
        toldAt: row.told_at,
      },
    ]),
  )
}

type CycleSides = Pick<CycleFacts, 'cycle' | 'payouts' | 'returned' | 'toldAt'>

/**
 * A batch of cycles that the marketplace showed after `readSince`: what was stored earlier may have
 * been paid since.
 */
export async function cyclesToJudge(
  queries: Queries,
  environmentId: string,
  {
    since,
    until,
    after,
    limit,
    startDate,
    readSince,
  }: Stretch & { readonly startDate: Date | null; readonly readSince: Date },
): Promise<CycleSides[]> {
  let select = queries
    .selectFrom('cycles')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '>', after)
    .where('created_at', '>=', since)
    .where('created_at', '<', until)
    .where('stored_at', '>=', readSince)
    .orderBy('id')
    .limit(limit)
  if (startDate !== null) select = select.where('created_at', '>=', startDate)
  const cycles = (await select.execute()).map(cycleOf)
  if (cycles.length === 0) return []
  const ids = cycles.map(cycle => cycle.id)
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('kind', 'in', ['payout', 'return'])
    .where('cycle_id', 'in', ids)
    .orderBy('sequence')
    .execute()
  const movements = rows.map(movementOf)
  const returned = new Set(
    movements.filter(each => each.kind === 'return').map(each => each.source.id),
  )
  const told = await toldCycles(queries, environmentId, ids)
  return cycles.map(cycle => ({
    cycle,
    payouts: movements.filter(each => each.kind === 'payout' && each.parties.cycleId === cycle.id),
    returned,
    toldAt: told.get(cycle.id) ?? null,
  }))
}

async function toldCycles(queries: Queries, environmentId: string, ids: readonly string[]) {
  const rows = await queries
    .selectFrom('confirmations')
    .select(({ fn }) => ['target_id', fn.max('updated_at').as('at')])
    .where('environment_id', '=', environmentId)
    .where('kind', '=', 'cycle')
    .where('target_id', 'in', [...ids])
    .where('status', '=', 'succeeded')
    .where('says', '=', 'paid')
    .where('reason', 'is', null)
    .groupBy('target_id')
    .execute()
  return new Map(rows.map(row => [row.target_id, row.at]))
}
