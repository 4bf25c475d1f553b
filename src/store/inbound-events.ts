import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Json } from '../domain/json.ts'
import { storableJson, storableText } from '../domain/storable.ts'

export type EventStatus = 'stored' | 'applied' | 'ignored' | 'refused' | 'failed'

export interface InboundEvent {
  readonly provider: string
  readonly id: string
  readonly type: string
  readonly account: string | null
  readonly live: boolean
  readonly body: Json
  readonly createdAt: Date
}

/** Stores an event once; a duplicate delivery is answered and forgotten. True: it is new. */
export async function storeEvent(
  queries: Queries,
  environmentId: string,
  event: InboundEvent,
  receivedAt: Date,
): Promise<boolean> {
  const result = await queries
    .insertInto('inbound_events')
    .values({
      environment_id: environmentId,
      provider: event.provider,
      id: event.id,
      type: event.type,
      account: event.account,
      live: event.live,
      status: 'stored',
      body: JSON.stringify(storableJson(event.body)),
      created_at: event.createdAt,
      received_at: receivedAt,
    })
    .onConflict(conflict => conflict.columns(['environment_id', 'provider', 'id']).doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Events that are stored and not applied, oldest first; failed ones up to `triesMax` times. */
export async function openEvents(
  queries: Queries,
  environmentId: string,
  limit: number,
  triesMax: number,
): Promise<{ id: string; provider: string; body: Json }[]> {
  const rows = await queries
    .selectFrom('inbound_events')
    .select(['id', 'provider', 'body'])
    .where('environment_id', '=', environmentId)
    .where('status', 'in', ['stored', 'failed'])
    .where('tries', '<', triesMax)
    .orderBy('created_at')
    .orderBy('received_at')
    .limit(limit)
    .execute()
  return rows.map(row => ({ id: row.id, provider: row.provider, body: row.body as Json }))
}

export async function settleEvent(
  queries: Queries,
  environmentId: string,
  provider: string,
  id: string,
  result: { status: EventStatus; reason: string | null },
  at: Date,
): Promise<void> {
  await queries
    .updateTable('inbound_events')
    .set({
      status: result.status,
      reason: result.reason === null ? null : storableText(result.reason),
      applied_at: at,
      tries: sql<number>`tries + 1`,
    })
    .where('environment_id', '=', environmentId)
    .where('provider', '=', provider)
    .where('id', '=', id)
    .where('status', 'in', ['stored', 'failed'])
    .execute()
}

/** How many events are stored and not applied yet, those that failed among them. */
export async function countOpenEvents(queries: Queries, environmentId: string): Promise<number> {
  const row = await queries
    .selectFrom('inbound_events')
    .select(({ fn }) => fn.countAll<bigint>().as('count'))
    .where('environment_id', '=', environmentId)
    .where('status', 'in', ['stored', 'failed'])
    .executeTakeFirstOrThrow()
  return Number(row.count)
}
