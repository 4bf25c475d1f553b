import type { Currency } from '../../domain/currency.ts'
import type { Json } from '../../domain/json.ts'
import { formatDecimal } from '../../domain/money.ts'
import type { MarketplaceRefund } from '../../domain/refund.ts'
import type { Page, Reading, RefundConfirmation, Told } from '../../workflows/ports.ts'
import { countRun, type Gate } from './budgets.ts'
import type { Client } from './client.ts'
import { timeText } from './endpoints.ts'
import {
  priceOf,
  at,
  currencyOf,
  type Field,
  isMissing,
  listOf,
  readingOf,
  rootField,
  nameOf,
  nameOrNull,
} from './fields.ts'
import { decimal } from './lossless-json.ts'
import { offsetPages, type Reader } from './pages.ts'
import { toldOf } from './told.ts'

/**
 * Refunds that wait for their payment (PA12), one reading for each refund. All pages are read before
 * the first is given away: each confirmation takes its order off the list, and the next offset would
 * skip another.
 */
export function readRefunds(
  reader: Reader,
  gate: Gate,
  fallback?: Currency,
): AsyncIterable<Page<MarketplaceRefund>> {
  return countRun(gate, 'PA12', readAll(reader, fallback))
}

async function* readAll(
  reader: Reader,
  fallback?: Currency,
): AsyncGenerator<Page<MarketplaceRefund>> {
  const pages: Page<MarketplaceRefund>[] = []
  const list = offsetPages(reader, {
    code: 'PA12',
    query: [],
    rows: orderRows,
    read: raw => readRefundOrder(raw, fallback),
  })
  for await (const { readings, at: moment } of list) {
    // `total_count` and the pages count orders, of which each may hold several refunds.
    const refunds = readings.flatMap(each => (each.ok ? each.value.refunds : [each]))
    pages.push({ readings: refunds, at: moment })
  }
  yield* pages
}

/** Two wrappers (`orders.order`), a heritage of XML; with nothing to list either may be missing. */
function orderRows(body: Json): readonly Json[] | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const list = at(rootField(body), 'orders', 'order')
  if (Array.isArray(list.value)) return list.value
  const isEmpty = isMissing(list) && ('orders' in body || 'total_count' in body)
  return isEmpty ? [] : null
}

interface RefundOrder {
  /** Names the row among the pages: its refunds. */
  readonly id: string
  readonly refunds: readonly Reading<MarketplaceRefund>[]
}

/**
 * One order of PA12 with the readings of its refunds: one that cannot be read does not stop the
 * others. The order is set aside as a whole only when its own list cannot be read.
 */
export function readRefundOrder(raw: Json, fallback?: Currency): Reading<RefundOrder> {
  return readingOf(raw, [['order_id']], root => {
    const lines = listOf(at(root, 'order_lines', 'order_line'))
    const refunds = lines.flatMap(line =>
      listOf(at(line, 'refunds', 'refund')).map(refund => readOne(root, line, refund, fallback)),
    )
    const ids = refunds.map(each => (each.ok ? each.value.id : each.id))
    return { id: [nameOf(at(root, 'order_id')), ...ids].join(' '), refunds }
  })
}

function readOne(
  order: Field,
  line: Field,
  refund: Field,
  fallback: Currency | undefined,
): Reading<MarketplaceRefund> {
  return readingOf(refund.value ?? null, [['id']], () => {
    const currency = currencyOf(at(order, 'currency_iso_code'), fallback)
    return {
      id: nameOf(at(refund, 'id')),
      domain: 'product',
      orderId: nameOf(at(order, 'order_id')),
      lineId: nameOrNull(at(line, 'order_line_id')),
      purchaseId: nameOf(at(order, 'order_commercial_id')),
      sellerId: nameOf(at(order, 'shop_id')),
      amount: priceOf(at(refund, 'amount'), currency),
      currency,
    }
  })
}

/** Tells that a refund was paid or refused (PA02); exactly the amount that PA12 named is sent back. */
export async function confirmProductRefund(
  client: Client,
  confirmation: RefundConfirmation,
): Promise<Told> {
  const { refund, paid, reference } = confirmation
  const element = {
    refund_id: refund.id,
    payment_status: paid ? 'OK' : 'REFUSED',
    ...(paid ? { amount: decimal(formatDecimal(refund)) } : {}),
    currency_iso_code: refund.currency,
    ...(reference === null ? {} : { transaction_number: reference }),
    transaction_date: timeText(confirmation.at),
  }
  return toldOf(await client.write('PA02', { refunds: [element] }))
}
