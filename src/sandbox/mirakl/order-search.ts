import type { Order } from './model.ts'
import { choice, dateOf, flag, listOf, numbers } from './query.ts'
import { badRequest } from './reply.ts'
import type { Store } from './store.ts'

const orderStates = [
  'STAGING',
  'WAITING_ACCEPTANCE',
  'WAITING_DEBIT',
  'WAITING_DEBIT_PAYMENT',
  'SHIPPING',
  'SHIPPED',
  'TO_COLLECT',
  'RECEIVED',
  'CLOSED',
  'REFUSED',
  'CANCELED',
  'WAITING_REFUND',
  'WAITING_REFUND_PAYMENT',
]

const refundStates = [
  'WAITING_REFUND_TAX_CONFIRMATION',
  'WAITING_REFUND',
  'WAITING_REFUND_PAYMENT',
  'REFUNDED',
]

type Test = (order: Order) => boolean

/** Orders that OR11's parameters ask for, by creation. The same question about unchanged orders is answered from memory. */
export function searchOrders(store: Store, query: URLSearchParams): readonly Order[] {
  const filters = new URLSearchParams(query)
  for (const name of ['max', 'offset', 'paginate']) filters.delete(name)
  filters.sort()
  return store.remember(`OR11 ${filters}`, () => {
    const tests = testsOf(query, store)
    const rows = candidates(store, query).filter(order => tests.every(test => test(order)))
    const sort = query.get('sort')
    if (sort !== null && sort !== 'dateCreated') throw badRequest('Invalid sort')
    return choice(query, 'order', ['asc', 'desc']) === 'desc' ? rows.toReversed() : rows
  })
}

/** The smallest known superset of the answer, by creation. */
function candidates(store: Store, query: URLSearchParams): Order[] {
  const ids = listOf(query, 'order_ids')
  const purchases = listOf(query, 'commercial_ids')
  if (ids !== undefined) {
    return byCreation(ids.flatMap(id => store.orders.get(id) ?? []))
  }
  if (purchases !== undefined) {
    return byCreation(purchases.flatMap(id => store.purchases.get(id) ?? []))
  }
  const updated = updatedSince(store, query)
  if (updated !== undefined) {
    const from = firstFrom(store.changes, updated, change => change.at)
    // Nearly everything changed: walking the list in its order is cheaper than sorting.
    if (store.changes.length - from > store.orderList.length / 2) return store.orderList
    const changed = store.changes
      .slice(from)
      .filter(entry => entry.order.change === entry.change)
      .map(entry => entry.order)
    return byCreation(changed)
  }
  const created = dateOf(query, 'start_date')
  if (created === undefined) return store.orderList
  const from = firstFrom(store.orderList, wholeSecond(created), order => order.createdAt)
  return store.orderList.slice(from)
}

function byCreation(orders: Order[]): Order[] {
  return [...new Set(orders)].sort((left, right) => left.sequence - right.sequence)
}

function updatedSince(store: Store, query: URLSearchParams): number | undefined {
  const since = dateOf(query, 'start_update_date')
  if (since === undefined) return undefined
  return wholeSecond(since) - store.settings.updateSafetySeconds * 1000
}

function firstFrom<T>(rows: readonly T[], at: number, dateOfRow: (row: T) => number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]
    if (row !== undefined && dateOfRow(row) < at) low = middle + 1
    else high = middle
  }
  return low
}

/** Boundaries are inclusive by the second, because answers show seconds. */
function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000
}

function testsOf(query: URLSearchParams, store: Store): Test[] {
  const tests: Test[] = [...dateTests(query, store)]
  const among = (name: string, value: (order: Order) => string): void => {
    const wanted = listOf(query, name)
    if (wanted === undefined) return
    const set = new Set(wanted)
    tests.push(order => set.has(value(order)))
  }
  among('order_ids', order => order.id)
  among('commercial_ids', order => order.commercialId)
  among('customer_ids', order => order.customer.id)
  const shops = numbers(listOf(query, 'shop_ids'), 'shop_ids')
  if (shops !== undefined) tests.push(order => shops.has(order.shopId))
  const offers = numbers(listOf(query, 'offer_ids'), 'offer_ids')
  if (offers !== undefined) tests.push(order => order.lines.some(line => offers.has(line.offerId)))
  const skus = listOf(query, 'product_skus')
  if (skus !== undefined) {
    tests.push(order => order.lines.some(line => skus.includes(`P-${line.offerId}`)))
  }
  words(query, 'order_state_codes', orderStates)
  among('order_state_codes', order => order.state)
  among('payment_workflow', order => order.workflow)
  const debited = flag(query, 'customer_debited')
  if (debited !== undefined) tests.push(order => (order.debitedAt !== undefined) === debited)
  const refundWords = words(query, 'refund_state_codes', refundStates)
  if (refundWords !== undefined) {
    checkRefundRange(query, store)
    tests.push(order =>
      order.lines.some(line => line.refunds.some(refund => refundWords.includes(refund.state))),
    )
  }
  // The simulated tenant has no incidents, channels, organisations or references.
  for (const name of absent) {
    const value = query.get(name)
    if (value !== null && value !== '' && value !== 'false') tests.push(() => false)
  }
  return tests
}

const MONTH = 31 * 86_400_000

/** Mirakl answers refund states only within a month of updates (OR11). */
function checkRefundRange(query: URLSearchParams, store: Store): void {
  const from = dateOf(query, 'start_update_date')
  const to = dateOf(query, 'end_update_date') ?? store.now()
  if (from === undefined || to - from > MONTH) {
    throw badRequest('refund_state_codes needs a range of update dates of at most one month')
  }
}

const absent = [
  'has_incident',
  'waiting_tax_confirmation',
  'waiting_funding_confirmation',
  'tax_recalculation_required_only',
  'channel_codes',
  'customer_organization_ids',
  'order_references_for_customer',
  'order_references_for_seller',
]

function dateTests(query: URLSearchParams, store: Store): Test[] {
  const tests: Test[] = []
  const start = dateOf(query, 'start_date')
  const end = dateOf(query, 'end_date')
  const updated = updatedSince(store, query)
  const updatedEnd = dateOf(query, 'end_update_date')
  if (start !== undefined) tests.push(order => order.createdAt >= wholeSecond(start))
  if (end !== undefined) tests.push(order => wholeSecond(order.createdAt) <= end)
  if (updated !== undefined) tests.push(order => order.updatedAt >= updated)
  if (updatedEnd !== undefined) tests.push(order => wholeSecond(order.updatedAt) <= updatedEnd)
  return tests
}

function words(
  query: URLSearchParams,
  name: string,
  allowed: readonly string[],
): string[] | undefined {
  const list = listOf(query, name)
  for (const word of list ?? []) {
    if (!allowed.includes(word)) throw badRequest(`Invalid value for the parameter : ${name}`)
  }
  return list
}
