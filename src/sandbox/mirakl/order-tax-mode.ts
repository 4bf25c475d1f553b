import { taxTotal } from './line-amount.ts'
import type { Line, Order, Removal, TaxMode } from './model.ts'

/** The order as OR11 shows it when `order_tax_mode` asks for the other representation: taxes inside the prices, or beside. */
export function inTaxMode(order: Order, mode: TaxMode): Order {
  if (order.taxMode === mode) return order
  const sign = mode === 'TAX_INCLUDED' ? 1n : -1n
  return { ...order, taxMode: mode, lines: order.lines.map(line => converted(line, sign)) }
}

function converted(line: Line, sign: bigint): Line {
  const price = line.price + sign * taxTotal(line.taxes)
  return {
    ...line,
    price,
    unitPrice: line.quantity > 0 ? price / BigInt(line.quantity) : line.unitPrice,
    shipping: line.shipping + sign * taxTotal(line.shippingTaxes),
    refunds: line.refunds.map(refund => shifted(refund, sign)),
    cancelations: line.cancelations.map(cancelation => shifted(cancelation, sign)),
  }
}

function shifted<R extends Removal>(removal: R, sign: bigint): R {
  return {
    ...removal,
    amount: removal.amount + sign * taxTotal(removal.taxes),
    shipping: removal.shipping + sign * taxTotal(removal.shippingTaxes),
  }
}
