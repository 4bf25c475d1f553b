import { sum } from './decimal.ts'
import { isLive, lineGross, removalGross } from './line-amount.ts'
import type { Cancelation, Line, Order, Refund, Removal } from './model.ts'
import { debitsOf, dropDebit, moveOrder, orderStateOf, StateError } from './order-flow.ts'
import { leftOf, less, portionOf } from './removal-amount.ts'
import type { RemovalInput } from './removal-amount.ts'
import type { Store } from './store.ts'

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
  const portion = portionOf(lineId, line, input, order.currency)
  const cancelation: Cancelation = { ...newRemoval(store, input.reasonCode ?? '34'), ...portion }
  // A canceled amount leaves the line; a refunded one does not.
  Object.assign(line, less(line, portion))
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
  moveOrder(store, order, orderStateOf(store, order), [])
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
  const portion = portionOf(lineId, leftOf(line), input, order.currency)
  const refund: Refund = {
    ...newRemoval(store, input.reasonCode ?? '19'),
    ...portion,
    orderRefundId: store.uuid(),
    state: 'WAITING_REFUND',
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

function newRemoval(
  store: Store,
  reasonCode: string,
): Pick<Removal, 'id' | 'createdAt' | 'reasonCode'> {
  return { id: String(store.nextNumber('removal')), createdAt: store.now(), reasonCode }
}
