import { MarketplaceError } from '../domain/errors.ts'
import type { Order } from '../domain/order.ts'
import { advanceCheckpoint, readCheckpoint } from '../store/checkpoints.ts'
import { saveOrders } from '../store/orders.ts'
import { setAside, takeBack } from '../store/set-aside.ts'
import type { Page } from './ports.ts'
import type { Work } from './work.ts'

/** Seconds by which two readings overlap: clocks differ, and Mirakl commits late. */
const overlapSeconds = 300

/**
 * Reads every order that changed since the last reading and stores it. Orders are found by update
 * date and nothing bounds the range above, so the list can only grow while its pages are read: no
 * page skips one. The checkpoint goes to the marketplace's own time of the first page (never past
 * what was surely listed), only after everything is stored.
 */
export async function readOrders(work: Work): Promise<void> {
  await readFeed(work, { checkpoint: 'orders', pages: query => work.marketplace.orders(query) })
}

/** A list of orders that is followed by update date, and the name of its own checkpoint. */
export interface OrderFeed {
  readonly checkpoint: 'orders' | 'service-orders'
  readonly pages: (query: { updatedSince?: Date }) => AsyncIterable<Page<Order>>
}

export async function readFeed(work: Work, feed: OrderFeed): Promise<void> {
  try {
    await readChanged(work, feed)
  } catch (error) {
    // Another job read orders a moment ago (OR11: once a minute); what it stored is used.
    if (!(error instanceof MarketplaceError) || error.kind !== 'rate_limited') throw error
    const { retryAfterSeconds: retryAfter } = error
    work.log('info', 'orders were read a moment ago', { feed: feed.checkpoint, retryAfter })
  }
}

async function readChanged(work: Work, feed: OrderFeed): Promise<void> {
  const { database, environment } = work
  const since = work.scope.since ?? (await startOf(work, feed))
  let firstAt: Date | null = null
  let read = 0
  for await (const page of feed.pages(since === null ? {} : { updatedSince: since })) {
    firstAt ??= page.at
    await storePage(work, page)
    read += page.readings.length
    work.progress('reading orders', read)
  }
  if (firstAt === null || work.scope.since !== undefined) return
  const to = new Date(firstAt.getTime() - overlapSeconds * 1000)
  await advanceCheckpoint(database.queries, environment.id, feed.checkpoint, to, work.clock.now())
}

async function startOf(work: Work, feed: OrderFeed): Promise<Date | null> {
  const { queries } = work.database
  const stored = await readCheckpoint(queries, work.environment.id, feed.checkpoint)
  return stored ?? work.environment.startDate
}

/** Reads the orders of these purchases anew, so that what is decided now is decided on the truth. */
export async function refreshPurchases(work: Work, purchaseIds: readonly string[]): Promise<void> {
  if (purchaseIds.length === 0) return
  for await (const page of work.marketplace.orders({ purchaseIds })) await storePage(work, page)
}

/** Reads these orders anew. */
export async function refreshOrders(work: Work, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  for await (const page of work.marketplace.orders({ ids })) await storePage(work, page)
}

/** Stores what was read of a page; what cannot be read is set aside. */
export async function storePage(work: Work, page: Page<Order>): Promise<void> {
  const now = work.clock.now()
  const orders = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
  const unreadable = page.readings.flatMap(reading =>
    reading.ok ? [] : [{ ...reading, kind: 'order' as const }],
  )
  await work.database.inTransaction(async queries => {
    await saveOrders(queries, work.environment.id, orders, now)
    await takeBack(
      queries,
      work.environment.id,
      'order',
      orders.map(order => order.id),
    )
    await setAside(queries, work.environment.id, unreadable, now)
  })
  work.tally.setAside(unreadable.length)
  for (const each of unreadable) {
    const { id, field, problem } = each
    work.log('warn', 'an order is set aside', { order: id, field, problem })
  }
}
