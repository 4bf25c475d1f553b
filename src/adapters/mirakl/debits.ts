import type { Currency } from '../../domain/currency.ts'
import type { Debit } from '../../domain/debit.ts'
import type { Json } from '../../domain/json.ts'
import { formatDecimal } from '../../domain/money.ts'
import type { DebitConfirmation, Page, Reading, Told } from '../../workflows/ports.ts'
import { countRun, type Gate } from './budgets.ts'
import type { Client } from './client.ts'
import { timeText } from './endpoints.ts'
import {
  priceOf,
  at,
  currencyOf,
  type Field,
  isMissing,
  readingOf,
  rootField,
  nameOf,
  nameOrNull,
} from './fields.ts'
import { decimal } from './lossless-json.ts'
import { offsetPages, type Reader } from './pages.ts'
import { toldOf } from './told.ts'

/**
 * Debits that wait (PA11). All pages are read before the first is given away: each confirmation
 * takes its debit off the list, and the next offset would skip another.
 */
export function readDebits(
  reader: Reader,
  gate: Gate,
  fallback?: Currency,
): AsyncIterable<Page<Debit>> {
  return countRun(gate, 'PA11', readAll(reader, fallback))
}

async function* readAll(reader: Reader, fallback?: Currency): AsyncGenerator<Page<Debit>> {
  const pages: Page<Debit>[] = []
  const list = offsetPages(reader, {
    code: 'PA11',
    query: [],
    rows: debitRows,
    read: raw => readDebit(raw, fallback),
  })
  for await (const page of list) pages.push(page)
  yield* pages
}

/** Two wrappers (`orders.order`), a heritage of XML; with nothing to list either may be missing. */
function debitRows(body: Json): readonly Json[] | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const root = rootField(body)
  const list = at(root, 'orders', 'order')
  if (Array.isArray(list.value)) return list.value
  const isEmpty = isMissing(list) && ('orders' in body || 'total_count' in body)
  return isEmpty ? [] : null
}

/** One debit of PA11, or set aside with the field that could not be read. */
export function readDebit(raw: Json, fallback?: Currency): Reading<Debit> {
  return readingOf(raw, [['debit_entity', 'id'], ['order_id']], root => debitOf(root, fallback))
}

function debitOf(root: Field, fallback: Currency | undefined): Debit {
  const orderId = nameOf(at(root, 'order_id'))
  const currency = currencyOf(at(root, 'currency_iso_code'), fallback)
  return {
    // Paid on shipment, one order has several debits: the entity tells them apart.
    id: nameOrNull(at(root, 'debit_entity', 'id')) ?? orderId,
    domain: 'product',
    entityType: nameOrNull(at(root, 'debit_entity', 'type')) ?? 'ORDER',
    orderId,
    purchaseId: nameOf(at(root, 'order_commercial_id')),
    customerId: nameOf(at(root, 'customer_id')),
    sellerId: nameOf(at(root, 'shop_id')),
    amount: priceOf(at(root, 'amount'), currency),
    currency,
    imprintNumber: nameOrNull(at(root, 'imprint_number')),
    payOutPspCode: nameOrNull(at(root, 'pay_out_psp_code')) ?? 'NOT_SPECIFIED',
  }
}

/** Tells that a debit was paid or refused (PA01); exactly the amount that PA11 named is sent back. */
export async function confirmDebit(client: Client, confirmation: DebitConfirmation): Promise<Told> {
  const { debit, paid, reference } = confirmation
  const order = {
    order_id: debit.orderId,
    customer_id: debit.customerId,
    payment_status: paid ? 'OK' : 'REFUSED',
    ...(paid ? { amount: decimal(formatDecimal(debit)) } : {}),
    currency_iso_code: debit.currency,
    ...(reference === null ? {} : { transaction_number: reference }),
    transaction_date: timeText(confirmation.at),
    debit_entity: { id: debit.id, type: debit.entityType },
  }
  return toldOf(await client.write('PA01', { orders: [order] }))
}
