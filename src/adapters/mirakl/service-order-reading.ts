import type { Currency } from '../../domain/currency.ts'
import type { Json } from '../../domain/json.ts'
import { isAborted, type LineRefund, type Order, stageOf } from '../../domain/order.ts'
import type { Reading } from '../../workflows/ports.ts'
import {
  amountOf,
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
import { optionParts, quoteOf } from './service-price.ts'
import { priceTaxesOf, taxesWithOptions } from './service-taxes.ts'

/**
 * One order of SOR11, or set aside with the field that could not be read. Its amount is 0 until the
 * debit (SPA11) says what it is worth: `price` has no amount for MULTI types, and SOR11 knows
 * nothing of payment. What `price` shows counts only for a service that never has a debit.
 */
export function readServiceOrder(raw: Json): Reading<Order> {
  const reading = readingOf(raw, [['id']], orderOf)
  if (reading.ok) return reading
  const purchaseId = at(rootField(raw), 'commercial_order_id').value
  return typeof purchaseId === 'string' ? { ...reading, purchaseId } : reading
}

function orderOf(root: Field): Order {
  const currency = currencyOf(at(root, 'currency_code'))
  const id = nameOf(at(root, 'id'))
  const state = nameOf(at(root, 'state'))
  const createdAt = dateOf(at(root, 'date_created'))
  const commission = commissionOf(root, state, currency)
  const refunds = listOf(at(root, 'refunds')).map(refund => refundOf(refund, currency))
  const { taxes, readings } = priceTaxesOf(at(root, 'price'), currency)
  return {
    id,
    purchaseId: nameOf(at(root, 'commercial_order_id')),
    sellerId: nameOf(at(root, 'shop', 'id')),
    domain: 'service',
    state,
    currency,
    // Service orders have no tax mode: the debit is what the customer pays, taxes included.
    taxMode: 'included',
    createdAt,
    updatedAt: dateOrNull(at(root, 'date_updated')) ?? createdAt,
    debitedAt: null,
    workflow: nameOrNull(at(root, 'workflow', 'type')),
    transactionNumber: null,
    imprintNumber: nameOrNull(at(root, 'imprint_number')),
    payOutPspCode: nameOrNull(at(root, 'pay_out_psp_code')) ?? 'NOT_SPECIFIED',
    customerId: nameOrNull(at(root, 'customer', 'id')) ?? '',
    commission,
    total: 0n,
    quote: quoteOf(at(root, 'price'), currency),
    ...(readings === null ? {} : { taxReadings: readings }),
    lines: [
      {
        id,
        state,
        total: 0n,
        taxes,
        shippingTaxes: 0n,
        commission,
        operatorFunding: 0n,
        cancelations: [],
        refunds,
      },
    ],
  }
}

/** Optional in SOR11. It may be missing only as long as nobody can be paid for the order. */
function commissionOf(root: Field, state: string, currency: Currency): bigint {
  const field = at(root, 'commission')
  const given = withTaxes(field, currency)
  if (given !== null) return given
  const order = { state, debitedAt: null }
  if (isMissing(field) && (stageOf(order) === 'undecided' || isAborted(order))) return 0n
  throw new Unreadable(`${field.path}.amount_including_taxes`, 'missing')
}

function withTaxes(commission: Field, currency: Currency): bigint | null {
  const total = amountOrNull(at(commission, 'amount_including_taxes'), currency)
  if (total !== null) return total
  const net = amountOrNull(at(commission, 'amount_excluding_taxes'), currency)
  return net === null ? null : net + sumOf(at(commission, 'commission_taxes'), currency)
}

/**
 * What a refund gives the customer is what SPA12 asks to be paid. SOR11 shows the same refund in
 * parts, as it shows the price: `amount` without tax, and taxes and options beside it (Mirakl's
 * samples: SOR11 10.00 and tax 2.00, SPA12 12.00). The parts are added here; the line's tax mode is
 * `included`, so nobody adds them again.
 */
function refundOf(refund: Field, currency: Currency): LineRefund {
  const taxes = taxesWithOptions(refund, currency)
  const options = listOf(at(refund, 'options')).flatMap(optionParts)
  const optionNet = options
    .map(part => amountOrNull(at(part, 'amount'), currency) ?? 0n)
    .reduce((sum, net) => sum + net, 0n)
  return {
    id: nameOf(at(refund, 'id')),
    paid: nameOrNull(at(refund, 'state')) === 'OK',
    amount: amountOf(at(refund, 'amount'), currency) + optionNet + taxes,
    shipping: 0n,
    taxes,
    commission: withTaxes(at(refund, 'commission'), currency) ?? 0n,
  }
}
