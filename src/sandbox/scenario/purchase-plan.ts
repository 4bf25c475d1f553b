/** What a customer is going to buy, and what will become of it. Amounts are minor units. */
export interface PlannedLine {
  readonly title: string
  /** With TAX_EXCLUDED without tax. */
  readonly price: number
  readonly shipping: number
  readonly tax: number
  readonly shippingTax: number
  readonly commission: number
  readonly commissionTax: number
  /** Paid by the operator instead of the customer. */
  readonly funding: number
}

/** `cancel`: the customer gives it up before the seller answers. Numbers name lines, from 0. */
export type Fate =
  | { readonly seller: 'accepts'; readonly refuses?: readonly number[]; readonly trims?: number }
  | { readonly seller: 'refuses' }
  | { readonly seller: 'canceled' }

/** What the customer of a paid order asks back. */
export interface PlannedRefund {
  readonly day: number
  /** Number of the line, from 0. */
  readonly line: number
  /** Percent of the line's price, without its shipping; absent: all that is left of the line. */
  readonly percent?: number
}

export interface PlannedOrder {
  readonly shopId: number
  readonly lines: readonly PlannedLine[]
  readonly fate: Fate
  /** Day and hour at which the seller answers. */
  readonly answers: { readonly day: number; readonly hour: number }
  readonly refunds?: readonly PlannedRefund[]
}

/** A service of one seller; its price is for one unit. */
export interface PlannedService {
  readonly shopId: number
  /** Without tax. */
  readonly price: number
  readonly tax: number
  /** An option beside the price; 0: none. */
  readonly option: number
  readonly commission: number
  /** The seller answers on this day. */
  readonly answeredOn: number
  readonly refused: boolean
  /** Paid when it is consumed, on this day; absent: when it is accepted. */
  readonly consumedOn?: number
  readonly refund?: { readonly day: number; readonly amount: number; readonly commission: number }
}

export interface PlannedPurchase {
  readonly id: string
  readonly customer: number
  readonly currency: string
  readonly taxMode: 'TAX_INCLUDED' | 'TAX_EXCLUDED'
  readonly card: string
  /** Most shop fronts authorise; some take the money at once. */
  readonly upFront: boolean
  /** Goods of the operator itself in the same basket. */
  readonly ownGoods: number
  readonly orders: readonly PlannedOrder[]
  readonly services?: readonly PlannedService[]
  /** Laid over the first order in the marketplace's answers: it cannot be read. */
  readonly patch?: Readonly<Record<string, unknown>>
}

/** What the customer pays for a line. */
export function priceOf(line: PlannedLine, taxMode: PlannedPurchase['taxMode']): number {
  const taxes = taxMode === 'TAX_EXCLUDED' ? line.tax + line.shippingTax : 0
  return line.price + line.shipping + taxes - line.funding
}

/** What the customer pays for the basket, the operator's own goods included. */
export function totalOf(purchase: PlannedPurchase): number {
  const lines = purchase.orders.flatMap(order => order.lines)
  const goods = lines.reduce((sum, line) => sum + priceOf(line, purchase.taxMode), 0)
  const services = (purchase.services ?? []).reduce(
    (sum, { price, tax, option }) => sum + price + tax + option,
    0,
  )
  return goods + services + purchase.ownGoods
}
