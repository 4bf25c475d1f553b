import { type Check, type Decision, type Plan, type Representable, check, decide } from './plan.ts'
import type { MovementParties } from './movement.ts'
import type { Payment } from './payment.ts'
import type { ReasonCode } from './reasons.ts'
import type { RefundCase } from './refund.ts'

export interface RefundFacts {
  readonly refund: RefundCase
  readonly payment: Payment | null
  /** Does the marketplace wait for it now? What somebody else has paid meanwhile is not paid again. */
  readonly listed: boolean
  /** A capture or void of the payment was asked, and the answer is not known yet. */
  readonly captureAsked: boolean
  /** The payment was captured less by this refund, or was voided with it: nothing is to be refunded. */
  readonly capturedLess: boolean
  /**
   * Its own movement waits for the payment. What is given up is final, so it waits until the capture
   * has left the refund out: one that was decided before may still take the whole amount.
   */
  readonly held: boolean
  /** The refund's order is not known, or its newest reading failed: the field. */
  readonly unreadable: string | null
  readonly paused: boolean
  readonly barred: ReasonCode | null
}

/**
 * Is a refund given back by capturing less? Only an authorisation whose capture nobody has asked for
 * can be captured less; other orders of the purchase keep theirs.
 */
export function isReleasable(facts: RefundFacts): boolean {
  const { payment, refund } = facts
  const free = facts.listed && facts.unreadable === null && !facts.paused && facts.barred === null
  return (
    free &&
    payment?.status === 'authorized' &&
    payment.currency === refund.currency &&
    !facts.captureAsked
  )
}

/** Promised out of an authorisation that is still to be captured, or that was released as a whole. */
function isPromised({ refund, payment, held }: RefundFacts): boolean {
  const isFree = (payment?.status === 'authorized' && !held) || payment?.status === 'canceled'
  return isFree && refund.releasedBy === payment.id
}

function checks(facts: RefundFacts): Check[] {
  const { refund, payment } = facts
  const shown = { payment: payment?.id ?? null }
  const status = payment?.status
  const hasCharge = payment !== null && payment.chargeId !== null
  return [
    ...(facts.barred === null ? [] : [check(facts.barred, true)]),
    check('set_aside', facts.unreadable !== null, { field: facts.unreadable }),
    check('payment_unknown', !hasCharge && status !== 'pending' && status !== 'failed', {
      purchase: refund.purchaseId,
    }),
    check('payment_failed', status === 'failed', shown),
    check('payment_canceled', status === 'canceled', shown),
    check('payment_refunded', status === 'refunded', shown),
    check('payment_pending', status === 'pending', shown),
    // Seen as captured (an event) while our own capture has no answer: it may have left this out.
    check('payment_not_captured', status === 'authorized' || facts.captureAsked, shown),
    check('currency_differs', hasCharge && payment.currency !== refund.currency, {
      refund: refund.currency,
      payment: payment?.currency ?? null,
    }),
    check('refund_withdrawn', !facts.listed),
    check('paused', facts.paused),
  ]
}

/**
 * What the provider is asked: the amount rounded up to what it can express, but not above what is
 * left of the charge when only the rounding of the capture keeps it from fitting. An amount that
 * really exceeds the charge is asked for as it is: the provider refuses, and says so.
 */
function sentAmount(refund: RefundCase, payment: Payment, up: Representable, down: Representable) {
  const rounded = up(refund.amount, refund.currency)
  const left = payment.captured - payment.refunded
  const fits = left > 0n && down(refund.amount, refund.currency) <= left
  return rounded > left && fits ? left : rounded
}

/** The refund of a captured payment; `nothing` when it is given back by capturing less. */
export function planRefund(facts: RefundFacts, up: Representable, down: Representable): Plan {
  const { refund, payment } = facts
  const list = checks(facts)
  const settled = facts.capturedLess || isPromised(facts) || refund.amount <= 0n
  const move = (): Decision => ({
    to: 'move',
    amount: refund.amount,
    instruction: {
      do: 'refund',
      chargeId: payment?.chargeId ?? '',
      currency: refund.currency,
      amount: payment === null ? 0n : sentAmount(refund, payment, up, down),
    },
  })
  const made = settled
    ? { decision: { to: 'nothing' } as const, facts: {} }
    : decide(list, refund.amount, move)
  return {
    kind: 'refund',
    source: { type: 'refund', id: refund.id, part: '', sequence: 1 },
    parties: refundParties(refund, payment?.id ?? null),
    currency: refund.currency,
    account: null,
    checks: list,
    decision: made.decision,
    facts: { ...made.facts, ...(refund.lineId === null ? {} : { line: refund.lineId }) },
  }
}

/** Whom a refund touches, and what follows from it. */
export function refundParties(refund: RefundCase, paymentId: string | null): MovementParties {
  return {
    sellerId: refund.sellerId,
    orderId: refund.orderId,
    purchaseId: refund.purchaseId,
    cycleId: null,
    paymentId,
  }
}
