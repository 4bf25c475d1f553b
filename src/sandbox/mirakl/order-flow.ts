import { isLive, liveLines } from './line-amount.ts'
import type { Debit, Line, Order, OrderState } from './model.ts'
import type { Store } from './store.ts'

/** The order or line is in a state that does not allow what was asked. */
export class StateError extends Error {}

/** Throws StateError when there is no such order. */
export function orderOf(store: Store, orderId: string): Order {
  const order = store.orders.get(orderId)
  if (order === undefined) throw new StateError(`Order with id '${orderId}' not found`)
  return order
}

/** Moves the order, and the given lines (default: the live ones not refunded), to a state. */
export function moveOrder(store: Store, order: Order, state: OrderState, lines?: Line[]): void {
  const from = order.state
  const moved = lines ?? liveLines(order).filter(line => line.state !== 'REFUNDED')
  for (const line of moved) line.state = state
  order.state = state
  store.touch(order)
  if (from !== state) for (const listener of store.stateListeners) listener(order, from, state)
}

/** STAGING -> WAITING_ACCEPTANCE, as OR02 does after the fraud check. */
export function confirmStaging(store: Store, orderId: string): void {
  const order = expect(store, orderId, ['STAGING'], 'WAITING_ACCEPTANCE')
  moveOrder(store, order, 'WAITING_ACCEPTANCE')
}

/** The seller accepts; refused lines keep their price. All lines refused: the order is REFUSED. */
export function acceptOrder(
  store: Store,
  orderId: string,
  options: { refuseLines?: readonly string[] } = {},
): void {
  const order = expect(store, orderId, ['WAITING_ACCEPTANCE'], 'WAITING_DEBIT')
  const refused = options.refuseLines ?? []
  for (const id of refused) {
    if (!order.lines.some(line => line.id === id)) throw new StateError(`There is no line ${id}`)
  }
  order.acceptedAt = store.now()
  for (const line of order.lines) {
    if (isLive(line) && refused.includes(line.id)) {
      line.state = 'REFUSED'
      line.reasonCode = '1'
    }
  }
  if (liveLines(order).length === 0) {
    const all = order.lines.every(line => line.state === 'REFUSED')
    moveOrder(store, order, all ? 'REFUSED' : 'CANCELED', [])
    return
  }
  switch (order.workflow) {
    case 'PAY_ON_ACCEPTANCE':
      moveOrder(store, order, 'WAITING_DEBIT')
      if (store.settings.automaticDebit) emitDebit(store, orderId)
      return
    // The customer pays later, or Mirakl is never told: the order goes to its seller unpaid.
    case 'PAY_ON_DELIVERY':
    case 'PAY_ON_DUE_DATE':
    case 'PAY_ON_SHIPMENT':
    case 'NO_CUSTOMER_PAYMENT_CONFIRMATION':
      moveOrder(store, order, 'SHIPPING')
  }
}

/** The seller refuses every line. */
export function refuseOrder(store: Store, orderId: string): void {
  const order = orderOf(store, orderId)
  acceptOrder(store, orderId, { refuseLines: order.lines.map(line => line.id) })
}

/** WAITING_DEBIT -> WAITING_DEBIT_PAYMENT: the debit is listed by PA11. Returns the debit entity's id. */
export function emitDebit(store: Store, orderId: string): string {
  const order = expect(store, orderId, ['WAITING_DEBIT'], 'WAITING_DEBIT_PAYMENT')
  const lines = liveLines(order)
  openDebit(store, order, lines, 'ORDER', order.id)
  moveOrder(store, order, 'WAITING_DEBIT_PAYMENT')
  return order.id
}

/**
 * SHIPPING -> SHIPPED, for all lines or some. With PAY_ON_SHIPMENT each call is a shipment with a debit of its own.
 * Returns the debit entity of the shipment, if any.
 */
export function shipOrder(
  store: Store,
  orderId: string,
  options: { lineIds?: readonly string[] } = {},
): string | undefined {
  const perShipment = orderOf(store, orderId).workflow === 'PAY_ON_SHIPMENT'
  const allowed: OrderState[] = perShipment ? ['SHIPPING', 'WAITING_DEBIT_PAYMENT'] : ['SHIPPING']
  const order = expect(store, orderId, allowed, 'SHIPPED')
  const lines = liveLines(order).filter(
    line => line.state === 'SHIPPING' && options.lineIds?.includes(line.id) !== false,
  )
  if (lines.length === 0) throw new StateError(`Order '${orderId}' has no line to ship`)
  for (const line of lines) line.shippedAt = store.now()
  if (perShipment) {
    const entityId = store.uuid()
    openDebit(store, order, lines, 'SHIPMENT', entityId)
    moveOrder(store, order, 'WAITING_DEBIT_PAYMENT', lines)
    return entityId
  }
  for (const line of lines) line.state = 'SHIPPED'
  const rest = liveLines(order).some(line => line.state === 'SHIPPING')
  moveOrder(store, order, rest ? 'SHIPPING' : 'SHIPPED', [])
  return undefined
}

/** SHIPPED -> RECEIVED; with payment on delivery or on a due date the debit is called for now. */
export function receiveOrder(store: Store, orderId: string): void {
  const order = expect(store, orderId, ['SHIPPED', 'TO_COLLECT'], 'RECEIVED')
  for (const line of liveLines(order)) line.receivedAt = store.now()
  const unpaid = order.debitedAt === undefined
  if (unpaid && ['PAY_ON_DELIVERY', 'PAY_ON_DUE_DATE'].includes(order.workflow)) {
    moveOrder(store, order, 'WAITING_DEBIT')
    if (store.settings.automaticDebit) emitDebit(store, orderId)
    return
  }
  moveOrder(store, order, 'RECEIVED')
}

/** RECEIVED -> CLOSED. */
export function closeOrder(store: Store, orderId: string): void {
  moveOrder(store, expect(store, orderId, ['RECEIVED'], 'CLOSED'), 'CLOSED')
}

/** The customer has paid a debit: PA01 with OK. */
export function confirmDebit(
  store: Store,
  debit: Debit,
  payment: { number?: string; date?: number },
): void {
  const { order } = debit
  const now = store.now()
  store.debits.delete(debit.entityId)
  const lines = liveLines(order).filter(line => debit.lineIds.includes(line.id))
  for (const line of lines) line.debitedAt = now
  if (payment.number !== undefined) order.paymentNumber = payment.number
  order.paymentDate = payment.date ?? now
  // Only when nothing is left to pay: a connector that splits on this date must not split too early.
  if (liveLines(order).every(line => line.debitedAt !== undefined)) order.debitedAt = now
  for (const line of lines) line.state = stateAfterDebit(line)
  moveOrder(store, order, orderStateOf(store, order), [])
}

/** The customer could not pay a debit: PA01 with REFUSED. The caller cancels the lines. */
export function dropDebit(store: Store, debit: Debit): void {
  store.debits.delete(debit.entityId)
}

/** The order's debits that wait for their confirmation: one, or one per shipment. */
export function debitsOf(store: Store, order: Order): Debit[] {
  if (order.workflow === 'PAY_ON_SHIPMENT') {
    return [...store.debits.values()].filter(debit => debit.order === order)
  }
  const debit = store.debits.get(order.id)
  return debit === undefined ? [] : [debit]
}

/** The order's state as its lines have it, after some of them were paid or canceled. */
export function orderStateOf(store: Store, order: Order): OrderState {
  const live = liveLines(order)
  if (live.length === 0) {
    return order.lines.every(line => line.state === 'REFUSED') ? 'REFUSED' : 'CANCELED'
  }
  if (debitsOf(store, order).length > 0) return 'WAITING_DEBIT_PAYMENT'
  const states = live.map(line => line.state)
  const progress = ['WAITING_DEBIT', 'SHIPPING', 'SHIPPED', 'RECEIVED'] as const
  return progress.find(state => states.includes(state)) ?? order.state
}

/** An order is SHIPPING once paid, unless it was shipped or received before it was paid. */
function stateAfterDebit(line: Line): OrderState {
  if (line.receivedAt !== undefined) return 'RECEIVED'
  return line.shippedAt === undefined ? 'SHIPPING' : 'SHIPPED'
}

function openDebit(
  store: Store,
  order: Order,
  lines: Line[],
  entityType: Debit['entityType'],
  entityId: string,
): void {
  const lineIds = lines.map(line => line.id)
  const debit: Debit = { entityId, entityType, order, lineIds, createdAt: store.now() }
  store.debits.set(entityId, debit)
  store.changed()
  for (const listener of store.debitListeners) listener(debit)
}

/** The order, when it is in one of the states. Throws StateError with the text Mirakl writes. */
function expect(
  store: Store,
  orderId: string,
  states: readonly OrderState[],
  target: OrderState,
): Order {
  const order = orderOf(store, orderId)
  if (!states.includes(order.state)) {
    throw new StateError(wrongState(orderId, target, states[0] ?? target))
  }
  return order
}

/** The documented message of a change that the order's state does not allow (PA01). */
export function wrongState(orderId: string, target: OrderState, expected: OrderState): string {
  return `Cannot update the order with id '${orderId}' to status '${target}'. The order does not have the expected status '${expected}'.`
}
