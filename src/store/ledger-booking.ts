import { sql } from 'kysely'
import type { Queries } from '../database/connection.ts'
import { postingsOf } from '../domain/ledger-movements.ts'
import { type OperatorPart, postingsOfOrder } from '../domain/ledger-orders.ts'
import { capturedPosting } from '../domain/ledger-payments.ts'
import type { MovementStatus } from '../domain/lifecycle.ts'
import type { Movement } from '../domain/movement.ts'
import { appendPostings } from './ledger.ts'
import { refundsOfOrders } from './marketplace-refunds.ts'
import { movementOf } from './movement-rows.ts'

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
  const postings = postingsOf(movement, from, to)
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
 * Brings the books of some orders to what the operator keeps of each now. The orders are locked:
 * a transfer and a refund recorded at once would each not see the other.
 */
export async function bookOrders(
  queries: Queries,
  environmentId: string,
  orderIds: readonly string[],
  at: Date,
): Promise<void> {
  if (orderIds.length === 0) return
  const ids = [...new Set(orderIds)].toSorted()
  await queries
    .selectFrom('orders')
    .select('id')
    .where('environment_id', '=', environmentId)
    .where('id', 'in', ids)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute()
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('order_id', 'in', ids)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const refunds = await refundsOfOrders(queries, environmentId, ids)
  const booked = await bookedOf(queries, environmentId, ids)
  const movements = rows.map(movementOf)
  for (const id of ids) {
    const own = movements.filter(each => each.parties.orderId === id)
    const [any] = own
    if (any === undefined) continue
    const postings = postingsOfOrder({
      movements: own,
      refunds: refunds.filter(each => each.orderId === id),
      ...(booked.get(id) ?? { booked: nothing, postings: 0 }),
    })
    await appendPostings(queries, { environmentId, provider: any.provider, at }, postings)
  }
}

const nothing: OperatorPart = { commission: 0n, funding: 0n, borne: 0n }

/** What the books have of each order's commission, of funding and of what the operator bears. */
async function bookedOf(queries: Queries, environmentId: string, orderIds: readonly string[]) {
  const rows = await queries
    .selectFrom('ledger_entries')
    .select(({ fn }) => [
      'order_id',
      'event',
      fn.sum<string>('amount').as('amount'),
      fn.countAll<bigint>().as('postings'),
    ])
    .where('environment_id', '=', environmentId)
    .where('order_id', 'in', [...orderIds])
    .where('event', 'in', ['commission', 'funding', 'refund_borne'])
    .where('account', '=', 'commission')
    .groupBy(['order_id', 'event'])
    .execute()
  const found = new Map<string, { booked: OperatorPart; postings: number }>()
  for (const { order_id: id, event, amount: text, postings } of rows) {
    const known = found.get(id ?? '') ?? { booked: nothing, postings: 0 }
    const amount = BigInt(text)
    // Funding and what is borne leave the account.
    const part =
      event === 'commission'
        ? { commission: amount }
        : event === 'funding'
          ? { funding: -amount }
          : { borne: -amount }
    found.set(id ?? '', {
      booked: { ...known.booked, ...part },
      postings: known.postings + Number(postings),
    })
  }
  return found
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
    await appendPostings(queries, { environmentId, provider, at }, [made])
  }
}
