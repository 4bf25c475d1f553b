import type { Selectable } from 'kysely'
import type { Queries } from '../database/connection.ts'
import type { Cycles } from '../database/tables.ts'
import type { Cycle } from '../domain/settlement.ts'

/** Stores cycles as the marketplace shows them; what is finished here stays closed. */
export async function saveCycles(
  queries: Queries,
  environmentId: string,
  cycles: readonly Cycle[],
  now: Date,
): Promise<void> {
  if (cycles.length === 0) return
  const unique = [...new Map(cycles.map(cycle => [cycle.id, cycle])).values()]
  await queries
    .insertInto('cycles')
    .values(
      unique.map(cycle => ({
        environment_id: environmentId,
        id: cycle.id,
        feed: cycle.feed,
        seller_id: cycle.sellerId,
        currency: cycle.currency,
        created_at: cycle.createdAt,
        final: cycle.final,
        pay_state: cycle.payState,
        pay_out_psp_code: cycle.payOutPspCode,
        amount: cycle.amount,
        amount_to_operator: cycle.amountToOperator,
        subscription: cycle.subscription,
        other_invoices: cycle.otherInvoices,
        other_credits: cycle.otherCredits,
        contents: null,
        stored_at: now,
      })),
    )
    .onConflict(conflict =>
      conflict.columns(['environment_id', 'id']).doUpdateSet(set => ({
        final: set.ref('excluded.final'),
        pay_state: set.ref('excluded.pay_state'),
        pay_out_psp_code: set.ref('excluded.pay_out_psp_code'),
        amount: set.ref('excluded.amount'),
        amount_to_operator: set.ref('excluded.amount_to_operator'),
        subscription: set.ref('excluded.subscription'),
        other_invoices: set.ref('excluded.other_invoices'),
        other_credits: set.ref('excluded.other_credits'),
        stored_at: set.ref('excluded.stored_at'),
      })),
    )
    .execute()
}

/** A cycle as its row says it. */
export function cycleOf(row: Selectable<Cycles>): Cycle {
  return {
    id: row.id,
    feed: row.feed as Cycle['feed'],
    sellerId: row.seller_id,
    currency: row.currency,
    createdAt: row.created_at,
    final: row.final,
    payState: row.pay_state as Cycle['payState'],
    payOutPspCode: row.pay_out_psp_code,
    amount: row.amount,
    amountToOperator: row.amount_to_operator,
    subscription: row.subscription,
    otherInvoices: row.other_invoices,
    otherCredits: row.other_credits,
  }
}

/** Cycles that are not finished, in order of id, after one of them. */
export async function openCycles(
  queries: Queries,
  environmentId: string,
  query: { after: string; limit: number; sellerId?: string | undefined },
): Promise<Cycle[]> {
  let select = queries
    .selectFrom('cycles')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('open', '=', true)
    .where('id', '>', query.after)
    .orderBy('id')
    .limit(query.limit)
  if (query.sellerId !== undefined) select = select.where('seller_id', '=', query.sellerId)
  return (await select.execute()).map(cycleOf)
}

export async function cycleById(
  queries: Queries,
  environmentId: string,
  id: string,
): Promise<Cycle | null> {
  const row = await queries
    .selectFrom('cycles')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? null : cycleOf(row)
}

/** `open: false`: all that the cycle asks for is done and told; true: its payout came back. */
export async function setCycleOpen(
  queries: Queries,
  environmentId: string,
  id: string,
  open: boolean,
): Promise<void> {
  await queries
    .updateTable('cycles')
    .set({ open })
    .where('environment_id', '=', environmentId)
    .where('id', '=', id)
    .execute()
}

/** Sellers that some open cycle is about; as many as a marketplace has sellers. */
export async function sellersOfOpenCycles(
  queries: Queries,
  environmentId: string,
): Promise<string[]> {
  const rows = await queries
    .selectFrom('cycles')
    .select('seller_id')
    .distinct()
    .where('environment_id', '=', environmentId)
    .where('open', '=', true)
    .orderBy('seller_id')
    .execute()
  return rows.map(row => row.seller_id)
}
