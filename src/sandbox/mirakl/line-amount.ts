/** What lines, orders and removals are worth; every total of an answer comes from here. */
import { sum } from './decimal.ts'
import type { Line, Order, Removal, Tax, TaxMode } from './model.ts'

/** Neither refused nor canceled: counts in the order's totals. */
export function isLive(line: Line): boolean {
  return line.state !== 'REFUSED' && line.state !== 'CANCELED'
}

export function liveLines(order: Order): Line[] {
  return order.lines.filter(isLive)
}

export function taxTotal(taxes: readonly Tax[]): bigint {
  return sum(taxes.map(tax => tax.amount))
}

/** `total_price` of a line: price and shipping; taxes are inside only with TAX_INCLUDED. */
export function lineTotal(line: Line): bigint {
  return line.price + line.shipping
}

export function lineTaxes(part: { taxes: Tax[]; shippingTaxes: Tax[] }): bigint {
  return taxTotal(part.taxes) + taxTotal(part.shippingTaxes)
}

/** The line with its taxes: what customer and operator pay for it together. */
export function lineGross(line: Line, mode: TaxMode): bigint {
  return lineTotal(line) + (mode === 'TAX_EXCLUDED' ? lineTaxes(line) : 0n)
}

/** What the customer pays for the line: without the operator's part. */
export function lineDebit(line: Line, mode: TaxMode): bigint {
  return lineGross(line, mode) - line.funding
}

export function lineCommission(line: Line): bigint {
  return line.commissionFee + taxTotal(line.commissionTaxes)
}

/** A removal with its taxes and the operator's part. */
export function removalGross(removal: Removal, mode: TaxMode): bigint {
  const taxes = mode === 'TAX_EXCLUDED' ? lineTaxes(removal) : 0n
  return removal.amount + removal.shipping + taxes
}

/** What the customer gets back. */
export function removalDebit(removal: Removal, mode: TaxMode): bigint {
  return removalGross(removal, mode) - removal.funding
}

export function removalCommission(removal: Removal): bigint {
  return removal.commissionFee + taxTotal(removal.commissionTaxes)
}

/** `total_price` of an order. */
export function orderTotal(order: Order): bigint {
  return sum(liveLines(order).map(lineTotal))
}

/** `total_commission` of an order. */
export function orderCommission(order: Order): bigint {
  return sum(liveLines(order).map(lineCommission))
}

/** What the customer owes for the given lines, refused and canceled ones apart. */
export function debitAmount(order: Order, lineIds: readonly string[]): bigint {
  const lines = liveLines(order).filter(line => lineIds.includes(line.id))
  return sum(lines.map(line => lineDebit(line, order.taxMode)))
}
