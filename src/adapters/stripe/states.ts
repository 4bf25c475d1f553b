import type { Outcome, OutcomeDetail } from '../../domain/outcome.ts'
import { fromStripe } from './amounts.ts'
import { rejected, unknown } from './outcome.ts'
import { idOf, type PayoutShape, type RefundShape, type TopupShape } from './shapes.ts'

/** What the state of an object of Stripe's says about the movement that made it. */

/** A payout: paid is landed, as far as Stripe knows; it may still come back as `failed` later. */
export function outcomeOfPayout(payout: PayoutShape): Outcome {
  const bank = idOf(payout.destination)
  const detail: OutcomeDetail = {
    providerStatus: payout.status,
    ...(typeof payout.arrival_date === 'number' ? { arrivesAt: payout.arrival_date } : {}),
    amount: fromStripe(payout.amount, payout.currency),
    ...(bank === null ? {} : { bank }),
  }
  switch (payout.status) {
    case 'paid':
      return { result: 'succeeded', providerId: payout.id, detail }
    case 'pending':
    case 'in_transit':
      return { result: 'accepted', providerId: payout.id, detail }
    case 'failed': {
      const code = payout.failure_code ?? 'payout_failed'
      const message = payout.failure_message ?? 'The bank refused the payout.'
      return { ...rejected('bank_refused', code, message, payout.id), detail }
    }
    case 'canceled':
      return rejected('canceled_at_provider', 'canceled', 'The payout was canceled.', payout.id)
    default:
      return unknown(`The payout ${payout.id} is ${payout.status}.`, true)
  }
}

/** A top-up: money from the operator's own bank, that the bank may take back (`reversed`). */
export function outcomeOfTopup(topup: TopupShape): Outcome {
  const detail: OutcomeDetail = {
    providerStatus: topup.status,
    amount: fromStripe(topup.amount, topup.currency),
  }
  switch (topup.status) {
    case 'succeeded':
      return { result: 'succeeded', providerId: topup.id, detail }
    case 'pending':
      return { result: 'accepted', providerId: topup.id, detail }
    case 'failed':
    case 'reversed': {
      const code = topup.failure_code ?? `topup_${topup.status}`
      const message = topup.failure_message ?? 'The bank did not send the money, or took it back.'
      return rejected('bank_refused', code, message, topup.id)
    }
    case 'canceled':
      return rejected('canceled_at_provider', 'canceled', 'The top-up was canceled.', topup.id)
    default:
      return unknown(`The top-up ${topup.id} is ${topup.status}.`, true)
  }
}

/** A refund. `pending` may wait for the platform's balance, `requires_action` for the customer. */
export function outcomeOfRefund(refund: RefundShape): Outcome {
  const detail: OutcomeDetail = {
    providerStatus: refund.status ?? 'succeeded',
    amount: fromStripe(refund.amount, refund.currency),
  }
  switch (refund.status) {
    // Null is how Stripe shows refunds of methods without a state of their own.
    case null:
    case undefined:
    case 'succeeded':
      return { result: 'succeeded', providerId: refund.id, detail }
    case 'pending':
    case 'requires_action':
      return { result: 'accepted', providerId: refund.id, detail }
    case 'failed': {
      const code = refund.failure_reason ?? 'refund_failed'
      return rejected('provider_refused', code, `The refund failed: ${code}.`, refund.id)
    }
    case 'canceled':
      return rejected('canceled_at_provider', 'canceled', 'The refund was canceled.', refund.id)
    default:
      return unknown(`The refund ${refund.id} is ${refund.status}.`, true)
  }
}

/** A transfer or a reversal is done when it exists. */
export function outcomeOfTransfer(made: {
  readonly id: string
  readonly amount: number
  readonly currency: string
}): Outcome {
  const amount = fromStripe(made.amount, made.currency)
  return { result: 'succeeded', providerId: made.id, detail: { amount } }
}
