import { fieldsOf, listOfFields, readJson } from './body.ts'
import type { Fields } from './body.ts'
import { ExactNumber, toJson } from './decimal.ts'
import type { Order, Removal } from './model.ts'
import { acceptOrder, orderOf, shipOrder, StateError } from './order-flow.ts'
import { searchOrders } from './order-search.ts'
import { orderView } from './order-view.ts'
import { inTaxMode } from './order-tax-mode.ts'
import { offsetPage } from './paging.ts'
import type { RemovalInput } from './removal-amount.ts'
import { cancelLine, lineOf, openRefund } from './removals.ts'
import { choice } from './query.ts'
import { badRequest, json, noContent } from './reply.ts'
import type { Call, Route } from './router.ts'
import type { Store } from './store.ts'

/** OR11, OR21, OR24, OR28 and OR30. */
export function orderRoutes(store: Store): Route[] {
  return [
    { code: 'OR11', method: 'GET', path: '/api/orders', answer: call => listOrders(store, call) },
    {
      code: 'OR28',
      method: 'PUT',
      path: '/api/orders/refund',
      answer: call => remove(store, call, 'refunds'),
    },
    {
      code: 'OR30',
      method: 'PUT',
      path: '/api/orders/cancel',
      answer: call => remove(store, call, 'cancelations'),
    },
    {
      code: 'OR21',
      method: 'PUT',
      path: '/api/orders/:id/accept',
      answer: call => accept(store, call),
    },
    {
      code: 'OR24',
      method: 'PUT',
      path: '/api/orders/:id/ship',
      answer: call => {
        shipOrder(store, orderOf(store, call.part('id')).id)
        return noContent()
      },
    },
  ]
}

const taxModes = ['TAX_INCLUDED', 'TAX_EXCLUDED'] as const

function listOrders(store: Store, { url, query }: Call): Response {
  const rows = searchOrders(store, query)
  const word = choice(query, 'order_tax_mode', taxModes)
  const mode = taxModes.find(one => one === word)
  const view = (order: Order): unknown =>
    orderView(store, mode === undefined ? order : inTaxMode(order, mode))
  return offsetPage(url, 'orders', rows, view, { switchable: true })
}

async function accept(store: Store, call: Call): Promise<Response> {
  const order = orderOf(store, call.part('id'))
  const body = fieldsOf(await readJson(call.request), 'body', ['order_lines'])
  const decisions = new Map(
    listOfFields(body.raw('order_lines'), 'order_lines', ['id', 'accepted']).map(line => [
      line.identifier('id'),
      line.boolean('accepted') ?? false,
    ]),
  )
  for (const line of order.lines) {
    if (!decisions.has(line.id)) throw badRequest('ORDER_LINE_ACCEPTANCE_DECISION_MISSING')
  }
  const refuseLines = order.lines.map(line => line.id).filter(id => decisions.get(id) === false)
  acceptOrder(store, order.id, { refuseLines })
  return noContent()
}

const removalKeys = [
  'order_line_id',
  'amount',
  'shipping_amount',
  'quantity',
  'reason_code',
  'currency_iso_code',
  'taxes',
  'shipping_taxes',
]

/** OR28 and OR30: the same body under two names. */
async function remove(
  store: Store,
  { request }: Call,
  name: 'refunds' | 'cancelations',
): Promise<Response> {
  const body = fieldsOf(await readJson(request), 'body', ['order_tax_mode', name])
  const mode = body.optionalText('order_tax_mode')
  const removed = listOfFields(body.raw(name), name, removalKeys).map(fields => {
    const lineId = fields.identifier('order_line_id')
    const { order, line } = lineOf(store, lineId)
    checkOrder(order, mode, fields.optionalText('currency_iso_code'))
    const input = removalInput(fields)
    const id =
      name === 'refunds' ? openRefund(store, lineId, input) : cancelLine(store, lineId, input)
    const list: Removal[] = name === 'refunds' ? line.refunds : line.cancelations
    const found = list.find(one => one.id === id)
    if (found === undefined) throw new StateError(`The order line '${lineId}' was not changed`)
    return removedView(order, lineId, found, name)
  })
  return json({
    order_tax_mode: mode ?? 'TAX_INCLUDED',
    [name]: removed,
  })
}

function checkOrder(order: Order, mode: string | undefined, currency: string | undefined): void {
  if (mode !== undefined && mode !== order.taxMode) {
    throw badRequest(`The order '${order.id}' is ${order.taxMode}`)
  }
  if (currency !== undefined && currency !== order.currency) {
    throw badRequest(`The currency of the order '${order.id}' is ${order.currency}`)
  }
}

function removalInput(fields: Fields): RemovalInput {
  const exact = (key: string): string => {
    const value = fields.raw(key)
    if (!(value instanceof ExactNumber)) throw badRequest(`${key} must be a number`)
    return value.text
  }
  return {
    amount: exact('amount'),
    shippingAmount: fields.has('shipping_amount') ? exact('shipping_amount') : '0',
    quantity: fields.integer('quantity'),
    reasonCode: fields.identifier('reason_code'),
    ...(fields.has('taxes') ? { taxes: taxInputs(fields, 'taxes') } : {}),
    ...(fields.has('shipping_taxes') ? { shippingTaxes: taxInputs(fields, 'shipping_taxes') } : {}),
  }
}

function taxInputs(fields: Fields, key: string): { code: string; amount: string }[] {
  const list = fields.raw(key)
  if (!Array.isArray(list)) throw badRequest(`${key} must be an array`)
  return list.map(element => {
    const tax = fieldsOf(element, key, ['code', 'amount'])
    const amount = tax.raw('amount')
    if (!(amount instanceof ExactNumber)) throw badRequest(`${key}.amount must be a number`)
    return { code: tax.text('code'), amount: amount.text }
  })
}

function removedView(order: Order, lineId: string, removal: Removal, name: string): unknown {
  return {
    [name === 'refunds' ? 'refund_id' : 'cancelation_id']: removal.id,
    order_line_id: lineId,
    amount: toJson(removal.amount, order.currency),
    shipping_amount: toJson(removal.shipping, order.currency),
    quantity: removal.quantity,
    reason_code: removal.reasonCode,
    currency_iso_code: order.currency,
    taxes: [],
    shipping_taxes: [],
  }
}
