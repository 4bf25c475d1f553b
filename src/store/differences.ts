import { type Selectable, sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Tables } from '../database/tables.ts'
import { isCauseCode } from '../domain/reconcile-causes.ts'
import type { Difference } from '../domain/reconcile-difference.ts'

/** A difference as it is stored. */
export interface StoredDifference extends Difference {
  readonly id: string
  readonly firstSeenAt: Date
  readonly lastSeenAt: Date
  /** Somebody has said that it is right so; null: nobody has. */
  readonly accepted: { readonly at: Date; readonly by: string; readonly note: string } | null
}

/** The run that saw them, when, and new ids. */
export interface Seeing {
  readonly reconciliationId: string
  readonly at: Date
  readonly nextId: () => string
}

/**
 * Stores what was found. One that was open already keeps its id and when it was first seen; one that
 * was accepted stays so while its amounts stay; one that was closed and is back begins anew.
 */
export async function saveDifferences(
  queries: Queries,
  environmentId: string,
  found: readonly Difference[],
  seeing: Seeing,
): Promise<void> {
  if (found.length === 0) return
  const unique = [...new Map(found.map(each => [each.key, each])).values()]
  await queries
    .insertInto('differences')
    .values(unique.map(each => rowOf(environmentId, each, seeing)))
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'key']).doUpdateSet(set => ({
        currency: set.ref('excluded.currency'),
        amount_here: set.ref('excluded.amount_here'),
        amount_there: set.ref('excluded.amount_there'),
        state_here: set.ref('excluded.state_here'),
        state_there: set.ref('excluded.state_there'),
        provider_id: set.ref('excluded.provider_id'),
        book_entry_id: set.ref('excluded.book_entry_id'),
        happened_at: set.ref('excluded.happened_at'),
        last_seen_at: set.ref('excluded.last_seen_at'),
        reconciliation_id: set.ref('excluded.reconciliation_id'),
        first_seen_at: sql<Date>`case when differences.closed_at is null
          then differences.first_seen_at else excluded.first_seen_at end`,
        accepted_at: sql<Date | null>`case when ${stays} then differences.accepted_at end`,
        accepted_by: sql<string | null>`case when ${stays} then differences.accepted_by end`,
        note: sql<string | null>`case when ${stays} then differences.note end`,
        closed_at: null,
      })),
    )
    .execute()
}

const stays = sql<boolean>`differences.closed_at is null
  and differences.amount_here is not distinct from excluded.amount_here
  and differences.amount_there is not distinct from excluded.amount_there`

function rowOf(environmentId: string, each: Difference, seeing: Seeing) {
  const { ids } = each
  return {
    environment_id: environmentId,
    id: seeing.nextId(),
    key: each.key,
    cause: each.cause,
    currency: each.currency,
    amount_here: each.here,
    amount_there: each.there,
    state_here: each.stateHere,
    state_there: each.stateThere,
    movement_id: ids.movement,
    payment_id: ids.payment,
    order_id: ids.order,
    refund_id: ids.refund,
    cycle_id: ids.cycle,
    seller_id: ids.seller,
    provider_id: ids.provider,
    book_entry_id: ids.line,
    account: ids.account,
    happened_at: each.at,
    first_seen_at: seeing.at,
    last_seen_at: seeing.at,
    reconciliation_id: seeing.reconciliationId,
  }
}

/**
 * Closes what a finished run has looked for and not found any more. Differences about cycles stay
 * where the marketplace did not show the cycle in this run. Returns how many were closed.
 */
export async function closeMended(
  queries: Queries,
  environmentId: string,
  run: { readonly id: string; readonly since: Date; readonly startedAt: Date },
  at: Date,
): Promise<number> {
  const result = await queries
    .updateTable('differences')
    .set({ closed_at: at })
    .where('environment_id', '=', environmentId)
    .where('closed_at', 'is', null)
    .where('happened_at', '>=', run.since)
    .where('reconciliation_id', '<>', run.id)
    .where(
      sql<boolean>`(differences.key not like '%:cycle:%' or exists (
        select 1 from cycles c where c.environment_id = differences.environment_id
          and c.id = differences.cycle_id and c.stored_at >= ${run.startedAt}))`,
    )
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

/** When the oldest difference happened that waits for a person; null: none does. */
export async function oldestWaiting(queries: Queries, environmentId: string): Promise<Date | null> {
  const row = await queries
    .selectFrom('differences')
    .select(({ fn }) => fn.min('happened_at').as('at'))
    .where('environment_id', '=', environmentId)
    .where('closed_at', 'is', null)
    .where('accepted_at', 'is', null)
    .executeTakeFirst()
  return row?.at ?? null
}

export interface DifferenceQuery {
  /** Only those that happened from then on. */
  readonly since?: Date | undefined
  readonly after?: Pick<StoredDifference, 'at' | 'id'> | undefined
  /** Those that were accepted, too. */
  readonly accepted: boolean
  readonly limit: number
}

/** Open differences, in the order in which they happened. */
export async function openDifferences(
  queries: Queries,
  environmentId: string,
  { since, after, accepted, limit }: DifferenceQuery,
): Promise<StoredDifference[]> {
  let select = queries
    .selectFrom('differences')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('closed_at', 'is', null)
    .orderBy('happened_at')
    .orderBy('id')
    .limit(limit)
  if (!accepted) select = select.where('accepted_at', 'is', null)
  if (since !== undefined) select = select.where('happened_at', '>=', since)
  if (after !== undefined) {
    const { at, id } = after
    select = select.where(sql<boolean>`(happened_at, id) > (${at}, ${id})`)
  }
  return (await select.execute()).flatMap(row => storedOf(row))
}

/** How many are open and how many of them somebody has accepted. */
export async function countDifferences(
  queries: Queries,
  environmentId: string,
  since?: Date,
): Promise<{ waiting: number; accepted: number }> {
  let select = queries
    .selectFrom('differences')
    .select(({ fn }) => [fn.countAll<bigint>().as('all'), fn.count<bigint>('accepted_at').as('ok')])
    .where('environment_id', '=', environmentId)
    .where('closed_at', 'is', null)
  if (since !== undefined) select = select.where('happened_at', '>=', since)
  const row = await select.executeTakeFirstOrThrow()
  return { waiting: Number(row.all) - Number(row.ok), accepted: Number(row.ok) }
}

/** False: there is no such open difference. */
export async function acceptDifference(
  queries: Queries,
  environmentId: string,
  id: string,
  by: { readonly actor: string; readonly note: string; readonly at: Date },
): Promise<boolean> {
  const result = await queries
    .updateTable('differences')
    .set({ accepted_at: by.at, accepted_by: by.actor, note: by.note })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** A cause that an older version knew is left out. */
function storedOf(row: Selectable<Tables['differences']>): StoredDifference[] {
  if (!isCauseCode(row.cause)) return []
  const accepted =
    row.accepted_at === null
      ? null
      : { at: row.accepted_at, by: row.accepted_by ?? '', note: row.note ?? '' }
  return [
    {
      id: row.id,
      key: row.key,
      cause: row.cause,
      currency: row.currency,
      here: row.amount_here,
      there: row.amount_there,
      stateHere: row.state_here,
      stateThere: row.state_there,
      ids: {
        movement: row.movement_id,
        payment: row.payment_id,
        order: row.order_id,
        refund: row.refund_id,
        cycle: row.cycle_id,
        seller: row.seller_id,
        provider: row.provider_id,
        line: row.book_entry_id,
        account: row.account,
      },
      at: row.happened_at,
      firstSeenAt: row.first_seen_at,
      lastSeenAt: row.last_seen_at,
      accepted,
    },
  ]
}
