import type { Queries } from '../database/connection.ts'
import type { Json } from '../domain/json.ts'

export type SetAsideKind = 'order' | 'seller' | 'debit' | 'cycle'

/** An object of the marketplace that could not be read; the rest of its page went on. */
export interface Unreadable {
  readonly kind: SetAsideKind
  readonly id: string
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
    const changed = {
      field: each.field,
      problem: each.problem,
      raw: JSON.stringify(each.raw),
      seen_at: now,
    }
    await queries
      .insertInto('set_aside')
      .values({
        environment_id: environmentId,
        kind: each.kind,
        id: each.id,
        since: now,
        ...changed,
      })
      .onConflict(conflict =>
        conflict.columns(['environment_id', 'kind', 'id']).doUpdateSet(changed),
      )
      .execute()
  }
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

/** Which of these orders cannot be read now? A purchase with one of them is not captured. */
export async function setAsideOf(
  queries: Queries,
  environmentId: string,
  kind: SetAsideKind,
): Promise<{ id: string; field: string; problem: string; raw: unknown }[]> {
  return queries
    .selectFrom('set_aside')
    .select(['id', 'field', 'problem', 'raw'])
    .where('environment_id', '=', environmentId)
    .where('kind', '=', kind)
    .orderBy('id')
    .limit(10_000)
    .execute()
}
