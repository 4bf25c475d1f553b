/** How much a cancelation or a refund takes off a line, and what is left. */
import { proportion, sum, toMinor } from './decimal.ts'
import type { Amount } from './decimal.ts'
import { taxTotal } from './line-amount.ts'
import type { Line, Removal, Tax } from './model.ts'
import { StateError } from './order-flow.ts'
import { taxesOf } from './purchases.ts'
import type { TaxInput } from './purchases.ts'

/** What is taken off a line; taxes and commission follow in proportion unless given. */
export interface RemovalInput {
  /** Of the price, major units. */
  amount?: Amount
  shippingAmount?: Amount
  /** 0 is lawful: only money is given back. */
  quantity?: number
  taxes?: TaxInput
  shippingTaxes?: TaxInput
  commission?: Amount
  commissionTax?: Amount
  /** The operator's part of what is removed. */
  fundingOperator?: Amount
  reasonCode?: string
}

/** The amounts of a line that something can still be taken from. */
export type Remainder = Pick<
  Line,
  | 'price'
  | 'shipping'
  | 'taxes'
  | 'shippingTaxes'
  | 'commissionFee'
  | 'commissionTaxes'
  | 'funding'
  | 'quantity'
>

/** A removal without its id, date and reason. */
export type Portion = Omit<Removal, 'id' | 'createdAt' | 'reasonCode'>

/** A line less the refunds it already has: whoever takes the rest gets all the rest, cents of rounding included. */
export function leftOf(line: Line): Remainder {
  return line.refunds.reduce<Remainder>(less, line)
}

/** What an input takes off. Throws StateError when the line has not so much left, AmountError for unreadable amounts. */
export function portionOf(
  lineId: string,
  left: Remainder,
  input: RemovalInput,
  currency: string,
): Portion {
  const whole = input.amount === undefined && input.shippingAmount === undefined
  const minor = (amount: Amount | undefined): bigint => toMinor(amount ?? '0', currency)
  const amount = whole ? left.price : minor(input.amount)
  const shipping = whole ? left.shipping : minor(input.shippingAmount)
  const part = amount + shipping
  const total = left.price + left.shipping
  const portion: Portion = {
    quantity: input.quantity ?? (whole ? left.quantity : 0),
    amount,
    shipping,
    taxes: given(input.taxes, currency) ?? scaled(left.taxes, amount, left.price),
    shippingTaxes:
      given(input.shippingTaxes, currency) ?? scaled(left.shippingTaxes, shipping, left.shipping),
    commissionFee:
      input.commission === undefined
        ? proportion(left.commissionFee, part, total)
        : minor(input.commission),
    commissionTaxes:
      given(input.commissionTax, currency, 'TAXDEFAULT') ??
      scaled(left.commissionTaxes, part, total),
    funding:
      input.fundingOperator === undefined
        ? proportion(left.funding, part, total)
        : minor(input.fundingOperator),
  }
  if (exceeds(portion, left)) {
    throw new StateError(`The order line '${lineId}' has not so much left`)
  }
  return portion
}

/** What is left after a portion was taken. */
export function less(left: Remainder, part: Portion): Remainder {
  return {
    price: left.price - part.amount,
    shipping: left.shipping - part.shipping,
    taxes: without(left.taxes, part.taxes),
    shippingTaxes: without(left.shippingTaxes, part.shippingTaxes),
    commissionFee: left.commissionFee - part.commissionFee,
    commissionTaxes: without(left.commissionTaxes, part.commissionTaxes),
    funding: left.funding - part.funding,
    quantity: Math.max(0, left.quantity - part.quantity),
  }
}

function exceeds(part: Portion, left: Remainder): boolean {
  const pairs: [bigint, bigint][] = [
    [part.amount, left.price],
    [part.shipping, left.shipping],
    [taxTotal(part.taxes), taxTotal(left.taxes)],
    [taxTotal(part.shippingTaxes), taxTotal(left.shippingTaxes)],
    [part.commissionFee, left.commissionFee],
    [taxTotal(part.commissionTaxes), taxTotal(left.commissionTaxes)],
    [part.funding, left.funding],
  ]
  return pairs.some(([taken, available]) => taken < 0n || taken > available)
}

function given(input: TaxInput | undefined, currency: string, code?: string): Tax[] | undefined {
  return input === undefined ? undefined : taxesOf(input, currency, code)
}

function scaled(taxes: readonly Tax[], part: bigint, whole: bigint): Tax[] {
  return taxes
    .map(tax => ({ ...tax, amount: proportion(tax.amount, part, whole) }))
    .filter(tax => tax.amount !== 0n)
}

function without(taxes: readonly Tax[], removed: readonly Tax[]): Tax[] {
  return taxes
    .map(tax => {
      const taken = sum(removed.filter(one => one.code === tax.code).map(one => one.amount))
      return { ...tax, amount: tax.amount - taken }
    })
    .filter(tax => tax.amount !== 0n)
}
