import { createHash } from 'node:crypto'
import type { Queries } from '../database/connection.ts'
import type { Json } from '../domain/json.ts'
import { idMax, storableJson, storableText } from '../domain/storable.ts'
import { unacknowledged } from './acknowledgements.ts'

export type SetAsideKind =
  'order' | 'seller' | 'debit' | 'cycle' | 'refund' | 'payment' | 'dispute' | 'book_entry'

/** An object of the marketplace or the provider that could not be read; the rest of its page went on. */
export interface Unreadable {
  readonly kind: SetAsideKind
  readonly id: string
  readonly purchaseId?: string | undefined
  readonly field: string
  readonly problem: string
  readonly raw: Json
}

export async function setAside(
  queries: Queries,
  environmentId: string,
  unreadable: readonly Unreadable[],
  now: Date,
): Promise<void> {
  for (const each of unreadable) {
    const raw = JSON.stringify(storableJson(each.raw))
    const changed = {
      purchase_id: each.purchaseId === undefined ? null : kept(each.purchaseId),
      field: storableText(each.field),
      problem: storableText(each.problem),
      raw,
      seen_at: now,
    }
    await queries
      .insertInto('set_aside')
      .values({
        environment_id: environmentId,
        kind: each.kind,
        id: each.id === '' ? nameless(raw) : kept(each.id),
        since: now,
        ...changed,
      })
      .onConflict(conflict =>
        conflict.columns(['environment_id', 'kind', 'id']).doUpdateSet(changed),
      )
      .execute()
  }
}

function kept(id: string): string {
  return storableText(id.slice(0, idMax))
}

/** A name for what has none: two of them are two rows, and the same one is found again. */
function nameless(raw: string): string {
  return `nameless-${createHash('sha256').update(raw).digest('hex').slice(0, 12)}`
}

/** The object was read after all: it is not set aside any more. */
export async function takeBack(
  queries: Queries,
  environmentId: string,
  kind: SetAsideKind,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  await queries
    .deleteFrom('set_aside')
    .where('environment_id', '=', environmentId)
    .where('kind', '=', kind)
    .where('id', 'in', [...ids])
    .execute()
}

export interface SetAsideRow {
  readonly id: string
  readonly purchaseId: string | null
  readonly field: string
  readonly problem: string
}

/** Which of these objects cannot be read now, by id or (orders) by purchase. */
export async function setAsideOf(
  queries: Queries,
  environmentId: string,
  kind: SetAsideKind,
  by: { ids: readonly string[] } | { purchaseIds: readonly string[] },
): Promise<Map<string, SetAsideRow>> {
  const values = 'ids' in by ? by.ids : by.purchaseIds
  if (values.length === 0) return new Map()
  const rows = await queries
    .selectFrom('set_aside')
    .select(['id', 'purchase_id', 'field', 'problem'])
    .where('environment_id', '=', environmentId)
    .where('kind', '=', kind)
    .where('ids' in by ? 'id' : 'purchase_id', 'in', [...values])
    .execute()
  const found = rows.map(row => ({
    id: row.id,
    purchaseId: row.purchase_id,
    field: row.field,
    problem: row.problem,
  }))
  return new Map(found.map(row => ['ids' in by ? row.id : (row.purchaseId ?? ''), row]))
}

/** How many objects are set aside now, by kind. */
export async function countSetAside(queries: Queries, environmentId: string) {
  const rows = await queries
    .selectFrom('set_aside')
    .select(({ fn }) => ['kind', fn.countAll<bigint>().as('count')])
    .where('environment_id', '=', environmentId)
    .groupBy('kind')
    .execute()
  return Object.fromEntries(rows.map(row => [row.kind, Number(row.count)]))
}

/**
 * The objects that are set aside, newest first.
 * @param query.acknowledged with those that a person has taken note of
 */
export async function listSetAside(
  queries: Queries,
  environmentId: string,
  query: { readonly limit: number; readonly acknowledged: boolean },
) {
  let select = queries
    .selectFrom('set_aside')
    .select(['kind', 'id', 'field', 'problem', 'since'])
    .where('environment_id', '=', environmentId)
  if (!query.acknowledged) select = select.where(unacknowledged('unreadable'))
  return select.orderBy('since', 'desc').orderBy('id').limit(query.limit).execute()
}
