import { proportion, sum, toMinor } from './decimal.ts'
import type { Amount } from './decimal.ts'
import { isLive, lineGross, removalGross } from './line-amount.ts'
import type { Cancelation, Line, Order, Refund, Removal, Tax } from './model.ts'
import { debitsOf, dropDebit, moveOrder, orderStateOf, StateError } from './order-flow.ts'
import { taxesOf } from './purchases.ts'
import type { TaxInput } from './purchases.ts'
import type { Store } from './store.ts'

/** What is taken off a line; taxes and commission follow in proportion unless given. */
export interface RemovalInput {
  /** Of the price, major units. */
  amount?: Amount
  shippingAmount?: Amount
  /** 0 is lawful: only money is given back. */
  quantity?: number
  taxes?: TaxInput
  shippingTaxes?: TaxInput
  commission?: Amount
  commissionTax?: Amount
  /** The operator's part of what is removed. */
  fundingOperator?: Amount
  reasonCode?: string
}

const cancelable = ['WAITING_ACCEPTANCE', 'WAITING_DEBIT', 'WAITING_DEBIT_PAYMENT', 'SHIPPING']
const refundable = ['SHIPPING', 'SHIPPED', 'TO_COLLECT', 'RECEIVED', 'CLOSED', 'INCIDENT_OPEN']

/** Cancels a line, or with an amount or quantity a part of it. Returns the cancelation's id. Throws StateError. */
export function cancelLine(store: Store, lineId: string, input: RemovalInput = {}): string {
  const { order, line } = lineOf(store, lineId)
  if (!isLive(line) || !cancelable.includes(line.state)) {
    throw new StateError(`The order line '${lineId}' cannot be canceled in state '${line.state}'`)
  }
  if (line.billedIn !== undefined || line.refunds.length > 0) {
    throw new StateError(`The order line '${lineId}' is billed or refunded and cannot be canceled`)
  }
  const cancelation: Cancelation = removal(store, order, line, input, '34')
  takeOff(line, cancelation)
  line.cancelations.push(cancelation)
  if (line.price === 0n && line.shipping === 0n) {
    line.state = 'CANCELED'
    line.reasonCode = cancelation.reasonCode
    line.quantity = 0
  }
  for (const debit of debitsOf(store, order)) {
    if (!hasLive(order, debit.lineIds)) dropDebit(store, debit)
  }
  const live = order.lines.filter(isLive)
  const allPaid = live.length > 0 && live.every(one => one.debitedAt !== undefined)
  if (allPaid && order.debitedAt === undefined) order.debitedAt = store.now()
  const settled = live.length > 0 && order.state !== 'WAITING_DEBIT_PAYMENT'
  moveOrder(store, order, settled ? order.state : orderStateOf(store, order), [])
  return cancelation.id
}

/** Cancels the lines of an order whose payment was refused. */
export function cancelUnpaid(store: Store, order: Order, lineIds: readonly string[]): void {
  for (const line of order.lines) {
    if (isLive(line) && lineIds.includes(line.id)) cancelLine(store, line.id, { reasonCode: '90' })
  }
}

/** Opens a refund on a paid line. Returns its id. Throws StateError when the line is not paid or has not so much left. */
export function openRefund(store: Store, lineId: string, input: RemovalInput = {}): string {
  const { order, line } = lineOf(store, lineId)
  const neverConfirmed = order.workflow === 'NO_CUSTOMER_PAYMENT_CONFIRMATION'
  if (!refundable.includes(line.state) || (line.debitedAt === undefined && !neverConfirmed)) {
    throw new StateError(`The order line '${lineId}' cannot be refunded in state '${line.state}'`)
  }
  const refund: Refund = {
    ...removal(store, order, line, input, '19'),
    orderRefundId: store.uuid(),
    state: 'WAITING_REFUND',
  }
  const before = sum(line.refunds.map(other => removalGross(other, order.taxMode)))
  if (before + removalGross(refund, order.taxMode) > lineGross(line, order.taxMode)) {
    throw new StateError(`The refund exceeds what is left of the order line '${lineId}'`)
  }
  line.refunds.push(refund)
  store.refunds.set(refund.id, { order, line, refund })
  store.touch(order)
  if (store.settings.automaticRefund) emitRefund(store, refund.id)
  return refund.id
}

/** WAITING_REFUND -> WAITING_REFUND_PAYMENT: listed by PA12. Throws StateError. */
export function emitRefund(store: Store, refundId: string): void {
  const entry = store.refunds.get(refundId)
  if (entry?.refund.state !== 'WAITING_REFUND')
    throw new StateError(`No refund '${refundId}' to emit`)
  entry.refund.state = 'WAITING_REFUND_PAYMENT'
  store.refundOrders.set(entry.order.id, entry.order)
  store.touch(entry.order)
  for (const listener of store.refundListeners) listener(entry.order, entry.refund)
}

/** The customer has the money back: PA02 with OK. */
export function confirmRefund(
  store: Store,
  refundId: string,
  payment: { number?: string; date?: number },
): void {
  const entry = store.refunds.get(refundId)
  if (entry === undefined) throw new StateError(`Refund '${refundId}' not found`)
  const { order, line, refund } = entry
  refund.state = 'REFUNDED'
  refund.confirmedAt = store.now()
  refund.paidAt = payment.date ?? refund.confirmedAt
  if (payment.number !== undefined) refund.paymentNumber = payment.number
  const waiting = order.lines.some(other =>
    other.refunds.some(one => one.state === 'WAITING_REFUND_PAYMENT'),
  )
  if (!waiting) store.refundOrders.delete(order.id)
  const refunded = sum(
    line.refunds
      .filter(one => one.state === 'REFUNDED')
      .map(one => removalGross(one, order.taxMode)),
  )
  if (refunded === lineGross(line, order.taxMode)) line.state = 'REFUNDED'
  store.touch(order)
}

/** Throws StateError when there is no such line. */
export function lineOf(store: Store, lineId: string): { order: Order; line: Line } {
  const entry = store.lines.get(lineId)
  if (entry === undefined) throw new StateError(`Order line with id '${lineId}' not found`)
  return entry
}

function hasLive(order: Order, lineIds: readonly string[]): boolean {
  return order.lines.some(line => isLive(line) && lineIds.includes(line.id))
}

function removal(
  store: Store,
  order: Order,
  line: Line,
  input: RemovalInput,
  reasonCode: string,
): Removal {
  const { currency } = order
  const whole = input.amount === undefined && input.shippingAmount === undefined
  const amount = whole ? line.price : toMinor(input.amount ?? '0', currency)
  const shipping = whole ? line.shipping : toMinor(input.shippingAmount ?? '0', currency)
  if (amount < 0n || shipping < 0n || amount > line.price || shipping > line.shipping) {
    throw new StateError(`The order line '${line.id}' has not so much left`)
  }
  const part = amount + shipping
  const total = line.price + line.shipping
  const scaled = (taxes: Tax[], of: bigint, from: bigint): Tax[] =>
    taxes
      .map(tax => ({ ...tax, amount: proportion(tax.amount, of, from) }))
      .filter(tax => tax.amount !== 0n)
  return {
    id: String(store.nextNumber('removal')),
    createdAt: store.now(),
    reasonCode: input.reasonCode ?? reasonCode,
    quantity: input.quantity ?? (whole ? line.quantity : 0),
    amount,
    shipping,
    taxes:
      input.taxes === undefined
        ? scaled(line.taxes, amount, line.price)
        : taxesOf(input.taxes, currency),
    shippingTaxes:
      input.shippingTaxes === undefined
        ? scaled(line.shippingTaxes, shipping, line.shipping)
        : taxesOf(input.shippingTaxes, currency),
    commissionFee:
      input.commission === undefined
        ? proportion(line.commissionFee, part, total)
        : toMinor(input.commission, currency),
    commissionTaxes:
      input.commissionTax === undefined
        ? scaled(line.commissionTaxes, part, total)
        : taxesOf(input.commissionTax, currency, 'TAXDEFAULT'),
    funding:
      input.fundingOperator === undefined
        ? proportion(line.funding, part, total)
        : toMinor(input.fundingOperator, currency),
  }
}

/** A canceled amount leaves the line; a refunded one does not. */
function takeOff(line: Line, part: Removal): void {
  line.price -= part.amount
  line.shipping -= part.shipping
  line.taxes = without(line.taxes, part.taxes)
  line.shippingTaxes = without(line.shippingTaxes, part.shippingTaxes)
  line.commissionFee -= part.commissionFee
  line.commissionTaxes = without(line.commissionTaxes, part.commissionTaxes)
  line.funding -= part.funding
  line.quantity = Math.max(0, line.quantity - part.quantity)
}

function without(taxes: Tax[], removed: Tax[]): Tax[] {
  return taxes
    .map(tax => {
      const less = sum(removed.filter(one => one.code === tax.code).map(one => one.amount))
      return { ...tax, amount: tax.amount - less }
    })
    .filter(tax => tax.amount !== 0n)
}
