import type { Queries } from '../database/connection.ts'
import { settledParts } from '../domain/ledger-conversion.ts'
import { type OperatorPart, postingsOfOrder } from '../domain/ledger-orders.ts'
import type { Movement } from '../domain/movement.ts'
import { appendPostings } from './ledger.ts'
import { type PurchaseSettlement, lockOrders } from './ledger-settlements.ts'
import { refundsOfOrders } from './marketplace-refunds.ts'
import { movementOf } from './movement-rows.ts'

/** Orders as their books are decided on, and what the books have of them. */
interface Books {
  readonly orders: readonly {
    readonly id: string
    readonly movements: readonly Movement[]
    readonly refunds: Awaited<ReturnType<typeof refundsOfOrders>>
  }[]
  /** By order and currency. */
  readonly booked: Awaited<ReturnType<typeof bookedOf>>
}

/**
 * Brings the books of some orders to what the operator keeps of each now. The orders are locked:
 * a transfer and a refund recorded at once would each not see the other. Orders of a payment that was
 * converted are decided together: what rounding leaves of it belongs to all of them.
 */
export async function bookOrders(
  queries: Queries,
  environmentId: string,
  orderIds: readonly string[],
  at: Date,
): Promise<void> {
  if (orderIds.length === 0) return
  const { ids, settlements } = await lockOrders(queries, environmentId, orderIds)
  const books = await readBooks(queries, environmentId, ids)
  const converted = new Set(settlements.flatMap(each => each.orderIds))
  for (const order of books.orders) {
    const [any] = order.movements
    if (any === undefined || converted.has(order.id)) continue
    const own = { ...order, ...bookedIn(books, order.id, any.currency) }
    const booking = { environmentId, provider: any.provider, at }
    await appendPostings(queries, booking, postingsOfOrder(own))
  }
  for (const settlement of settlements) {
    await bookSettled(queries, { environmentId, at }, books, settlement)
  }
}

async function bookSettled(
  queries: Queries,
  { environmentId, at }: { environmentId: string; at: Date },
  books: Books,
  { orderIds, purchaseId, provider, settlement }: PurchaseSettlement,
): Promise<void> {
  const { currency } = settlement.settled
  const own = books.orders.filter(each => orderIds.includes(each.id))
  const refused = await refusedRefunds(queries, environmentId, purchaseId)
  const postings = settledParts(own, settlement, refused).flatMap(({ id, part }) => {
    const order = own.find(each => each.id === id)
    if (order === undefined) return []
    return postingsOfOrder({ ...order, ...bookedIn(books, id, currency) }, { currency, part })
  })
  await appendPostings(queries, { environmentId, provider, at }, postings)
}

async function readBooks(
  queries: Queries,
  environmentId: string,
  ids: readonly string[],
): Promise<Books> {
  const rows = await queries
    .selectFrom('movements')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('order_id', 'in', [...ids])
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const refunds = await refundsOfOrders(queries, environmentId, ids)
  const movements = rows.map(movementOf)
  const orders = ids.map(id => ({
    id,
    movements: movements.filter(each => each.parties.orderId === id),
    refunds: refunds.filter(each => each.orderId === id),
  }))
  return { orders, booked: await bookedOf(queries, environmentId, ids) }
}

/** What the customer got back of orders that were refused after the capture; minor units. */
async function refusedRefunds(
  queries: Queries,
  environmentId: string,
  purchaseId: string,
): Promise<bigint[]> {
  const rows = await queries
    .selectFrom('movements')
    .select('amount')
    .where('environment_id', '=', environmentId)
    .where('purchase_id', '=', purchaseId)
    .where('kind', '=', 'refund')
    .where('source_type', '=', 'payment')
    .where('status', 'in', ['accepted', 'succeeded'])
    .execute()
  return rows.map(row => row.amount ?? 0n)
}

const nothing: OperatorPart = { commission: 0n, funding: 0n, borne: 0n }

function bookedIn({ booked }: Books, orderId: string, currency: string) {
  const own = booked.filter(each => each.orderId === orderId)
  return {
    booked: own
      .filter(each => each.currency === currency)
      .reduce((sum, { part }) => ({ ...sum, ...part }), nothing),
    // Of every currency: keys are not used again.
    postings: own.reduce((sum, { postings }) => sum + postings, 0),
  }
}

/** What the books have of each order's commission, of funding and of what the operator bears. */
async function bookedOf(queries: Queries, environmentId: string, orderIds: readonly string[]) {
  const rows = await queries
    .selectFrom('ledger_entries')
    .select(({ fn }) => [
      'order_id',
      'event',
      'currency',
      fn.sum<string>('amount').as('amount'),
      fn.countAll<bigint>().as('postings'),
    ])
    .where('environment_id', '=', environmentId)
    .where('order_id', 'in', [...orderIds])
    .where('event', 'in', ['commission', 'funding', 'refund_borne'])
    .where('account', '=', 'commission')
    .groupBy(['order_id', 'event', 'currency'])
    .execute()
  return rows.map(row => {
    const amount = BigInt(row.amount)
    return {
      orderId: row.order_id,
      currency: row.currency,
      part: partOfEvent(row.event, amount),
      postings: Number(row.postings),
    }
  })
}

/** Funding and what is borne leave the account. */
function partOfEvent(event: string, amount: bigint): Partial<OperatorPart> {
  if (event === 'commission') return { commission: amount }
  return event === 'funding' ? { funding: -amount } : { borne: -amount }
}
