import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import { movementOf } from './movement-rows.ts'

/** Kinds that change what a seller has at the provider, beside returned payouts. */
const kinds = ['transfer', 'credit', 'restitution', 'reversal', 'collection', 'payout', 'return']

/** A page of what changed a seller's account, in the order in which it was done. */
export async function statementPage(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  query: { readonly after: Pick<Movement, 'updatedAt' | 'id'> | null; readonly limit: number },
): Promise<Movement[]> {
  let select = queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('kind', 'in', kinds)
    .where('status', 'in', ['accepted', 'succeeded'])
    // A refund that came back is the customer's; only what has an account is the seller's.
    .where('account', 'is not', null)
    .orderBy('updated_at')
    .orderBy('id')
    .limit(query.limit)
  const { after } = query
  if (after !== null) {
    select = select.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('updated_at', 'id'), '>', tuple(after.updatedAt, after.id)),
    )
  }
  return (await select.execute()).map(movementOf)
}

/** What of a seller waits: payouts and reversals that are not finished, oldest first. */
export async function waitingOfSeller(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  limit: number,
): Promise<Movement[]> {
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('seller_id', '=', sellerId)
    .where('kind', 'in', ['reversal', 'payout'])
    .where('status', 'in', ['on_hold', 'pending', 'submitted', 'failed'])
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(movementOf)
}
