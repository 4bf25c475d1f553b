import type { Json } from '../../domain/json.ts'
import type { ServiceDebit } from '../../domain/service-debit.ts'
import type { Page, Reading } from '../../workflows/ports.ts'
import { portions } from './endpoints.ts'
import {
  priceOf,
  at,
  currencyOf,
  dateOf,
  dateOrNull,
  type Field,
  readingOf,
  nameOf,
  nameOrNull,
} from './fields.ts'
import { type Reader, rowsUnder, seekPages } from './pages.ts'

/**
 * Debits of service orders (SPA11), a hundred orders per call: a look-up that belongs to the run
 * which asks, and 120 calls a minute are 12 000 orders.
 */
export async function* readServiceDebits(
  reader: Reader,
  orderIds: readonly string[],
): AsyncGenerator<Page<ServiceDebit>> {
  for (const ids of portions([...new Set(orderIds)])) {
    yield* seekPages(reader, {
      // The path is /api/mms/debits, not /api/mms/orders/debits; keys repeat without brackets.
      code: 'SPA11',
      query: ids.map(id => ['order_id', id] as const),
      rows: rowsUnder('data'),
      read: readServiceDebit,
    })
  }
}

/**
 * One debit of SPA11, or set aside with the field that could not be read; under the id of its
 * order, as it is the order that cannot be paid out.
 */
export function readServiceDebit(raw: Json): Reading<ServiceDebit> {
  return readingOf(raw, [['order_id'], ['id']], debitOf)
}

function debitOf(root: Field): ServiceDebit {
  const currency = currencyOf(at(root, 'currency_code'))
  const state = stateOf(at(root, 'state'))
  const paid = state === 'paid'
  return {
    id: nameOf(at(root, 'id')),
    orderId: nameOf(at(root, 'order_id')),
    customerId: nameOrNull(at(root, 'customer_id')) ?? '',
    amount: priceOf(at(root, 'amount'), currency),
    currency,
    state,
    paidAt: paid ? paidAtOf(root) : null,
    reference: paid ? nameOrNull(at(root, 'transaction_number')) : null,
  }
}

function stateOf(field: Field): ServiceDebit['state'] {
  const state = nameOf(field)
  if (state === 'OK') return 'paid'
  return state === 'REFUSED' ? 'refused' : 'waiting'
}

/** `transaction_date` is optional in SPA01: without it, when the debit last changed. */
function paidAtOf(root: Field): Date {
  return (
    dateOrNull(at(root, 'transaction_date')) ??
    dateOrNull(at(root, 'date_updated')) ??
    dateOf(at(root, 'date_created'))
  )
}
