import type { Cycle, DocumentDetail, Pair } from './accounting-model.ts'
import { toJson } from './decimal.ts'
import { seconds } from './reply.ts'
import type { MiraklSettings } from './settings.ts'

const unusedPairs = [
  'total_non_payable_orders',
  'total_refund_non_payable_orders',
  'total_fee',
  'total_refund_fee',
  'total_fee_operator_remitted',
  'total_refund_fee_operator_remitted',
  'total_operator_paid_shipping_charges',
  'total_refund_operator_paid_shipping_charges',
  'total_seller_fees_on_orders',
  'total_seller_penalty_fees',
]

const unusedTotals = ['total_purchase_taxes', 'total_refund_purchase_taxes']

/** The `total_*` keys that IV01 and SBC11 share, signed from the seller's point of view. */
export function summaryTotals(settings: MiraklSettings, cycle: Cycle): Record<string, unknown> {
  const { parts, currency } = cycle
  const totals: Record<string, unknown> = {}
  const set = (name: string, pair: Pair): void => {
    totals[`${name}_excl_tax`] = toJson(pair.excluded, currency)
    totals[`${name}_incl_tax`] = toJson(pair.included, currency)
  }
  const zero: Pair = { excluded: 0n, included: 0n }
  for (const name of unusedPairs) set(name, zero)
  for (const name of unusedTotals) totals[name] = toJson(0n, currency)
  const { remittedTaxes, refundRemittedTaxes } = parts
  totals['total_operator_remitted_taxes'] = toJson(remittedTaxes.included, currency)
  totals['total_refund_operator_remitted_taxes'] = toJson(refundRemittedTaxes.included, currency)
  set('total_payable_orders', parts.payableOrders)
  set('total_refund_orders', parts.refunds)
  set('total_refund_payable_orders', parts.refunds)
  set('total_commissions', parts.commissions)
  set('total_refund_commissions', parts.refundCommissions)
  set('total_subscription', parts.subscription)
  // The signs of these two contradict each other in what Mirakl publishes (IV01 against SBC11).
  const turned = (pair: Pair): Pair =>
    settings.reversedManualSigns ? { excluded: -pair.excluded, included: -pair.included } : pair
  set('total_other_invoices', turned(parts.otherInvoices))
  set('total_other_credits', turned(parts.otherCredits))
  return totals
}

/** The lines of the cycle's AUTO_INVOICE: what the operator charges the seller. */
export function cycleDetails(cycle: Cycle): DocumentDetail[] {
  const { parts } = cycle
  const from = seconds(cycle.start).slice(0, 10)
  const to = seconds(cycle.end).slice(0, 10)
  const detail = (description: string, pair: Pair): DocumentDetail[] =>
    pair.included === 0n
      ? []
      : [
          {
            description,
            quantity: 1,
            excluded: -pair.excluded,
            tax: -(pair.included - pair.excluded),
          },
        ]
  return [
    ...detail(`Commissions of completed orders from ${from} to ${to}`, parts.commissions),
    ...detail('Refunded commissions', parts.refundCommissions),
    ...detail('Subscription', parts.subscription),
  ]
}
