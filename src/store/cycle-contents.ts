import type { Queries } from '../database/connection.ts'
import type { CycleContents } from '../domain/cycle-contents.ts'
import type { Cycle } from '../domain/settlement.ts'
import { cycleOf } from './cycles.ts'
import { decodeBody, encodeBody } from './json-body.ts'

/** What a cycle holds; null: it was not read. */
export async function contentsOfCycle(
  queries: Queries,
  environmentId: string,
  cycleId: string,
): Promise<CycleContents | null> {
  const row = await queries
    .selectFrom('cycles')
    .select('contents')
    .where('environment_id', '=', environmentId)
    .where('id', '=', cycleId)
    .executeTakeFirst()
  return row === undefined || row.contents === null ? null : decodeBody<CycleContents>(row.contents)
}

export async function saveContents(
  queries: Queries,
  environmentId: string,
  cycleId: string,
  contents: CycleContents,
): Promise<void> {
  await queries
    .updateTable('cycles')
    .set({ contents: encodeBody(contents) })
    .where('environment_id', '=', environmentId)
    .where('id', '=', cycleId)
    .execute()
}

/** An open cycle whose seller had sales of its currency converted. */
interface ConvertedCycle {
  readonly cycle: Cycle
  readonly contents: CycleContents | null
}

/** Final, unpaid cycles in which a sale may have been converted; those that were never read first. */
export async function convertedCycles(
  queries: Queries,
  environmentId: string,
  query: { readonly limit: number; readonly sellerId?: string | undefined },
): Promise<ConvertedCycle[]> {
  let select = queries
    .selectFrom('cycles')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('open', '=', true)
    .where('final', '=', true)
    .where('pay_state', '<>', 'paid')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('movements')
          .select('movements.id')
          .whereRef('movements.environment_id', '=', 'cycles.environment_id')
          .whereRef('movements.seller_id', '=', 'cycles.seller_id')
          .whereRef('movements.original_currency', '=', 'cycles.currency')
          .where('movements.kind', '=', 'transfer')
          .where('movements.status', '<>', 'canceled'),
      ),
    )
    .orderBy(({ eb }) => eb('contents', 'is not', null))
    .orderBy('id')
    .limit(query.limit)
  if (query.sellerId !== undefined) select = select.where('seller_id', '=', query.sellerId)
  const rows = await select.execute()
  return rows.map(row => ({
    cycle: cycleOf(row),
    contents: row.contents === null ? null : decodeBody<CycleContents>(row.contents),
  }))
}
