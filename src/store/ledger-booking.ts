import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import { postingsOf } from '../domain/ledger-movements.ts'
import { capturedPosting } from '../domain/ledger-payments.ts'
import type { MovementStatus } from '../domain/lifecycle.ts'
import type { Movement } from '../domain/movement.ts'
import { appendPostings } from './ledger.ts'
import { bookOrders } from './ledger-orders.ts'
import { inSettledCurrencies } from './ledger-settlements.ts'

/** A move along the lifecycle that was written just now; `from` null: the movement is new. */
export interface RecordedMove {
  readonly movement: Movement
  readonly from: MovementStatus | null
  readonly to: MovementStatus
}

/**
 * Books what a recorded move did to the accounts. The store functions that write a status call it
 * themselves, in their SQL transaction: no workflow books, so none can forget to.
 */
export async function bookMove(
  queries: Queries,
  environmentId: string,
  { movement, from, to }: RecordedMove,
  at: Date,
): Promise<void> {
  const { provider } = movement
  const told = postingsOf(movement, from, to)
  const postings = await inSettledCurrencies(queries, environmentId, told)
  await appendPostings(queries, { environmentId, provider, at }, postings)
  const { orderId } = movement.parties
  if (orderId !== null && changesOrder(movement, to)) {
    await bookOrders(queries, environmentId, [orderId], at)
  }
}

/** May the move change what the operator keeps of its order? */
function changesOrder({ kind, status }: Movement, to: MovementStatus): boolean {
  const kinds = ['transfer', 'refund', 'reversal', 'tax_reversal', 'restitution', 'return']
  if (!kinds.includes(kind)) return false
  return ['accepted', 'succeeded', 'canceled'].includes(to) || status === 'accepted'
}

/**
 * Books what was captured of these payments and is not in the books: whoever captured it, and
 * whichever of answer, event and reading told it first.
 */
export async function bookCaptured(
  queries: Queries,
  environmentId: string,
  paymentIds: readonly string[],
  at: Date,
): Promise<void> {
  if (paymentIds.length === 0) return
  const { rows } = await sql<{
    id: string
    provider: string
    currency: string
    purchase_id: string | null
    captured: bigint
    rise: bigint
  }>`
    with risen as (
      select id, provider, captured - booked as rise from payments
      where environment_id = ${environmentId} and id = any(${[...paymentIds]})
        and captured > booked
      order by id for no key update
    )
    update payments set booked = payments.captured from risen
    where payments.environment_id = ${environmentId} and payments.id = risen.id
      and payments.provider = risen.provider
    returning payments.id, payments.provider, payments.currency, payments.purchase_id,
      payments.captured, risen.rise`.execute(queries)
  for (const { id, provider, currency, purchase_id: purchaseId, captured, rise } of rows) {
    const made = capturedPosting({ id, purchaseId, currency }, captured, rise)
    const postings = await inSettledCurrencies(queries, environmentId, [made])
    await appendPostings(queries, { environmentId, provider, at }, postings)
  }
}
