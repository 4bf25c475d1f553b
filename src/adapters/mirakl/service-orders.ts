import type { Order } from '../../domain/order.ts'
import type { Marketplace, Page } from '../../workflows/ports.ts'
import { countRun, type Gate } from './budgets.ts'
import { portions, type Query, timeText } from './endpoints.ts'
import { type Reader, rowsUnder, seekPages } from './pages.ts'
import { readServiceOrder } from './service-order-reading.ts'

type ServiceOrderQuery = Parameters<Marketplace['serviceOrders']>[0]

/**
 * Service orders (SOR11), by their last update or by ids; filters that are given together all hold.
 * The pages follow the date of creation, so an order that changes meanwhile keeps its place.
 */
export function readServiceOrders(
  reader: Reader,
  gate: Gate,
  query: ServiceOrderQuery,
): AsyncIterable<Page<Order>> {
  const isLookUp = query.ids !== undefined || query.purchaseIds !== undefined
  const pages = lookUp(reader, query)
  return isLookUp ? pages : countRun(gate, 'SOR11', pages)
}

async function* lookUp(reader: Reader, query: ServiceOrderQuery): AsyncGenerator<Page<Order>> {
  const since: Query =
    query.updatedSince === undefined ? [] : [['date_updated_start', timeText(query.updatedSince)]]
  for (const ids of filters('order_id', query.ids)) {
    for (const purchases of filters('commercial_order_id', query.purchaseIds)) {
      yield* seekPages(reader, {
        code: 'SOR11',
        query: [...since, ...ids, ...purchases],
        rows: rowsUnder('data'),
        read: readServiceOrder,
      })
    }
  }
}

/** As for OR11, but here a key repeats for each id in place of a comma list. */
function filters(key: string, ids: readonly string[] | undefined): readonly Query[] {
  if (ids === undefined) return [[]]
  return portions([...new Set(ids)]).map(part => part.map(id => [key, id] as const))
}
