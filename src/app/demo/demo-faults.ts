import type { Fault } from '../../sandbox/faults.ts'
import type { StripeSandbox } from '../../sandbox/stripe/sandbox.ts'

/**
 * What goes wrong on the network during the week. Few enough for a minute, since clients really
 * wait; each kind at the calls where it would hurt: those that move money.
 */
export const networkFaults: readonly Fault[] = [
  {
    side: 'stripe',
    kind: 'rate_limited',
    path: '/v1/transfers',
    probability: 0.05,
    times: 3,
    retryAfterSeconds: 1,
  },
  {
    side: 'stripe',
    kind: 'cut_after',
    method: 'POST',
    path: '/v1/transfers',
    probability: 0.05,
    times: 4,
  },
  {
    side: 'stripe',
    kind: 'error_html',
    method: 'POST',
    path: '/v1/transfers',
    probability: 0.04,
    times: 2,
  },
  {
    side: 'stripe',
    kind: 'cut_after',
    method: 'POST',
    path: '/capture',
    probability: 0.05,
    times: 3,
  },
  {
    side: 'stripe',
    kind: 'error_json',
    method: 'POST',
    path: '/capture',
    probability: 0.04,
    times: 2,
  },
  {
    side: 'stripe',
    kind: 'cut_before',
    method: 'POST',
    path: '/capture',
    probability: 0.04,
    times: 2,
  },
  {
    side: 'stripe',
    kind: 'cut_after',
    method: 'POST',
    path: '/v1/payouts',
    probability: 0.3,
    times: 2,
  },
  {
    side: 'stripe',
    kind: 'cut_after',
    method: 'POST',
    path: '/v1/accounts',
    probability: 0.1,
    times: 1,
  },
  {
    side: 'mirakl',
    kind: 'rate_limited',
    path: '/api/orders',
    probability: 0.05,
    times: 2,
    retryAfterSeconds: 1,
  },
  {
    side: 'mirakl',
    kind: 'cut_after',
    method: 'PUT',
    path: '/api/payment/debit',
    probability: 0.05,
    times: 4,
  },
  {
    side: 'mirakl',
    kind: 'error_html',
    method: 'PUT',
    path: '/api/payment/debit',
    probability: 0.03,
    times: 2,
  },
  {
    side: 'mirakl',
    kind: 'cut_after',
    method: 'PUT',
    path: '/api/invoices',
    probability: 0.2,
    times: 1,
  },
]

/** Webhooks that come twice, late, or not at all. */
export function disturbWebhooks(stripe: StripeSandbox): void {
  stripe.disturbDelivery({
    action: 'duplicate',
    type: 'payment_intent.amount_capturable_updated',
    times: 15,
  })
  stripe.disturbDelivery({
    action: 'delay',
    type: 'payment_intent.succeeded',
    times: 15,
    delaySeconds: 5400,
  })
  stripe.disturbDelivery({ action: 'duplicate', type: 'transfer.created', times: 15 })
  stripe.disturbDelivery({ action: 'drop', type: 'charge.captured', times: 10 })
  stripe.disturbDelivery({ action: 'duplicate', type: 'payout.paid', times: 3 })
  stripe.disturbDelivery({ action: 'drop', type: 'payout.paid', times: 1 })
}
