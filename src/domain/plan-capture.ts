import { type Order, isAborted, needsDebit, stageOf } from './order.ts'
import { type Check, type Decision, type Plan, type Representable, check, decide } from './plan.ts'
import type { Facts } from './json.ts'
import type { MovementKind } from './movement.ts'
import { differsFromEstimate, orderedWorth, releasedOfKept } from './ordered-worth.ts'
import type { Payment } from './payment.ts'
import type { ReasonCode } from './reasons.ts'

/** What is done when an authorisation is about to end and not every order is decided. */
export type NearExpiry = 'wait' | 'capture_confirmed'

export interface CaptureFacts {
  readonly payment: Payment
  /** Every order of the purchase, read just now: products, and services where they are read. */
  readonly orders: readonly Order[]
  /** Are services read? Without, one counts as goods that no order names. */
  readonly withServices?: boolean
  /** Refunds that the marketplace asked for before the capture: they are captured less. */
  readonly askedBack: bigint
  /** Their ids. */
  readonly askedBackFor?: readonly string[]
  /** Orders whose confirmation as paid has been sent and not answered: it may have been heard. */
  readonly beingTold?: readonly string[]
  readonly now: Date
  readonly nearExpiry: NearExpiry
  /** How long before its end an authorisation counts as about to end, in seconds. */
  readonly warnSeconds: number
  readonly paused: boolean
  /** Another payment of the same purchase that is used for it: the customer is charged once. */
  readonly rival: string | null
  /** An order of this purchase that could not be read: nobody knows what it releases. */
  readonly unreadable: string | null
  /** Why nothing of this environment or this purchase may be moved, if so. */
  readonly barred: ReasonCode | null
}

/** Is the authorisation about to end (or past its end)? */
export function nearsExpiry(payment: Payment, now: Date, warnSeconds: number): boolean {
  if (payment.status !== 'authorized' || payment.captureBefore === null) return false
  return payment.captureBefore.getTime() - now.getTime() <= warnSeconds * 1000
}

function confirmed(order: Order): boolean {
  return order.debitedAt !== null || !needsDebit(order)
}

/** Orders that the customer pays: accepted by the seller and confirmed to the marketplace. */
function isKept(order: Order): boolean {
  return stageOf(order) === 'kept' && confirmed(order)
}

/** What a purchase gives back of its authorisation, and what nobody can say of it. */
interface Released {
  /** Minor units; without the orders of `unknown`. */
  readonly amount: bigint
  /** Orders whose worth has to be known and is not. */
  readonly unknown: readonly string[]
  /** The sums do not fit: what was authorised beside an estimate may be a margin or own goods. */
  readonly isUnclear: boolean
}

/** Goods of the operator in the same basket are in the authorisation and in no order: they stay. */
function releasedOf(facts: CaptureFacts, counted: readonly Order[]): Released {
  const { orders, payment } = facts
  const worth = orderedWorth(orders, payment.authorized)
  const isKnown = (order: Order) => worth.has(order.id)
  const needed = orders.filter(
    order => !counted.includes(order) || (order.quote?.estimated === true && order.total !== 0n),
  )
  const parts = orders.map(order =>
    counted.includes(order)
      ? releasedOfKept(order, worth.get(order.id))
      : (worth.get(order.id) ?? 0n),
  )
  const ordered = sum([...worth.values()])
  return {
    amount: sum(parts),
    unknown: needed.filter(order => !isKnown(order)).map(order => order.id),
    isUnclear:
      counted.some(order => differsFromEstimate(order, worth.get(order.id))) &&
      ordered !== payment.authorized,
  }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((left, right) => left + right, 0n)
}

/** Are all orders of the purchase decided by their sellers and, if kept, confirmed? */
export function isSettled(orders: readonly Order[]): boolean {
  return orders.every(order => isAborted(order) || isKept(order))
}

/** Orders that count as kept now: with `capture_confirmed` near the end, only the confirmed ones. */
export function ordersToCapture(facts: CaptureFacts): readonly Order[] {
  const near = nearsExpiry(facts.payment, facts.now, facts.warnSeconds)
  // What the marketplace may believe to be paid is captured too: its seller may already ship it.
  const counts = (order: Order) =>
    isKept(order) || (!isAborted(order) && facts.beingTold?.includes(order.id) === true)
  if (near && facts.nearExpiry === 'capture_confirmed') return facts.orders.filter(counts)
  return facts.orders.filter(order => !isAborted(order))
}

/**
 * Goods of the operator in the same basket: what was authorised for no order. Minor units; null: not
 * every order is known, or what one was worth.
 */
export function ownGoods({ payment, orders, unreadable }: CaptureFacts): bigint | null {
  if (orders.length === 0 || unreadable !== null) return null
  const worth = orderedWorth(orders, payment.authorized)
  if (orders.some(order => !worth.has(order.id))) return null
  return payment.authorized - sum([...worth.values()])
}

function checks(facts: CaptureFacts, amount: bigint, released: Released): Check[] {
  const { payment, orders, now } = facts
  const counted = ordersToCapture(facts)
  const waived = counted.length < orders.filter(order => !isAborted(order)).length
  const open = waived ? [] : orders.filter(order => stageOf(order) === 'undecided')
  // Near the end nobody waits for an answer any more.
  const near = nearsExpiry(payment, now, facts.warnSeconds)
  const hurries = near && facts.nearExpiry === 'capture_confirmed'
  const owing = hurries ? [] : counted.filter(order => !isAborted(order) && !isKept(order))
  const gone = payment.status === 'canceled' || payment.status === 'failed'
  const believed = orders.some(order => order.debitedAt !== null && !isAborted(order))
  const over = payment.captureBefore !== null && payment.captureBefore <= now
  const sums = { authorized: payment.authorized.toString(), toCapture: amount.toString() }
  const wrongCurrency = orders.some(order => order.currency !== payment.currency)
  return [
    ...(facts.barred === null ? [] : [check(facts.barred, true)]),
    check('already_captured', payment.status === 'captured' || payment.status === 'refunded'),
    check('capture_lost', gone && believed, { payment: payment.status }),
    check('payment_failed', payment.status === 'failed', { failure: payment.failure }),
    check('payment_canceled', payment.status === 'canceled'),
    check('payment_pending', payment.status === 'pending'),
    check('payment_ambiguous', facts.rival !== null, { used: facts.rival }),
    check('set_aside', facts.unreadable !== null, { order: facts.unreadable }),
    check('authorization_expired', over, {
      captureBefore: payment.captureBefore?.toISOString() ?? null,
    }),
    check(
      'workflow_unsupported',
      orders.some(order => order.workflow === 'PAY_ON_SHIPMENT'),
    ),
    check('order_not_decided', open.length > 0, { orders: open.map(order => order.id) }),
    check('order_not_debited', owing.length > 0, { orders: owing.map(order => order.id) }),
    check('currency_differs', wrongCurrency, { payment: payment.currency }),
    worthCheck(released),
    check('amount_differs', amount < 0n || amount > payment.authorized || released.isUnclear, sums),
    check('paused', facts.paused),
  ]
}

function worthCheck({ unknown }: Released): Check {
  return check('order_worth_unknown', unknown.length > 0, { orders: [...unknown] })
}

/**
 * The capture of a payment: what was authorised less what was refused, canceled or asked back, over
 * all orders of the purchase. When nothing is left it is a `void`.
 */
export function planCapture(facts: CaptureFacts, representable: Representable): Plan {
  const { payment } = facts
  const counted = ordersToCapture(facts)
  const released = releasedOf(facts, counted)
  const amount = payment.authorized - released.amount - facts.askedBack
  const list = checks(facts, amount, released)
  const ids = { intentId: payment.intentId, chargeId: payment.chargeId }
  // A rest that the provider cannot express (less than 0.010 KWD) is nothing to capture.
  const nothing = amount >= 0n && representable(amount, payment.currency) === 0n
  const kind = nothing ? 'void' : 'capture'
  const move = (): Decision => ({
    to: 'move',
    amount: nothing ? payment.authorized : amount,
    instruction: {
      do: kind,
      ...ids,
      currency: payment.currency,
      amount: nothing ? payment.authorized : representable(amount, payment.currency),
    },
  })
  const isKnown = amount > 0n && released.unknown.length === 0
  const made =
    // Nothing was authorised: there is neither something to take nor to release.
    payment.authorized === 0n
      ? { decision: { to: 'nothing' } as const, facts: {} }
      : decide(list, isKnown ? amount : null, move)
  return planOf(payment, kind, '', list, made.decision, {
    ...made.facts,
    orders: counted.map(order => order.id),
    ...(facts.withServices === true ? { withServices: true } : {}),
    ownGoods: ownGoods(facts)?.toString() ?? null,
    ...(facts.askedBack === 0n ? {} : { askedBack: [...(facts.askedBackFor ?? [])] }),
  })
}

/** A plan for one payment: it touches its purchase, and no seller, order or cycle of its own. */
function planOf(
  payment: Payment,
  kind: MovementKind,
  part: string,
  checks: readonly Check[],
  decision: Decision,
  facts: Facts,
): Plan {
  return {
    kind,
    source: { type: 'payment', id: payment.id, part, sequence: 1 },
    parties: {
      sellerId: null,
      orderId: null,
      purchaseId: payment.purchaseId,
      cycleId: null,
      paymentId: payment.id,
    },
    currency: payment.currency,
    account: null,
    checks,
    decision,
    facts,
  }
}

/**
 * A charge that was captured when it was made needs no capture; what its sellers refused goes back
 * to the customer, once, when every order of the purchase is decided.
 */
export function planReturnOfRefused(facts: CaptureFacts, representable: Representable): Plan {
  const { payment, orders } = facts
  // Of an order that was given up nothing is kept, whatever its lines still say.
  const released = releasedOf(
    facts,
    orders.filter(order => !isAborted(order)),
  )
  // What was captured less is not owed back: so a capture of our own never asks for a refund too.
  const owed = released.amount - (payment.authorized - payment.captured - facts.askedBack)
  const open = orders.filter(order => stageOf(order) === 'undecided')
  const owing = orders.filter(order => !isAborted(order) && !isKept(order))
  const sums = { captured: payment.captured.toString(), toRefund: owed.toString() }
  const list = [
    ...(facts.barred === null ? [] : [check(facts.barred, true)]),
    check('payment_refunded', payment.status === 'refunded'),
    check('payment_unknown', payment.chargeId === null),
    check('payment_ambiguous', facts.rival !== null, { used: facts.rival }),
    check('set_aside', facts.unreadable !== null, { order: facts.unreadable }),
    check('order_not_decided', open.length > 0, { orders: open.map(order => order.id) }),
    check('order_not_debited', owing.length > 0, { orders: owing.map(order => order.id) }),
    worthCheck(released),
    check('amount_differs', owed > payment.captured - payment.refunded || released.isUnclear, sums),
    check('paused', facts.paused),
  ]
  const move = (): Decision => ({
    to: 'move',
    amount: owed,
    instruction: {
      do: 'refund',
      chargeId: payment.chargeId ?? '',
      currency: payment.currency,
      amount: representable(owed, payment.currency),
    },
  })
  const isKnown = released.unknown.length === 0 && !released.isUnclear
  const made =
    owed <= 0n && isKnown
      ? { decision: { to: 'nothing' } as const, facts: {} }
      : decide(list, isKnown ? owed : null, move)
  return planOf(payment, 'refund', 'refused', list, made.decision, made.facts)
}
