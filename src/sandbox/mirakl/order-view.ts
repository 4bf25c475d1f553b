import { rawNumber, sum, toJson } from './decimal.ts'
import {
  isLive,
  lineCommission,
  lineTotal,
  liveLines,
  orderCommission,
  orderTotal,
  removalCommission,
  taxTotal,
} from './line-amount.ts'
import type { Cancelation, Line, Order, Refund, Removal, Tax } from './model.ts'
import { millis, patched, seconds } from './reply.ts'
import type { Store } from './store.ts'

/** The order as OR11 lists it, with a planted corruption if there is one. */
export function orderView(store: Store, order: Order): unknown {
  return patched(fullView(store, order), store.corruptions.get(`order:${order.id}`))
}

function fullView(store: Store, order: Order): Record<string, unknown> {
  const live = liveLines(order)
  const money = (amount: bigint): object => toJson(amount, order.currency)
  return {
    ...fixedKeys(order),
    acceptance_decision_date: seconds(order.acceptedAt),
    can_cancel: ['WAITING_ACCEPTANCE', 'WAITING_DEBIT'].includes(order.state),
    can_shop_ship: order.state === 'SHIPPING',
    commercial_id: order.commercialId,
    created_date: seconds(order.createdAt),
    currency_iso_code: order.currency,
    customer: customerView(order),
    // Milliseconds here and seconds there: recorded answers of OR11 have both.
    customer_debited_date: millis(order.debitedAt),
    fully_refunded: live.length > 0 && live.every(line => line.state === 'REFUNDED'),
    imprint_number: order.imprintNumber,
    last_updated_date: order.change % 2 === 0 ? seconds(order.updatedAt) : millis(order.updatedAt),
    order_id: order.id,
    order_lines: order.lines.map(line => lineView(store, order, line)),
    order_state: order.state,
    order_tax_mode: order.taxMode,
    pay_out_psp_code: order.payOutPspCode,
    paymentType: order.paymentType,
    payment_type: order.paymentType,
    payment_workflow: order.workflow,
    price: money(sum(live.map(line => line.price))),
    shipping_deadline: millis(order.createdAt + 3 * 86_400_000 - 1),
    shipping_price: money(sum(live.map(line => line.shipping))),
    shop_id: order.shopId,
    shop_name: store.shops.get(order.shopId)?.name ?? null,
    total_commission: money(orderCommission(order)),
    total_price: money(orderTotal(order)),
    transaction_date: seconds(order.paymentDate),
    transaction_number: order.paymentNumber ?? null,
    ...(store.settings.extraFields ? { x_carbon_footprint: { grams: 120 } } : {}),
  }
}

function lineView(store: Store, order: Order, line: Line): unknown {
  const money = (amount: bigint): object => toJson(amount, order.currency)
  const rule = store.settings.unknownEnums ? 'ROUNDED_PER_UNIT' : 'NONE'
  const taxes = (list: Tax[]): unknown[] =>
    list.map(tax => ({ ...taxView(tax, order.currency), tax_calculation_rule: rule }))
  return {
    ...fixedLineKeys(order, line),
    can_refund: isLive(line) && line.debitedAt !== undefined,
    cancelations: line.cancelations.map(one => cancelationView(order, one)),
    commission_fee: money(line.commissionFee),
    commission_rate_vat: rawNumber(line.commissionTaxes[0]?.rate ?? '0'),
    commission_taxes: line.commissionTaxes.map(tax => taxView(tax, order.currency)),
    commission_vat: money(taxTotal(line.commissionTaxes)),
    created_date: seconds(order.createdAt),
    debited_date: seconds(line.debitedAt),
    last_updated_date: seconds(order.updatedAt),
    offer_id: line.offerId,
    order_line_id: line.id,
    order_line_index: line.index,
    order_line_state: line.state,
    order_line_state_reason_code: line.reasonCode ?? null,
    order_line_state_reason_label: line.reasonCode === undefined ? null : 'Out of stock',
    origin_unit_price: money(line.unitPrice),
    price: money(line.price),
    price_unit: money(line.unitPrice),
    product_title: line.title,
    quantity: line.quantity,
    received_date: seconds(line.receivedAt),
    refunds: line.refunds.map(refund => refundView(order, refund)),
    shipped_date: seconds(line.shippedAt),
    shipping_price: money(line.shipping),
    shipping_taxes: taxes(line.shippingTaxes),
    taxes: taxes(line.taxes),
    total_commission: money(lineCommission(line)),
    total_price: money(lineTotal(line)),
    ...(line.funding === 0n ? {} : { funding: fundingView(line.funding, lineTotal(line), order) }),
  }
}

/** Who pays how much of a line or a removal. */
export function fundingView(operator: bigint, total: bigint, order: Order): unknown {
  return {
    customer: { total_amount: toJson(total - operator, order.currency) },
    operator: { total_amount: toJson(operator, order.currency) },
  }
}

function taxView(tax: Tax, currency: string): Record<string, unknown> {
  return {
    amount: toJson(tax.amount, currency),
    code: tax.code,
    ...(tax.rate === undefined ? {} : { rate: rawNumber(tax.rate) }),
  }
}

function removalView(order: Order, part: Removal): Record<string, unknown> {
  const money = (amount: bigint): object => toJson(amount, order.currency)
  return {
    amount: money(part.amount),
    commission_amount: money(part.commissionFee),
    commission_taxes: part.commissionTaxes.map(tax => ({
      amount: money(tax.amount),
      code: tax.code,
    })),
    commission_total_amount: money(removalCommission(part)),
    created_date: seconds(part.createdAt),
    eco_contributions: [],
    fees: [],
    id: part.id,
    quantity: part.quantity,
    reason_code: part.reasonCode,
    shipping_amount: money(part.shipping),
    shipping_taxes: part.shippingTaxes.map(tax => taxView(tax, order.currency)),
    taxes: part.taxes.map(tax => taxView(tax, order.currency)),
    ...(part.funding === 0n
      ? {}
      : { funding: fundingView(part.funding, part.amount + part.shipping, order) }),
  }
}

function cancelationView(order: Order, cancelation: Cancelation): unknown {
  return removalView(order, cancelation)
}

function refundView(order: Order, refund: Refund): unknown {
  return {
    ...removalView(order, refund),
    commission_tax_amount: toJson(taxTotal(refund.commissionTaxes), order.currency),
    order_refund_id: refund.orderRefundId,
    refund_state: refund.state,
    state: refund.state,
    tax_legal_notice: null,
    transaction_date: seconds(refund.paidAt),
    transaction_number: refund.paymentNumber ?? null,
  }
}

function customerView(order: Order): unknown {
  const { customer } = order
  const address = {
    city: 'Paris',
    civility: 'Ms',
    company: null,
    company_2: null,
    country: 'France',
    country_iso_code: customer.country,
    firstname: customer.firstName,
    lastname: customer.lastName,
    phone: null,
    phone_secondary: null,
    state: null,
    street_1: '5 rue du Test',
    street_2: null,
    zip_code: '75011',
  }
  return {
    billing_address: address,
    civility: 'Ms',
    customer_id: customer.id,
    email: customer.email,
    firstname: customer.firstName,
    lastname: customer.lastName,
    locale: 'fr_FR',
    organization: null,
    shipping_address: { ...address, additional_info: null, internal_additional_info: null },
  }
}

function fixedKeys(order: Order): Record<string, unknown> {
  return {
    can_evaluate: false,
    channel: null,
    customer_directly_pays_seller: false,
    delivery_date: null,
    fulfillment: { center: { code: 'DEFAULT' } },
    has_customer_message: false,
    has_incident: false,
    has_invoice: false,
    invoice_details: null,
    leadtime_to_ship: 2,
    order_additional_fields: [],
    order_refunds: [],
    order_state_reason_code: null,
    order_state_reason_label: null,
    order_taxes: [],
    payment_duration: order.workflow === 'PAY_ON_DUE_DATE' ? 30 : null,
    promotions: { applied_promotions: [], total_deduced_amount: 0 },
    quote_id: null,
    references: null,
    shipping_carrier_code: null,
    shipping_company: null,
    shipping_pudo_id: null,
    shipping_tracking: null,
    shipping_tracking_url: null,
    shipping_type_code: 'STD',
    shipping_type_label: 'Standard',
    shipping_zone_code: 'FR',
    shipping_zone_label: 'France',
  }
}

function fixedLineKeys(order: Order, line: Line): Record<string, unknown> {
  return {
    can_open_incident: false,
    category_code: 'DECO',
    category_label: 'Decoration',
    description: null,
    eco_contributions: [],
    fees: [],
    offer_sku: `SKU-${line.offerId}`,
    offer_state_code: '11',
    order_line_additional_fields: [],
    price_additional_info: null,
    product_medias: [],
    product_shop_sku: `PS-${line.offerId}`,
    product_sku: `P-${line.offerId}`,
    promotions: [],
    shipping_from: { address: { country_iso_code: order.customer.country }, warehouse: null },
    shipping_price_additional_unit: null,
    shipping_price_unit: null,
    tax_legal_notice: null,
    tax_recalculation_required: false,
  }
}
