import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import { type BookEntry, costOf, returnKinds } from '../domain/book-entry.ts'

/** A line of the provider's books as it is stored. */
export interface StoredEntry {
  readonly id: string
  readonly account: string | null
  readonly kind: string
  readonly sourceId: string | null
}

/** Lines by their ids, or all since a moment. */
type Which = { readonly ids: readonly string[] } | { readonly since: Date }

/** A line that is to be stored. */
export interface ReadEntry {
  readonly entry: BookEntry
  /** The movement that the metadata of its object names; null: none. */
  readonly named: string | null
}

/** Lines never change: one that is stored already stays as it is. Returns how many are new. */
export async function saveBookEntries(
  queries: Queries,
  environmentId: string,
  provider: string,
  lines: readonly ReadEntry[],
  now: Date,
): Promise<number> {
  if (lines.length === 0) return 0
  const result = await queries
    .insertInto('book_entries')
    .values(
      lines.map(({ entry, named }) => ({
        environment_id: environmentId,
        provider,
        id: entry.id,
        account: entry.account,
        kind: entry.kind,
        at: entry.at,
        available_at: entry.availableAt,
        amount: entry.amount,
        fee: entry.fee,
        net: entry.net,
        cost: costOf(entry),
        currency: entry.currency,
        source_id: entry.sourceId,
        exchange_rate: entry.exchangeRate,
        named,
        // Fees are booked by the day, and what is `other` is nobody's here: both are not looked into.
        open: entry.kind !== 'other' && entry.kind !== 'provider_fee',
        read_at: now,
      })),
    )
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0n)
}

/**
 * Finds what unmatched lines belong to: a movement by its provider's id or by the
 * metadata, a payment by its charge, a dispute. A line is open no more once it is found, unless its
 * movement is still under way: then the line knows more than we do.
 */
export async function matchBookEntries(
  queries: Queries,
  environmentId: string,
  which: Which,
): Promise<void> {
  for (const match of [matchMovements, matchReturns, matchCharges, matchDisputes]) {
    await match(environmentId, which).execute(queries)
  }
}

/** The lines that are looked at: `e`, of this environment, unmatched. */
function unmatched(environmentId: string, which: Which) {
  const those =
    'ids' in which ? sql`e.id = any(${[...which.ids]}::text[])` : sql`e.at >= ${which.since}`
  return sql`e.environment_id = ${environmentId} and ${those}
    and e.movement_id is null and e.payment_id is null and e.dispute_id is null`
}

const returns = sql.join(returnKinds.map(kind => sql.lit(kind)))

function matchMovements(environmentId: string, which: Which) {
  return sql`update book_entries e
    set movement_id = m.id, open = m.status in ('submitted', 'accepted')
    from movements m
    where ${unmatched(environmentId, which)}
      and e.kind not in (${returns}, 'charge', 'dispute', 'provider_fee')
      and m.environment_id = e.environment_id and m.kind <> 'return' and m.provider = e.provider
      and (m.provider_id = e.source_id or m.id = e.named)
      and (e.account is null or m.account = e.account)`
}

/**
 * What came back after it was called done is a movement of its own; what never was called done has
 * failed, or was an earlier attempt of a movement that went on.
 */
function matchReturns(environmentId: string, which: Which) {
  return sql`update book_entries e
    set movement_id = m.id, open = false
    from movements m
    where ${unmatched(environmentId, which)} and e.kind in (${returns})
      and m.environment_id = e.environment_id and m.provider = e.provider
      and (e.account is null or m.account = e.account)
      and ((m.provider_id = e.source_id
          and (m.kind = 'return' or m.status in ('failed', 'canceled')))
        or (m.id = e.named and m.provider_id <> e.source_id))`
}

function matchCharges(environmentId: string, which: Which) {
  return sql`update book_entries e set payment_id = p.id, open = false
    from payments p
    where ${unmatched(environmentId, which)} and e.kind = 'charge' and e.account is null
      and p.environment_id = e.environment_id and p.provider = e.provider
      and p.charge_id = e.source_id and p.captured > 0`
}

/** A dispute's line is the source of the movement that it became. */
function matchDisputes(environmentId: string, which: Which) {
  return sql`update book_entries e
    set movement_id = m.id, dispute_id = e.source_id, open = false
    from movements m
    where ${unmatched(environmentId, which)} and e.kind = 'dispute'
      and m.environment_id = e.environment_id and m.source_type = 'provider'
      and m.source_id = e.id and m.kind in ('dispute_loss', 'dispute_win')`
}

/** The lines that are open since a moment, the oldest first. */
export async function openBookEntries(
  queries: Queries,
  environmentId: string,
  query: { since: Date; account: string | null; limit: number },
): Promise<StoredEntry[]> {
  const rows = await queries
    .selectFrom('book_entries')
    .select(['id', 'account', 'kind', 'source_id'])
    .where('environment_id', '=', environmentId)
    .where('open', '=', true)
    .where('at', '>=', query.since)
    .where('account', 'is not distinct from', query.account)
    .orderBy('at')
    .orderBy(sql`amount > 0`)
    .orderBy('id')
    .limit(query.limit)
    .execute()
  return rows.map(row => ({
    id: row.id,
    account: row.account,
    kind: row.kind,
    sourceId: row.source_id,
  }))
}

/** It has been looked into. @param remark why nothing came of it, for people; null: something did */
export async function closeBookEntry(
  queries: Queries,
  environmentId: string,
  id: string,
  remark: string | null,
): Promise<void> {
  await queries
    .updateTable('book_entries')
    .set({ open: false, remark })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

/** Which of these lines are open. */
export async function openOf(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await queries
    .selectFrom('book_entries')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', 'in', [...ids])
    .where('open', '=', true)
    .execute()
  return new Set(rows.map(row => row.id))
}
