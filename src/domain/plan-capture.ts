import { operatorFunding, orderedShare, releasedFunding, releasedShare } from './order-amounts.ts'
import { type Order, isAborted, needsDebit, stageOf } from './order.ts'
import { type Check, type Decision, type Plan, type Representable, check, decide } from './plan.ts'
import type { Facts } from './json.ts'
import type { MovementKind } from './movement.ts'
import type { Payment } from './payment.ts'
import type { ReasonCode } from './reasons.ts'

/** What is done when an authorisation is about to end and not every order is decided. */
export type NearExpiry = 'wait' | 'capture_confirmed'

export interface CaptureFacts {
  readonly payment: Payment
  /** Every order of the purchase, read just now. */
  readonly orders: readonly Order[]
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

/** What of the customer's authorisation a seller's refusals and cancelations release. */
function releasedByCustomer(order: Order): bigint {
  return releasedShare(order) - releasedFunding(order)
}

/** What of the customer's authorisation is for this order: without the operator's own part of it. */
export function orderedByCustomer(order: Order): bigint {
  return orderedShare(order) - operatorFunding(order) - releasedFunding(order)
}

/**
 * What is left of an authorisation once refused and canceled parts are taken off. Goods of the
 * operator in the same basket are in the authorisation and in no order: they stay.
 */
function kept(facts: CaptureFacts, orders: readonly Order[]): bigint {
  const released = facts.orders
    .map(order => (orders.includes(order) ? releasedByCustomer(order) : orderedByCustomer(order)))
    .reduce((left, right) => left + right, 0n)
  return facts.payment.authorized - released - facts.askedBack
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

function checks(facts: CaptureFacts, amount: bigint): Check[] {
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
    check('amount_differs', amount < 0n, sums),
    check('paused', facts.paused),
  ]
}

/**
 * The capture of a payment: what was authorised less what was refused, canceled or asked back, over
 * all orders of the purchase. When nothing is left it is a `void`.
 */
export function planCapture(facts: CaptureFacts, representable: Representable): Plan {
  const { payment } = facts
  const amount = kept(facts, ordersToCapture(facts))
  const list = checks(facts, amount)
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
  const made = decide(list, amount > 0n ? amount : null, move)
  return planOf(payment, kind, '', list, made.decision, {
    ...made.facts,
    orders: ordersToCapture(facts).map(order => order.id),
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
  const released = orders
    .map(order => (isAborted(order) ? orderedByCustomer(order) : releasedByCustomer(order)))
    .reduce((left, right) => left + right, 0n)
  // What was captured less is not owed back: so a capture of our own never asks for a refund too.
  const owed = released - (payment.authorized - payment.captured - facts.askedBack)
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
    check('amount_differs', owed > payment.captured - payment.refunded, sums),
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
  const made =
    owed <= 0n ? { decision: { to: 'nothing' } as const, facts: {} } : decide(list, owed, move)
  return planOf(payment, 'refund', 'refused', list, made.decision, made.facts)
}
