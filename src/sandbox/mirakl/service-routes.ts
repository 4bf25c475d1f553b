import { fieldsOf, readJson } from './body.ts'
import type { Fields } from './body.ts'
import type { ServiceOrder, ServicePayment } from './model.ts'
import { openSeek, seekPage } from './paging.ts'
import type { SeekOptions } from './paging.ts'
import { paymentOf } from './payment-routes.ts'
import { choice, dateOf, repeated } from './query.ts'
import { badRequest, json, Refusal } from './reply.ts'
import type { Call, Route } from './router.ts'
import { servicePaymentView, serviceView } from './service-view.ts'
import {
  acceptServiceOrder,
  consumeServiceOrder,
  refuseServiceOrder,
  settleService,
} from './services.ts'
import type { Store } from './store.ts'

const newestFirst: SeekOptions = { maxLimit: 100, defaultOrder: 'DESC' }

/** SOR11, SOR21, SOR22, SOR25, SPA11, SPA01, SPA12 and SPA02. */
export function serviceRoutes(store: Store): Route[] {
  const step = (
    code: string,
    path: string,
    change: (store: Store, orderId: string) => void,
  ): Route => ({
    code,
    method: 'PUT',
    path: `/api/mms/orders/:id/${path}`,
    answer: call => {
      change(store, call.part('id'))
      return new Response(null, { status: 204 })
    },
  })
  const debits = '/api/mms/debits'
  const refunds = '/api/mms/refunds'
  return [
    { code: 'SOR11', method: 'GET', path: '/api/mms/orders', answer: call => list(store, call) },
    step('SOR21', 'accept', acceptServiceOrder),
    step('SOR22', 'refuse', refuseServiceOrder),
    step('SOR25', 'consume', consumeServiceOrder),
    {
      code: 'SPA11',
      method: 'GET',
      path: debits,
      answer: call => listPayments(store, call, 'debits', store.serviceDebits),
    },
    {
      code: 'SPA01',
      method: 'PUT',
      path: debits,
      answer: call => settle(store, call, 'debit', store.serviceDebits),
    },
    {
      code: 'SPA12',
      method: 'GET',
      path: refunds,
      answer: call => listPayments(store, call, 'refunds', store.serviceRefunds),
    },
    {
      code: 'SPA02',
      method: 'PUT',
      path: refunds,
      answer: call => settle(store, call, 'refund', store.serviceRefunds),
    },
  ]
}

function list(store: Store, { url }: Call): Response {
  const seek = openSeek(url)
  const { query } = seek
  const among = (name: string): Set<string> | undefined => {
    const values = repeated(query, name)
    return values === undefined ? undefined : new Set(values)
  }
  const ids = among('order_id')
  const purchases = among('commercial_order_id')
  const states = among('state')
  const customers = among('customer_id')
  const createdFrom = dateOf(query, 'date_created_start')
  const createdTo = dateOf(query, 'date_created_end')
  const updatedFrom = dateOf(query, 'date_updated_start')
  const updatedTo = dateOf(query, 'date_updated_end')
  const refunded = choice(query, 'refunded', ['NO', 'PARTIAL', 'FULL'])
  const wanted = (order: ServiceOrder): boolean =>
    (ids?.has(order.id) ?? true) &&
    (purchases?.has(order.commercialId) ?? true) &&
    (states?.has(order.state) ?? true) &&
    (customers?.has(order.customer.id) ?? true) &&
    order.createdAt >= (createdFrom ?? 0) &&
    order.createdAt <= (createdTo ?? Infinity) &&
    order.updatedAt >= (updatedFrom ?? 0) &&
    order.updatedAt <= (updatedTo ?? Infinity) &&
    (refunded === undefined || refundedPart(order) === refunded)
  const rows = [...store.serviceOrders.values()].filter(wanted)
  return seekPage(seek, rows, order => serviceView(store, order), newestFirst)
}

function refundedPart(order: ServiceOrder): 'NO' | 'PARTIAL' | 'FULL' {
  let total = 0n
  for (const refund of order.refunds) total += refund.amount
  if (total === 0n) return 'NO'
  return total === order.debit?.amount ? 'FULL' : 'PARTIAL'
}

function listPayments(
  store: Store,
  { url }: Call,
  name: string,
  payments: ReadonlyMap<string, ServicePayment>,
): Response {
  const seek = openSeek(url)
  const ids = repeated(seek.query, 'order_id')
  const all = store.remember(name, () => [...payments.values()])
  const rows = ids === undefined ? all : all.filter(one => ids.includes(one.order.id))
  return seekPage(seek, rows, servicePaymentView, newestFirst)
}

const paymentKeys = [
  'id',
  'order_id',
  'amount',
  'currency_code',
  'state',
  'transaction_number',
  'transaction_date',
]

interface PaymentError {
  code: string
  field?: string
  message: string
}

/** A top-level array; each element is accepted or refused by itself, with 200 (SPA01, SPA02). */
async function settle(
  store: Store,
  { request }: Call,
  kind: 'debit' | 'refund',
  payments: ReadonlyMap<string, ServicePayment>,
): Promise<Response> {
  const body = await readJson(request)
  if (!Array.isArray(body)) throw badRequest('The request body must be an array')
  if (body.length > 100) throw badRequest('The limit of 100 is exceeded')
  const errors: unknown[] = []
  const done: unknown[] = []
  for (const element of body) {
    const fields = fieldsOf(element, kind, paymentKeys)
    const id = fields.identifier('id')
    const payment = payments.get(id)
    const error =
      payment === undefined
        ? { code: `${kind}_not_found`, field: 'id', message: `${title(kind)} not found` }
        : check(store, kind, fields, payment)
    if (error === undefined && payment !== undefined) {
      const state = fields.word('state', ['OK', 'REFUSED'])
      // A refused refund goes on waiting: SPA12 knows WAITING and OK only.
      if (kind === 'debit' || state === 'OK')
        settleService(store, payment, state, paymentOf(fields))
      done.push({ id })
    } else errors.push({ [`${kind}_id`]: id, [`${kind}_errors`]: [error] })
  }
  return json({ errors, success: { [`${kind}s`]: done } })
}

function check(
  store: Store,
  kind: string,
  fields: Fields,
  payment: ServicePayment,
): PaymentError | undefined {
  const wrong = (field: string, message: string): PaymentError => ({
    code: `${kind}_invalid_${field}`,
    field,
    message,
  })
  const { order } = payment
  fields.word('state', ['OK', 'REFUSED'])
  paymentOf(fields)
  if (fields.identifier('order_id') !== order.id) return wrong('order_id', 'Wrong order')
  if (fields.text('currency_code') !== order.currency)
    return wrong('currency_code', 'Wrong currency')
  if (payment.state !== 'WAITING') return wrong('state', `${title(kind)} is ${payment.state}`)
  try {
    const amount = fields.amount('amount', order.currency)
    const differs = amount !== payment.amount && store.settings.wrongAmountRefused
    return differs ? wrong('amount', 'The amount is not the expected one') : undefined
  } catch (error) {
    if (error instanceof Refusal) return wrong('amount', error.message)
    throw error
  }
}

function title(kind: string): string {
  return kind === 'debit' ? 'Debit' : 'Refund'
}
