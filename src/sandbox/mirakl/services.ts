import { sum, toMinor } from './decimal.ts'
import type { Amount } from './decimal.ts'
import type { Customer, ServiceOrder, ServicePayment, ServiceRefund } from './model.ts'
import { StateError } from './order-flow.ts'
import { customerOf } from './purchases.ts'
import { shopOf } from './shops.ts'
import type { Store } from './store.ts'

export interface ServiceInput {
  commercialId: string
  shopId: number
  customer?: Partial<Customer>
  currency?: string
  /** Of one unit, without tax, major units. */
  price: Amount
  quantity?: number
  tax?: Amount
  options?: { code: string; amount: Amount; tax?: Amount }[]
  commission?: Amount
  commissionTax?: Amount
  imprintNumber?: string | null
  /** Default PAY_ON_ACCEPTANCE. */
  workflow?: ServiceOrder['workflow']
  /** Default FIXED_PRICE. */
  priceType?: ServiceOrder['priceType']
}

export interface ServiceRefundInput {
  /** What the customer gets back, tax included, major units. */
  amount: Amount
  tax?: Amount
  commission?: Amount
  commissionTax?: Amount
  reasonCode?: string
}

/** Places a service order, `<commercialId>-1`, `-2`… Returns its id. */
export function placeServiceOrder(store: Store, input: ServiceInput): string {
  const shop = shopOf(store, input.shopId)
  let position = 1
  while (store.serviceOrders.has(`${input.commercialId}-${position}`)) position += 1
  const currency = input.currency ?? store.settings.defaultCurrency
  const minor = (amount: Amount | undefined): bigint => toMinor(amount ?? '0', currency)
  const order: ServiceOrder = {
    id: `${input.commercialId}-${position}`,
    sequence: store.nextNumber('sequence'),
    commercialId: input.commercialId,
    shopId: shop.id,
    state: 'WAITING_ACCEPTANCE',
    currency,
    workflow: input.workflow ?? 'PAY_ON_ACCEPTANCE',
    priceType: input.priceType ?? 'FIXED_PRICE',
    customer: customerOf(input.customer),
    imprintNumber: input.imprintNumber ?? null,
    unitPrice: minor(input.price),
    quantity: input.quantity ?? 1,
    tax: minor(input.tax),
    options: (input.options ?? []).map(option => ({
      code: option.code,
      amount: minor(option.amount),
      tax: minor(option.tax),
    })),
    commissionFee: minor(input.commission),
    commissionTax: minor(input.commissionTax),
    createdAt: store.now(),
    updatedAt: store.now(),
    refunds: [],
  }
  store.serviceOrders.set(order.id, order)
  store.changed()
  return order.id
}

/** Price with options and their taxes: what SPA11 asks for. */
export function serviceAmount(order: ServiceOrder): bigint {
  return order.unitPrice * BigInt(order.quantity) + optionTotal(order) + serviceTax(order)
}

/** All taxes of a service order. */
export function serviceTax(order: ServiceOrder): bigint {
  return order.tax + sum(order.options.map(option => option.tax))
}

function optionTotal(order: ServiceOrder): bigint {
  return sum(order.options.map(option => option.amount))
}

/** WAITING_ACCEPTANCE -> ORDER_ACCEPTED; paid on acceptance, its debit appears. */
export function acceptServiceOrder(store: Store, orderId: string): void {
  const order = moveService(store, orderId, ['WAITING_ACCEPTANCE'], 'ORDER_ACCEPTED')
  order.acceptedAt = store.now()
  if (order.workflow === 'PAY_ON_ACCEPTANCE') openServiceDebit(store, order)
}

/** WAITING_ACCEPTANCE -> ORDER_REFUSED. */
export function refuseServiceOrder(store: Store, orderId: string): void {
  moveService(store, orderId, ['WAITING_ACCEPTANCE'], 'ORDER_REFUSED')
}

/** ORDER_ACCEPTED or ORDER_PENDING -> ORDER_CONSUMED; paid after consumption, its debit appears. */
export function consumeServiceOrder(store: Store, orderId: string): void {
  const order = moveService(store, orderId, ['ORDER_ACCEPTED', 'ORDER_PENDING'], 'ORDER_CONSUMED')
  order.consumedAt = store.now()
  if (order.workflow === 'PAY_AFTER_CONSUMPTION') openServiceDebit(store, order)
}

/** ORDER_CONSUMED -> ORDER_CLOSED. */
export function closeServiceOrder(store: Store, orderId: string): void {
  moveService(store, orderId, ['ORDER_CONSUMED'], 'ORDER_CLOSED')
}

/** Opens a refund of a paid service order. Returns its id. Throws StateError. */
export function openServiceRefund(
  store: Store,
  orderId: string,
  input: ServiceRefundInput,
): string {
  const order = serviceOf(store, orderId)
  if (order.debit?.state !== 'OK') throw new StateError(`Service order '${orderId}' is not paid`)
  const minor = (amount: Amount | undefined): bigint => toMinor(amount ?? '0', order.currency)
  const refund: ServiceRefund = {
    ...newPayment(store, order, minor(input.amount)),
    tax: minor(input.tax),
    commissionFee: minor(input.commission),
    commissionTax: minor(input.commissionTax),
    reasonCode: input.reasonCode ?? '19',
  }
  const before = sum(order.refunds.map(other => other.amount))
  if (before + refund.amount > order.debit.amount) {
    throw new StateError(`The refund exceeds what is left of '${orderId}'`)
  }
  order.refunds.push(refund)
  store.serviceRefunds.set(refund.id, refund)
  touchService(store, order)
  return refund.id
}

/** SPA01 or SPA02 on one debit or refund. */
export function settleService(
  store: Store,
  payment: ServicePayment,
  state: 'OK' | 'REFUSED',
  provider: { number?: string; date?: number },
): void {
  payment.state = state
  payment.updatedAt = store.now()
  if (state === 'OK') {
    payment.paymentDate = provider.date ?? store.now()
    if (provider.number !== undefined) payment.paymentNumber = provider.number
  }
  const { order } = payment
  if (order.debit === payment && order.state === 'ORDER_ACCEPTED') {
    order.state = state === 'OK' ? 'ORDER_PENDING' : 'ORDER_CANCELLED'
  }
  touchService(store, order)
}

/** Throws StateError when there is no such service order. */
export function serviceOf(store: Store, orderId: string): ServiceOrder {
  const order = store.serviceOrders.get(orderId)
  if (order === undefined) throw new StateError(`Service order '${orderId}' not found`)
  return order
}

function openServiceDebit(store: Store, order: ServiceOrder): void {
  const debit = newPayment(store, order, serviceAmount(order))
  order.debit = debit
  store.serviceDebits.set(debit.id, debit)
  touchService(store, order)
}

function newPayment(store: Store, order: ServiceOrder, amount: bigint): ServicePayment {
  const now = store.now()
  const sequence = store.nextNumber('sequence')
  return {
    id: store.uuid(),
    sequence,
    order,
    amount,
    state: 'WAITING',
    createdAt: now,
    updatedAt: now,
  }
}

function moveService(
  store: Store,
  orderId: string,
  states: ServiceOrder['state'][],
  target: ServiceOrder['state'],
): ServiceOrder {
  const order = serviceOf(store, orderId)
  if (!states.includes(order.state)) {
    throw new StateError(`Service order '${orderId}' is ${order.state}, not ${states.join(' or ')}`)
  }
  order.state = target
  touchService(store, order)
  return order
}

function touchService(store: Store, order: ServiceOrder): void {
  order.updatedAt = store.now()
  store.changed()
}
