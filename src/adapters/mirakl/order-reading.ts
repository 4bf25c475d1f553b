import type { Currency } from '../../domain/currency.ts'
import type { Json } from '../../domain/json.ts'
import type { Cancelation, LineRefund, Order, OrderLine } from '../../domain/order.ts'
import type { Reading } from '../../workflows/ports.ts'
import {
  priceOf,
  amountOrNull,
  at,
  currencyOf,
  dateOf,
  dateOrNull,
  type Field,
  isMissing,
  listOf,
  readingOf,
  rootField,
  sumOf,
  nameOf,
  nameOrNull,
  Unreadable,
} from './fields.ts'

/** One order of OR11, or set aside with the field that could not be read. */
export function readOrder(raw: Json): Reading<Order> {
  const reading = readingOf(raw, [['order_id']], orderOf)
  if (reading.ok) return reading
  // Its purchase is not captured while nobody knows what this order releases.
  const purchaseId = at(rootField(raw), 'commercial_id').value
  return typeof purchaseId === 'string' ? { ...reading, purchaseId } : reading
}

function orderOf(root: Field): Order {
  // No fallback here: an amount in a currency that was guessed is worse than an order set aside.
  const currency = currencyOf(at(root, 'currency_iso_code'))
  const fields = listOf(at(root, 'order_lines'))
  const createdAt = dateOf(at(root, 'created_date'))
  const lines = fields.map(line => lineOf(line, currency))
  return {
    id: nameOf(at(root, 'order_id')),
    purchaseId: nameOf(at(root, 'commercial_id')),
    sellerId: nameOf(at(root, 'shop_id')),
    domain: 'product',
    state: nameOf(at(root, 'order_state')),
    currency,
    taxMode: taxModeOf(at(root, 'order_tax_mode'), lines),
    createdAt,
    updatedAt: dateOrNull(at(root, 'last_updated_date')) ?? createdAt,
    debitedAt: dateOrNull(at(root, 'customer_debited_date')),
    workflow: nameOrNull(at(root, 'payment_workflow')),
    transactionNumber: nameOrNull(at(root, 'transaction_number')),
    imprintNumber: nameOrNull(at(root, 'imprint_number')),
    payOutPspCode: nameOrNull(at(root, 'pay_out_psp_code')) ?? 'NOT_SPECIFIED',
    customerId: nameOrNull(at(root, 'customer', 'customer_id')) ?? '',
    commission: orderCommission(root, fields, currency),
    total: priceOf(at(root, 'total_price'), currency),
    lines,
  }
}

/** A mode that is missing or new does not matter as long as there is no tax to add or leave out. */
function taxModeOf(field: Field, lines: readonly OrderLine[]): Order['taxMode'] {
  const mode = nameOrNull(field)
  if (mode === 'TAX_INCLUDED') return 'included'
  if (mode === 'TAX_EXCLUDED') return 'excluded'
  const parts = lines.flatMap(line => [line, ...line.cancelations, ...line.refunds])
  const taxed = parts.some(
    part => part.taxes !== 0n || ('shippingTaxes' in part && part.shippingTaxes !== 0n),
  )
  if (!taxed) return 'included'
  throw new Unreadable(field.path, mode === null ? 'missing' : `not a known tax mode: "${mode}"`)
}

function orderCommission(root: Field, lines: readonly Field[], currency: Currency): bigint {
  const field = at(root, 'total_commission')
  const total = amountOrNull(field, currency)
  if (total !== null) return total
  const parts = lines.map(line => lineCommission(line, currency))
  if (parts.length > 0 && parts.every(part => part !== null))
    return parts.reduce((left, right) => left + right, 0n)
  throw new Unreadable(field.path, 'missing, and the lines do not name their commissions')
}

function lineOf(line: Field, currency: Currency): OrderLine {
  return {
    id: nameOf(at(line, 'order_line_id')),
    state: nameOrNull(at(line, 'order_line_state')) ?? '',
    total: lineTotal(line, currency),
    taxes: sumOf(at(line, 'taxes'), currency),
    shippingTaxes: sumOf(at(line, 'shipping_taxes'), currency),
    // The order's total is what counts; a line without a commission of its own has none to show.
    commission: lineCommission(line, currency) ?? 0n,
    operatorFunding: amountOrNull(at(line, 'funding', 'operator', 'total_amount'), currency) ?? 0n,
    cancelations: listOf(at(line, 'cancelations')).map(part => cancelationOf(part, currency)),
    refunds: listOf(at(line, 'refunds')).map(part => refundOf(part, currency)),
  }
}

function lineTotal(line: Field, currency: Currency): bigint {
  const field = at(line, 'total_price')
  const total = amountOrNull(field, currency)
  if (total !== null) return total
  const price = amountOrNull(at(line, 'price'), currency)
  if (price === null) throw new Unreadable(field.path, 'missing, and there is no price either')
  return price + (amountOrNull(at(line, 'shipping_price'), currency) ?? 0n)
}

function lineCommission(line: Field, currency: Currency): bigint | null {
  return commissionOf(line, 'total_commission', 'commission_fee', currency)
}

/** Commission with its tax: the total when it is given, else the fee and its taxes. */
function commissionOf(part: Field, total: string, fee: string, currency: Currency): bigint | null {
  const given = amountOrNull(at(part, total), currency)
  if (given !== null) return given
  const net = amountOrNull(at(part, fee), currency)
  return net === null ? null : net + sumOf(at(part, 'commission_taxes'), currency)
}

function cancelationOf(part: Field, currency: Currency): Cancelation {
  const funding = amountOrNull(at(part, 'funding', 'operator', 'total_amount'), currency) ?? 0n
  return {
    id: nameOrNull(at(part, 'id')) ?? '',
    ...removedAmounts(part, currency),
    ...(funding === 0n ? {} : { operatorFunding: funding }),
  }
}

function refundOf(part: Field, currency: Currency): LineRefund {
  // `state` is the deprecated twin of `refund_state`; old tenants send it alone.
  const current = at(part, 'refund_state')
  const state = nameOrNull(isMissing(current) ? at(part, 'state') : current)
  const amounts = removedAmounts(part, currency)
  return { id: nameOf(at(part, 'id')), paid: state === 'REFUNDED', ...amounts }
}

function removedAmounts(part: Field, currency: Currency): Omit<Cancelation, 'id'> {
  const commission = commissionOf(part, 'commission_total_amount', 'commission_amount', currency)
  const shippingTaxes = sumOf(at(part, 'shipping_taxes'), currency)
  return {
    amount: amountOrNull(at(part, 'amount'), currency) ?? 0n,
    shipping: amountOrNull(at(part, 'shipping_amount'), currency) ?? 0n,
    taxes: sumOf(at(part, 'taxes'), currency) + shippingTaxes,
    ...(shippingTaxes === 0n ? {} : { shippingTaxes }),
    commission: commission ?? 0n,
  }
}
