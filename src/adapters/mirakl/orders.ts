import type { Order } from '../../domain/order.ts'
import type { Marketplace, Page } from '../../workflows/ports.ts'
import { countRun, type Gate } from './budgets.ts'
import { portions, type Query, timeText } from './endpoints.ts'
import { readOrder } from './order-reading.ts'
import { offsetPages, type Reader, rowsUnder } from './pages.ts'

type OrderQuery = Parameters<Marketplace['orders']>[0]

/**
 * Product orders (OR11), by their last update or by ids; filters that are given together all hold.
 * Mirakl subtracts a margin from the date: orders come again, which is harmless.
 */
export function readOrders(
  reader: Reader,
  gate: Gate,
  query: OrderQuery,
): AsyncIterable<Page<Order>> {
  const isLookUp = query.ids !== undefined || query.purchaseIds !== undefined
  const pages = lookUp(reader, query)
  return isLookUp ? pages : countRun(gate, 'OR11', pages)
}

async function* lookUp(reader: Reader, query: OrderQuery): AsyncGenerator<Page<Order>> {
  const since: Query =
    query.updatedSince === undefined ? [] : [['start_update_date', timeText(query.updatedSince)]]
  for (const ids of filters('order_ids', query.ids)) {
    for (const purchases of filters('commercial_ids', query.purchaseIds)) {
      yield* offsetPages(reader, {
        code: 'OR11',
        query: [...since, ...ids, ...purchases],
        rows: rowsUnder('orders'),
        read: readOrder,
      })
    }
  }
}

/** One filter for each portion of ids; none at all for an empty list; no filter when not given. */
function filters(key: string, ids: readonly string[] | undefined): readonly Query[] {
  if (ids === undefined) return [[]]
  return portions([...new Set(ids)]).map(part => [[key, part.join(',')]])
}
