import type { Json } from '../../domain/json.ts'
import { formatDecimal } from '../../domain/money.ts'
import type { MarketplaceRefund } from '../../domain/refund.ts'
import type {
  Page,
  Reading,
  RefundConfirmation,
  ServiceDebitConfirmation,
  Told,
} from '../../workflows/ports.ts'
import { countRun, type Gate } from './budgets.ts'
import type { Client } from './client.ts'
import { timeText } from './endpoints.ts'
import { messageIn } from './failures.ts'
import {
  priceOf,
  at,
  currencyOf,
  type Field,
  listOf,
  readingOf,
  rootField,
  nameOf,
} from './fields.ts'
import { decimal, type Writable } from './lossless-json.ts'
import { type Reader, rowsUnder, seekPages } from './pages.ts'

/**
 * Refunds of service orders that wait (SPA12). The list holds paid ones too, so only WAITING counts;
 * all its pages are read before the first is given away, as each confirmation changes the list.
 */
export function readServiceRefunds(
  reader: Reader,
  gate: Gate,
): AsyncIterable<Page<MarketplaceRefund>> {
  return countRun(gate, 'SPA12', readAll(reader))
}

async function* readAll(reader: Reader): AsyncGenerator<Page<MarketplaceRefund>> {
  const pages: Page<MarketplaceRefund>[] = []
  const list = seekPages(reader, {
    code: 'SPA12',
    query: [],
    rows: rowsUnder('data'),
    read: readServiceRefund,
  })
  for await (const page of list) pages.push(page)
  yield* pages
}

/** One refund of SPA12, or set aside; null: it does not wait. A state that Mirakl adds one day does not. */
export function readServiceRefund(raw: Json): Reading<MarketplaceRefund> | null {
  if (at(rootField(raw), 'state').value !== 'WAITING') return null
  return readingOf(raw, [['id']], root => {
    const currency = currencyOf(at(root, 'currency_code'))
    return {
      id: nameOf(at(root, 'id')),
      domain: 'service',
      orderId: nameOf(at(root, 'order_id')),
      lineId: null,
      purchaseId: null,
      sellerId: null,
      amount: priceOf(at(root, 'amount'), currency),
      currency,
    }
  })
}

/** Tells that a refund of a service was paid or refused (SPA02). */
export function confirmServiceRefund(
  client: Client,
  { refund, paid, reference, at: moment }: RefundConfirmation,
): Promise<Told> {
  return settle(client, 'SPA02', 'refund', {
    ...elementOf(refund, paid, reference, moment),
    order_id: refund.orderId,
  })
}

/** Tells that the customer paid for a service, or that the payment failed (SPA01). */
export function confirmServiceDebit(
  client: Client,
  { debit, paid, reference, at: moment }: ServiceDebitConfirmation,
): Promise<Told> {
  return settle(client, 'SPA01', 'debit', {
    ...elementOf(debit, paid, reference, moment),
    order_id: debit.orderId,
  })
}

function elementOf(
  money: { readonly id: string; readonly amount: bigint; readonly currency: string },
  paid: boolean,
  reference: string | null,
  moment: Date,
) {
  return {
    id: money.id,
    amount: decimal(formatDecimal(money)),
    currency_code: money.currency,
    state: paid ? 'OK' : 'REFUSED',
    ...(reference === null ? {} : { transaction_number: reference }),
    transaction_date: timeText(moment),
  }
}

/** The body is a top-level array of one, and the answer is 200 even when that one was refused. */
async function settle(
  client: Client,
  code: 'SPA01' | 'SPA02',
  kind: 'debit' | 'refund',
  element: { readonly id: string } & { readonly [key: string]: Writable },
): Promise<Told> {
  const written = await client.write(code, [element])
  if (written.result !== 'told') return written
  const root = rootField(written.body)
  const named = (row: Field, key: string) => at(row, key).value === element.id
  const errors = rowsOf(at(root, 'errors')).filter(row => named(row, `${kind}_id`))
  const [error] = errors
  if (error !== undefined) {
    const said = messageIn({ errors: at(error, `${kind}_errors`).value ?? [] })
    return { result: 'refused', message: said ?? `Mirakl refused the ${kind}.` }
  }
  const done = rowsOf(at(root, 'success', `${kind}s`)).some(row => named(row, 'id'))
  return done
    ? { result: 'told' }
    : { result: 'unknown', message: `Mirakl did not name the ${kind} in its answer.` }
}

function rowsOf(field: Field): readonly Field[] {
  return Array.isArray(field.value) ? listOf(field) : []
}
