import type { Currency } from './currency.ts'

/** Part of a line that was taken away after the order was placed. Minor units of the order's currency. */
export interface Cancelation {
  readonly id: string
  readonly amount: bigint
  readonly shipping: bigint
  /** Taxes on goods and shipping together. */
  readonly taxes: bigint
  /** Those of `taxes` that are on shipping; absent: none. */
  readonly shippingTaxes?: bigint
  readonly commission: bigint
  /** The operator's part of what was taken away, which the customer never owed; absent: none. */
  readonly operatorFunding?: bigint
}

/** Money asked back on a line. `paid`: the marketplace shows it as refunded. Minor units. */
export interface LineRefund {
  readonly id: string
  readonly paid: boolean
  readonly amount: bigint
  readonly shipping: bigint
  /** Taxes on goods and shipping together. */
  readonly taxes: bigint
  /** Those of `taxes` that are on shipping; absent: none. */
  readonly shippingTaxes?: bigint
  /** Commission given back to the seller, its tax included. */
  readonly commission: bigint
}

/** One line of an order. Amounts in minor units of the order's currency. */
export interface OrderLine {
  readonly id: string
  /** Mirakl's `order_line_state`, an open list. REFUSED keeps its amounts, CANCELED goes to 0. */
  readonly state: string
  /** Price and shipping (and fees); taxes inside only when the order's tax mode is `included`. */
  readonly total: bigint
  readonly taxes: bigint
  readonly shippingTaxes: bigint
  readonly commission: bigint
  /** What the operator pays of the customer's price (operator-paid promotion). */
  readonly operatorFunding: bigint
  readonly cancelations: readonly Cancelation[]
  readonly refunds: readonly LineRefund[]
}

/**
 * What the marketplace shows a service to cost before its debit says so: every amount that its price
 * may mean (one: certain; none: it cannot be told), tax included, in minor units. An estimate may
 * differ from the debit that follows it.
 */
export interface ServiceQuote {
  readonly amounts: readonly bigint[]
  readonly estimated: boolean
}

/** What the taxes of a service may be, and the amount that it has then. Minor units. */
export interface TaxReading {
  readonly taxes: bigint
  readonly amount: bigint
}

/** What one seller sells in one purchase: a product order (OR11) or a service order (SOR11). */
export interface Order {
  readonly id: string
  /** Mirakl's commercial order id: one payment of the customer covers its orders. */
  readonly purchaseId: string
  readonly sellerId: string
  readonly domain: 'product' | 'service'
  /** Mirakl's state, an open list; see `stageOf`. */
  readonly state: string
  readonly currency: Currency
  readonly taxMode: 'included' | 'excluded'
  readonly createdAt: Date
  readonly updatedAt: Date
  /** When Mirakl recorded the customer's debit; the only sign that an order is paid. */
  readonly debitedAt: Date | null
  /** Mirakl's `payment_workflow`, an open list; null when it is not given. */
  readonly workflow: string | null
  /** The provider's charge or payment intent, as PA01 told it. */
  readonly transactionNumber: string | null
  /** An opaque reference that the shop front gave at order time, often the payment intent. */
  readonly imprintNumber: string | null
  /** `NOT_SPECIFIED`, `OPERATOR`, or the name of a provider that pays the seller out. */
  readonly payOutPspCode: string
  readonly customerId: string
  /** `total_commission`, its tax included. Minor units. */
  readonly commission: bigint
  /** `total_price` as Mirakl sums it: without refused and canceled lines. Minor units. */
  readonly total: bigint
  readonly lines: readonly OrderLine[]
  /** Of a service order; absent: a product order, or one that an older version stored. */
  readonly quote?: ServiceQuote
  /** Of a service whose price can be read in several ways, or (empty) in none; absent: in one. */
  readonly taxReadings?: readonly TaxReading[]
  /** No reading, or several, fit what the customer owes; or the order does not show a refund yet. */
  readonly taxesUnknown?: true
}

/** Where an order stands, as far as money is concerned. */
export type OrderStage = 'undecided' | 'waiting_debit' | 'kept' | 'refused' | 'canceled'

const undecided = ['STAGING', 'WAITING_ACCEPTANCE', 'WAITING_SCORING', 'SCORING_OK']
const waitingDebit = ['WAITING_DEBIT', 'WAITING_DEBIT_PAYMENT']
const refused = ['REFUSED', 'ORDER_REFUSED', 'SCORING_KO']
const canceled = ['CANCELED', 'ORDER_CANCELLED', 'ORDER_EXPIRED']

/** What the stage of an order is told from. */
type Standing = Pick<Order, 'state' | 'debitedAt'> & Partial<Pick<Order, 'domain'>>

/**
 * The stage of an order. A state that Mirakl adds one day counts as kept only once it is debited. No
 * state of a service order says that it waits for its debit: that is told from the debit itself.
 */
export function stageOf(order: Standing): OrderStage {
  if (undecided.includes(order.state)) return 'undecided'
  if (waitingDebit.includes(order.state)) return 'waiting_debit'
  if (refused.includes(order.state)) return 'refused'
  if (canceled.includes(order.state)) return 'canceled'
  if (order.domain === 'service' && order.debitedAt === null) return 'waiting_debit'
  return 'kept'
}

/** Is the seller's decision known, and the order not given up? */
export function isAborted(order: Standing): boolean {
  const stage = stageOf(order)
  return stage === 'refused' || stage === 'canceled'
}

/** Does this workflow expect a debit confirmation (PA01) at all? */
export function needsDebit(order: Pick<Order, 'workflow'>): boolean {
  return order.workflow !== 'NO_CUSTOMER_PAYMENT_CONFIRMATION'
}
