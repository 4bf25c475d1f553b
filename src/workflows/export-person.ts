import {
  eventsMentioning,
  orderRows,
  ordersOfCustomer,
  paymentNames,
  sellerRows,
  unreadableMentioning,
} from '../store/personal-rows.ts'
import type { Erasing } from './erase-person.ts'

/** Everything that is stored about a customer; null: nothing is. */
export async function exportCustomer({ database, environment }: Erasing, customerId: string) {
  const { queries } = database
  const orders = await ordersOfCustomer(queries, environment.id, customerId)
  const ids = orders.map(order => order.id)
  const purchases = [...new Set(orders.map(order => order.purchase))]
  const payments = await paymentNames(queries, environment.id, purchases)
  const names = [customerId, ...ids]
  const unreadable = await unreadableMentioning(queries, environment.id, names)
  if (orders.length + unreadable.length === 0) return null
  return {
    customer: customerId,
    ...(await orderRows(queries, environment.id, ids)),
    payments,
    events: await eventsMentioning(queries, environment.id, payments),
    unreadable,
  }
}

/** Everything that is stored about a seller as a person; null: no such seller. */
export async function exportSeller({ database, environment }: Erasing, sellerId: string) {
  const { queries } = database
  const known = await sellerRows(queries, environment.id, sellerId)
  if (known === null) return null
  const account = known.seller.account_id
  return {
    ...known,
    events: await eventsMentioning(queries, environment.id, account === null ? [] : [account]),
  }
}
