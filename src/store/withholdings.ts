import type { Queries } from '../database/connection.ts'

export interface Withholding {
  readonly cycleId: string
  readonly sellerId: string
  readonly currency: string
  /** Minor units; below zero: given back. */
  readonly amount: bigint
  readonly at: Date
}

/** A payout was less than its cycle by what dispute reversals took from the seller's account. */
export async function appendWithholding(
  queries: Queries,
  environmentId: string,
  { cycleId, sellerId, currency, amount, at }: Withholding,
): Promise<void> {
  await queries
    .insertInto('withholdings')
    .values({
      environment_id: environmentId,
      cycle_id: cycleId,
      seller_id: sellerId,
      currency,
      amount,
      at,
    })
    .execute()
}

/**
 * What dispute reversals took from a seller and have not been withheld yet (`outstanding`, below
 * zero when more was given back), with what transfers hold back meanwhile, and what this cycle withholds. Minor units. Reversals made by
 * hand at the provider do not count: whose refund they are for, only the operator knows.
 */
export async function withheldFrom(
  queries: Queries,
  environmentId: string,
  of: { readonly sellerId: string; readonly currency: string; readonly cycleId: string },
): Promise<{ outstanding: bigint; withheld: bigint }> {
  const moved = await queries
    .selectFrom('movements')
    .select(({ fn }) => ['kind', fn.sum<string | null>('sent_amount').as('sum')])
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', of.sellerId)
    .where('currency', '=', of.currency)
    .where('kind', 'in', ['reversal', 'restitution'])
    .where('source_type', '=', 'provider')
    .where('origin', '=', 'planned')
    .where('status', '=', 'succeeded')
    .groupBy('kind')
    .execute()
  const waiting = await queries
    .selectFrom('movements')
    .select(({ fn }) => fn.sum<string | null>('amount').as('sum'))
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', of.sellerId)
    .where('currency', '=', of.currency)
    .where('kind', '=', 'transfer')
    .where('status', '=', 'on_hold')
    .where('reason', '=', 'payment_disputed')
    .executeTakeFirst()
  const kept = await queries
    .selectFrom('withholdings')
    .select(['cycle_id', 'amount'])
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', of.sellerId)
    .where('currency', '=', of.currency)
    .execute()
  const sumOf = (kind: string) => BigInt(moved.find(each => each.kind === kind)?.sum ?? '0')
  const total = (rows: readonly { amount: bigint }[]) =>
    rows.reduce((sum, { amount }) => sum + amount, 0n)
  const withheld = total(kept.filter(each => each.cycle_id === of.cycleId))
  const held = BigInt(waiting?.sum ?? '0')
  return { outstanding: sumOf('reversal') - sumOf('restitution') + held - total(kept), withheld }
}
