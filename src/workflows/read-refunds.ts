import { refundOnOrder } from '../domain/order-refunds.ts'
import type { MarketplaceRefund } from '../domain/refund.ts'
import {
  describeRefund,
  openRefunds,
  saveRefunds,
  type StoredRefund,
} from '../store/marketplace-refunds.ts'
import { ordersById } from '../store/refund-sources.ts'
import { setAside, takeBack } from '../store/set-aside.ts'
import { findPayments } from './find-payments.ts'
import type { Page } from './ports.ts'
import { refreshOrders } from './read-orders.ts'
import { refreshServiceOrders } from './read-service-orders.ts'
import { type Work, batchSize } from './work.ts'

/** Which lists of refunds are read, by the switches of the environment. */
export function refundDomains(work: Pick<Work, 'environment'>): MarketplaceRefund['domain'][] {
  const { productRefund, serviceRefund } = work.environment.settings.enable
  return [
    ...(productRefund ? ['product' as const] : []),
    ...(serviceRefund ? ['service' as const] : []),
  ]
}

/**
 * Reads the refunds that the marketplace waits for, all of them before the first is sent, and the
 * orders of those whose commission is not known yet.
 */
export async function readForRefunds(work: Work): Promise<void> {
  const domains = refundDomains(work)
  if (domains.length === 0) return
  const at = work.clock.now()
  if (domains.includes('product')) await readList(work, work.marketplace.refunds(), at)
  if (domains.includes('service')) await readList(work, work.marketplace.serviceRefunds(), at)
  await describeRefunds(work)
  await findPayments(work)
  work.notes.refundsSeenAt = at
}

async function readList(
  work: Work,
  pages: AsyncIterable<Page<MarketplaceRefund>>,
  at: Date,
): Promise<void> {
  const { database, environment } = work
  let read = 0
  for await (const page of pages) {
    const refunds = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
    const unreadable = page.readings.flatMap(reading =>
      reading.ok ? [] : [{ ...reading, kind: 'refund' as const }],
    )
    await database.inTransaction(async queries => {
      await saveRefunds(queries, environment.id, refunds, at)
      const ids = refunds.flatMap(refund => [refund.id, refund.orderId])
      await takeBack(queries, environment.id, 'refund', ids)
      await setAside(queries, environment.id, unreadable, at)
    })
    work.tally.setAside(unreadable.length)
    for (const { id, field, problem } of unreadable) {
      work.log('warn', 'a refund is set aside', { refund: id, field, problem })
    }
    read += page.readings.length
    work.progress('reading refunds', read)
  }
}

/** The commission that a refund gives back stands in its order, not in the list of refunds. */
async function describeRefunds(work: Work): Promise<void> {
  const { queries } = work.database
  let after = ''
  while (!work.stopping()) {
    const refunds = await openRefunds(queries, work.environment.id, { after, limit: batchSize })
    const last = refunds.at(-1)
    if (last === undefined) return
    after = last.id
    const unknown = refunds.filter(refund => refund.share === null || refund.sellerId === null)
    if (unknown.length > 0) await describeBatch(work, unknown)
  }
}

async function describeBatch(work: Work, refunds: readonly StoredRefund[]): Promise<void> {
  const { queries } = work.database
  const idsOf = (domain: MarketplaceRefund['domain']) => [
    ...new Set(refunds.filter(each => each.domain === domain).map(each => each.orderId)),
  ]
  await refreshOrders(work, idsOf('product'))
  await refreshServiceOrders(work, idsOf('service'))
  const ids = [...new Set(refunds.map(refund => refund.orderId))]
  const orders = await ordersById(queries, work.environment.id, ids)
  for (const refund of refunds) {
    const order = orders.get(refund.orderId)
    if (order === undefined) continue
    const shown = refundOnOrder(order, refund.id)
    await describeRefund(queries, work.environment.id, refund.id, {
      purchaseId: order.purchaseId,
      sellerId: order.sellerId,
      share: shown?.share ?? null,
      commission: shown?.commission ?? null,
    })
  }
}
