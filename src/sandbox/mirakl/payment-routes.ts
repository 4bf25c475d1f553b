import { fieldsOf, listOfFields, readJson } from './body.ts'
import type { Fields } from './body.ts'
import { toText } from './decimal.ts'
import { debitAmount, removalDebit } from './line-amount.ts'
import type { Debit, Order } from './model.ts'
import { confirmDebit, debitsOf, orderOf, wrongState } from './order-flow.ts'
import { linkHeader, offsetOf } from './paging.ts'
import { debitView, refundOrderView } from './payment-view.ts'
import { cancelUnpaid, confirmRefund } from './removals.ts'
import { badRequest, json, noContent } from './reply.ts'
import type { Call, Route } from './router.ts'
import type { Store } from './store.ts'

/** PA11, PA01, PA12 and PA02. */
export function paymentRoutes(store: Store): Route[] {
  const debit = '/api/payment/debit'
  const refund = '/api/payment/refund'
  return [
    { code: 'PA11', method: 'GET', path: debit, answer: call => listDebits(store, call) },
    { code: 'PA01', method: 'PUT', path: debit, answer: call => confirmDebits(store, call) },
    { code: 'PA12', method: 'GET', path: refund, answer: call => listRefunds(store, call) },
    { code: 'PA02', method: 'PUT', path: refund, answer: call => confirmRefunds(store, call) },
  ]
}

function listDebits(store: Store, call: Call): Response {
  const rows = store.remember('PA11', () => [...store.debits.values()])
  return wrapped(store, call.url, rows, debit => debitView(store, debit))
}

function listRefunds(store: Store, call: Call): Response {
  const rows = store.remember('PA12', () => [...store.refundOrders.values()])
  return wrapped(store, call.url, rows, order => refundOrderView(order))
}

/** The double wrapper of PA11 and PA12, a heritage of their XML form. */
function wrapped<T>(
  store: Store,
  url: URL,
  rows: readonly T[],
  view: (row: T) => unknown,
): Response {
  const page = offsetOf(url.searchParams)
  const order = rows.slice(page.offset, page.offset + page.max).map(view)
  const bare = order.length === 0 && store.settings.emptyListVariant === 'no_key'
  return json(
    { orders: bare ? {} : { order }, total_count: rows.length },
    200,
    linkHeader(url, page, rows.length),
  )
}

const debitKeys = [
  'order_id',
  'customer_id',
  'payment_status',
  'amount',
  'currency_iso_code',
  'transaction_number',
  'transaction_date',
  'debit_entity',
]

/** All or nothing: every element is checked before any is applied. Real tenants are not documented here. */
async function confirmDebits(store: Store, { request }: Call): Promise<Response> {
  const body = fieldsOf(await readJson(request), 'body', ['orders'])
  const elements = listOfFields(body.raw('orders'), 'orders', debitKeys)
  const accepted = elements.map(fields => ({ fields, debit: checkDebit(store, fields) }))
  if (new Set(accepted.map(one => one.debit.entityId)).size < accepted.length) {
    throw badRequest('The same order is given more than once')
  }
  for (const { fields, debit } of accepted) {
    if (fields.text('payment_status') === 'OK') confirmDebit(store, debit, paymentOf(fields))
    else cancelUnpaid(store, debit.order, debit.lineIds)
  }
  return noContent()
}

function checkDebit(store: Store, fields: Fields): Debit {
  const order = orderOf(store, fields.identifier('order_id'))
  const status = fields.word('payment_status', ['OK', 'REFUSED'])
  if (fields.identifier('customer_id') !== order.customer.id) {
    throw badRequest(`The customer of the order with id '${order.id}' is another one`)
  }
  const debit = findDebit(store, order, fields)
  if (debit === undefined) {
    const target = status === 'OK' ? 'SHIPPING' : 'CANCELED'
    throw badRequest(wrongState(order.id, target, 'WAITING_DEBIT_PAYMENT'))
  }
  if (status === 'OK') {
    checkMoney(store, fields, order, debitAmount(order, debit.lineIds))
  }
  paymentOf(fields)
  return debit
}

function findDebit(store: Store, order: Order, fields: Fields): Debit | undefined {
  const entity = fields.object('debit_entity', ['id', 'type'])
  if (entity !== undefined) {
    entity.word('type', ['ORDER', 'SHIPMENT'])
    const debit = store.debits.get(entity.identifier('id'))
    return debit?.order === order ? debit : undefined
  }
  const open = debitsOf(store, order)
  if (open.length > 1)
    throw badRequest(`The order with id '${order.id}' has several debit entities`)
  return open[0]
}

function checkMoney(store: Store, fields: Fields, order: Order, expected: bigint): void {
  const given = fields.optionalText('currency_iso_code')
  if (given === undefined && order.currency !== store.settings.defaultCurrency) {
    throw badRequest('currency_iso_code is required for another currency than the default one')
  }
  if (given !== undefined && given !== order.currency) {
    throw badRequest(`The currency ${given} is not the expected ${order.currency}`)
  }
  const amount = fields.amount('amount', order.currency)
  if (amount !== expected && store.settings.wrongAmountRefused) {
    const [wrong, right] = [toText(amount, order.currency), toText(expected, order.currency)]
    throw badRequest(`The amount ${wrong} is not the expected ${right}`)
  }
}

/** The provider's number and date of a payment, as every confirmation carries them. Throws Refusal. */
export function paymentOf(fields: Fields): { number?: string; date?: number } {
  const number = fields.optionalText('transaction_number')
  const date = fields.date('transaction_date')
  return {
    ...(number === undefined ? {} : { number }),
    ...(date === undefined ? {} : { date }),
  }
}

const refundKeys = [
  'refund_id',
  'payment_status',
  'amount',
  'currency_iso_code',
  'transaction_number',
  'transaction_date',
]

async function confirmRefunds(store: Store, { request }: Call): Promise<Response> {
  const body = fieldsOf(await readJson(request), 'body', ['refunds', 'order_lines'])
  const elements = listOfFields(body.raw('refunds'), 'refunds', refundKeys)
  const accepted = elements.map(fields => {
    const id = fields.identifier('refund_id')
    const entry = store.refunds.get(id)
    const status = fields.word('payment_status', ['OK', 'REFUSED'])
    if (entry === undefined) throw badRequest(`Refund with id '${id}' not found`)
    if (entry.refund.state !== 'WAITING_REFUND_PAYMENT') {
      throw badRequest(
        `Cannot update the refund with id '${id}' to status 'REFUNDED'. The refund does not have the expected status 'WAITING_REFUND_PAYMENT'.`,
      )
    }
    const { order, refund } = entry
    if (status === 'OK') checkMoney(store, fields, order, removalDebit(refund, order.taxMode))
    return { id, status, payment: paymentOf(fields) }
  })
  if (new Set(accepted.map(one => one.id)).size < accepted.length) {
    throw badRequest('The same refund is given more than once')
  }
  for (const { id, status, payment } of accepted) {
    // What REFUSED does is not documented; here the refund goes on waiting.
    if (status === 'OK') confirmRefund(store, id, payment)
  }
  return noContent()
}
