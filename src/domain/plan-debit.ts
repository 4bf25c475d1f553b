import { type Check, check } from './plan.ts'
import type { Debit } from './debit.ts'
import type { Payment } from './payment.ts'
import { type ReasonCode, reasons } from './reasons.ts'

export interface DebitFacts {
  readonly debit: Debit
  readonly payment: Payment | null
  /** What other debits of the purchase were already confirmed, in minor units. */
  readonly confirmedSoFar: bigint
  /**
   * The payment was captured near its end without this order (setting `capture_confirmed`), so
   * nothing is left that could pay for it.
   */
  readonly leftOut: boolean
  readonly barred: ReasonCode | null
  readonly paused: boolean
}

export type DebitDecision =
  | { readonly to: 'confirm'; readonly reference: string }
  | { readonly to: 'refuse'; readonly reason: ReasonCode }
  | { readonly to: 'hold'; readonly reason: ReasonCode }

export interface DebitPlan {
  readonly checks: readonly Check[]
  readonly decision: DebitDecision
  readonly facts: Check['facts']
}

/**
 * What the marketplace is told about a debit (PA01): OK when the customer's payment stands for it,
 * REFUSED when the payment failed for good, nothing while that is open.
 */
export function planDebit(facts: DebitFacts): DebitPlan {
  const { debit, payment } = facts
  const status = payment?.status
  const covered = payment === null ? 0n : payment.authorized - payment.refunded
  const sums = {
    debit: debit.amount.toString(),
    confirmedSoFar: facts.confirmedSoFar.toString(),
    authorized: payment?.authorized.toString() ?? null,
  }
  const checks = [
    ...(facts.barred === null ? [] : [check(facts.barred, true)]),
    check('payment_failed', status === 'failed', { failure: payment?.failure ?? null }),
    check('payment_canceled', status === 'canceled' || facts.leftOut, {
      payment: payment?.id ?? null,
    }),
    check('payment_refunded', status === 'refunded', { payment: payment?.id ?? null }),
    check('payment_unknown', payment === null, { purchase: debit.purchaseId }),
    check('payment_pending', status === 'pending', { payment: payment?.id ?? null }),
    check('currency_differs', payment !== null && payment.currency !== debit.currency, {
      debit: debit.currency,
      payment: payment?.currency ?? null,
    }),
    check('amount_differs', facts.confirmedSoFar + debit.amount > covered, sums),
    check('paused', facts.paused),
  ]
  const stopped = checks.find(each => each.stops)
  if (stopped === undefined) {
    const reference = payment?.chargeId ?? payment?.id ?? ''
    return { checks, decision: { to: 'confirm', reference }, facts: sums }
  }
  const to = reasons[stopped.reason].final ? 'refuse' : 'hold'
  return { checks, decision: { to, reason: stopped.reason }, facts: stopped.facts }
}
