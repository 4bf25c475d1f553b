import type { Json } from './json.ts'
import type { Order } from './order.ts'

/**
 * What stays of an order. Everything that amounts and decisions are made from does; a field that is
 * added to orders does not compile until it is decided here.
 */
const keptOfOrder: Readonly<Record<keyof Order, 'stays' | 'goes'>> = {
  id: 'stays',
  purchaseId: 'stays',
  sellerId: 'stays',
  domain: 'stays',
  state: 'stays',
  currency: 'stays',
  taxMode: 'stays',
  createdAt: 'stays',
  updatedAt: 'stays',
  debitedAt: 'stays',
  workflow: 'stays',
  // Ids of the provider: without them the payment of a late refund is not found.
  transactionNumber: 'stays',
  imprintNumber: 'stays',
  payOutPspCode: 'stays',
  customerId: 'goes',
  commission: 'stays',
  total: 'stays',
  lines: 'stays',
  quote: 'stays',
  taxReadings: 'stays',
  taxesUnknown: 'stays',
}

/** The order without its customer; whatever an older version stored beside it goes too. */
export function redactedOrder(order: Order): Order {
  const known: Readonly<Record<string, 'stays' | 'goes'>> = keptOfOrder
  const kept = Object.entries(order).filter(([name]) => known[name] === 'stays')
  return { ...order, ...blank(order), ...Object.fromEntries(kept), customerId: '' }
}

/** Names that are not in the table, as `undefined`: JSON leaves them out. */
function blank(order: Order): Record<string, undefined> {
  return Object.fromEntries(Object.keys(order).map(name => [name, undefined]))
}

/** Fields of a webhook or a notification that name no person: ids, amounts, states, moments. */
export const keptOfPayload: ReadonlySet<string> = new Set([
  'id',
  'object',
  'type',
  'account',
  'created',
  'livemode',
  'api_version',
  'status',
  'amount',
  'amount_captured',
  'amount_received',
  'amount_refunded',
  'amount_reversed',
  'application_fee_amount',
  'currency',
  'charge',
  'payment_intent',
  'latest_charge',
  'balance_transaction',
  'destination',
  'destination_payment',
  'source_transaction',
  'transfer',
  'transfer_group',
  'transfer_reversal',
  'captured',
  'paid',
  'refunded',
  'reversed',
  'failure_code',
  'arrival_date',
  'charges_enabled',
  'payouts_enabled',
  'details_submitted',
  // What the operator's URL was told.
  'internalId',
  'miraklId',
  'miraklShopId',
  'miraklOrderId',
  'miraklRefundId',
  'miraklInvoiceId',
  'stripeUserId',
  'stripeAccountId',
  'stripeRefundId',
  'stripeReversalId',
  'stripePayoutId',
  'transferId',
  'transactionId',
])

/** Values of these are looked into; of all others nothing stays. */
const opened: ReadonlySet<string> = new Set(['data', 'object', 'payload', 'charges', 'refunds'])

/** A payload with nothing but what is in `keptOfPayload`; redacted again it stays the same. */
export function redactedPayload(payload: Json): Json {
  if (Array.isArray(payload)) return payload.filter(isInside).map(redactedPayload)
  if (!isInside(payload) || payload === null) return null
  const kept: { [key: string]: Json } = {}
  for (const [name, value] of Object.entries(payload)) {
    if (isInside(value)) {
      if (opened.has(name)) kept[name] = redactedPayload(value)
      // An expanded object is as good as its id.
      else if (keptOfPayload.has(name) && value !== null && !Array.isArray(value)) {
        if (typeof value === 'object' && typeof value['id'] === 'string') kept[name] = value['id']
      } else if (keptOfPayload.has(name) && value === null) kept[name] = null
    } else if (keptOfPayload.has(name)) kept[name] = value
  }
  return kept
}

function isInside(value: Json): value is Json[] | { [key: string]: Json } | null {
  return typeof value === 'object'
}
