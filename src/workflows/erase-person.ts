import { redactedOrder, redactedPayload } from '../domain/redaction.ts'
import {
  blankSeller,
  ordersOfCustomer,
  paymentNames,
  sellerRows,
  unfinishedOf,
} from '../store/personal-rows.ts'
import {
  redactEvents,
  redactLinks,
  redactNotifications,
  redactOrders,
  redactUnreadable,
} from '../store/redaction.ts'
import type { Work } from './work.ts'

export type Erasing = Pick<Work, 'database' | 'environment' | 'clock'>

/** What an erasure did. */
export interface Erasure {
  /** Rows that were redacted, by what they are. */
  readonly redacted: Readonly<Record<string, number>>
  /** What is not finished and could not be redacted yet: ask again once it is. */
  readonly kept: readonly string[]
}

/**
 * Takes a customer out of everything that is stored. Amounts and ids of orders, payments and
 * movements stay. An order that is not finished stays as it is: its money needs the customer.
 * Null: nothing here names this customer.
 */
export async function eraseCustomer(work: Erasing, customerId: string): Promise<Erasure | null> {
  const { id: environmentId } = work.environment
  return work.database.inTransaction(async queries => {
    const at = { queries, environmentId, now: work.clock.now() }
    const orders = await ordersOfCustomer(queries, environmentId, customerId)
    const ids = orders.map(order => order.id)
    const redacted = await redactOrders(at, { ids }, redactedOrder)
    const left = await ordersOfCustomer(queries, environmentId, customerId)
    const open = new Set(left.map(order => order.purchase))
    const finished = orders.map(order => order.purchase).filter(purchase => !open.has(purchase))
    const names = await paymentNames(queries, environmentId, finished)
    const events = await redactEvents(at, { mentioning: names }, redactedPayload)
    const unreadable = await redactUnreadable(at, { mentioning: [customerId, ...ids] })
    if (orders.length + unreadable === 0) return null
    return {
      redacted: { orders: redacted, events, unreadable },
      kept: left.map(order => `order ${order.id}`),
    }
  })
}

/**
 * Takes a seller's name, addresses and visits out of everything that is stored. The id, the account
 * and every amount stay. A seller who is still owed something, or owes, stays as he is. Null: no
 * such seller.
 */
export async function eraseSeller(work: Erasing, sellerId: string): Promise<Erasure | null> {
  const { id: environmentId } = work.environment
  return work.database.inTransaction(async queries => {
    const at = { queries, environmentId, now: work.clock.now() }
    const known = await sellerRows(queries, environmentId, sellerId)
    if (known === null) return null
    const kept = await unfinishedOf(queries, environmentId, sellerId)
    if (kept.length > 0) return { redacted: {}, kept }
    await blankSeller(queries, environmentId, sellerId)
    const account = known.seller.account_id
    const mentioning = account === null ? [] : [account]
    return {
      redacted: {
        sellers: 1,
        links: await redactLinks(at, { sellerId }),
        notifications: await redactNotifications(at, { sellerId }, redactedPayload),
        events: await redactEvents(at, { mentioning }, redactedPayload),
        unreadable: await redactUnreadable(at, { kind: 'seller', ids: [sellerId] }),
      },
      kept: [],
    }
  })
}
