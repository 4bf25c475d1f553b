import { toJson } from './decimal.ts'
import type { ServiceOrder, ServicePayment, ServiceRefund } from './model.ts'
import { millis, patched, seconds } from './reply.ts'
import type { Store } from './store.ts'

/** A service order as SOR11 lists it. */
export function serviceView(store: Store, order: ServiceOrder): unknown {
  return patched(fullView(store, order), store.corruptions.get(`order:${order.id}`))
}

function fullView(store: Store, order: ServiceOrder): unknown {
  const money = (amount: bigint): object => toJson(amount, order.currency)
  return {
    id: order.id,
    commercial_order_id: order.commercialId,
    state: order.state,
    currency_code: order.currency,
    date_created: millis(order.createdAt),
    ...(order.acceptedAt === undefined ? {} : { date_accepted: millis(order.acceptedAt) }),
    date_updated: millis(order.updatedAt),
    workflow: { type: order.workflow },
    payment_type: 'card',
    ...(order.imprintNumber === null ? {} : { imprint_number: order.imprintNumber }),
    has_open_incident: false,
    can_evaluate: order.state === 'ORDER_CLOSED',
    shop: { id: order.shopId, name: store.shops.get(order.shopId)?.name ?? null },
    customer: customerView(order),
    service: {
      code: 'LAMP_FITTING',
      title: 'Lamp fitting',
      category: { code: 'HOME', label: 'Home services' },
      model: { code: 'INSTALL', label: 'Installation' },
      custom_attribute_values: [],
      medias: [],
    },
    booking: { type: store.settings.unknownEnums ? 'FLEXIBLE_WINDOW' : 'NO_BOOKING' },
    consumption: {
      type: 'CONFIRMATION_BY_SHOP',
      ...(order.consumedAt === undefined ? {} : { date_consumed: seconds(order.consumedAt) }),
    },
    location: { type: 'NO_LOCATION' },
    custom_attribute_values: [],
    price: priceView(order),
    commission: {
      amount_excluding_taxes: money(order.commissionFee),
      amount_including_taxes: money(order.commissionFee + order.commissionTax),
      commission_taxes: [{ amount: money(order.commissionTax), code: 'TAXDEFAULT' }],
    },
    refunds: order.refunds.map(refundView),
    warnings: [],
    ...(store.settings.extraFields ? { x_crew: [] } : {}),
  }
}

function priceView(order: ServiceOrder): unknown {
  const money = (amount: bigint): object => toJson(amount, order.currency)
  const taxes = (amount: bigint): unknown[] =>
    amount === 0n ? [] : [{ amount: money(amount), code: 'VAT20' }]
  const options = order.options.map(option => ({
    type: 'BOOLEAN',
    code: option.code,
    label: option.code,
    value: true,
    amount: money(option.amount),
    taxes: taxes(option.tax),
  }))
  if (order.priceType !== 'FIXED_PRICE_MULTI') {
    return {
      type: order.priceType,
      amount: money(order.unitPrice),
      quantity: order.quantity,
      taxes: taxes(order.tax),
      options,
    }
  }
  // This form has no amount of its own: only SPA11 says what is owed.
  return {
    type: order.priceType,
    ordered_service_units: [
      {
        code: 'ROOM',
        label: 'Rooms',
        type: 'VALUE_LIST',
        values: [{ code: 'STD', amount: money(order.unitPrice), ordered_quantity: order.quantity }],
      },
    ],
    options,
  }
}

function refundView(refund: ServiceRefund): unknown {
  const money = (amount: bigint): object => toJson(amount, refund.order.currency)
  return {
    id: refund.id,
    amount: money(refund.amount - refund.tax),
    commission: {
      amount_excluding_taxes: money(refund.commissionFee),
      amount_including_taxes: money(refund.commissionFee + refund.commissionTax),
      commission_taxes: [{ amount: money(refund.commissionTax), code: 'TAXDEFAULT' }],
    },
    creation_date: seconds(refund.createdAt),
    options: [],
    reason_code: refund.reasonCode,
    state: refund.state === 'OK' ? 'OK' : 'WAITING',
    taxes: refund.tax === 0n ? [] : [{ amount: money(refund.tax), code: 'VAT20' }],
    ...providerView(refund),
  }
}

/** An element of SPA11 or SPA12. */
export function servicePaymentView(payment: ServicePayment): unknown {
  return {
    id: payment.id,
    order_id: payment.order.id,
    customer_id: payment.order.customer.id,
    amount: toJson(payment.amount, payment.order.currency),
    currency_code: payment.order.currency,
    state: payment.state,
    date_created: seconds(payment.createdAt),
    date_updated: seconds(payment.updatedAt),
    ...providerView(payment),
  }
}

function providerView(payment: ServicePayment): Record<string, unknown> {
  if (payment.state !== 'OK') return {}
  return {
    transaction_date: seconds(payment.paymentDate),
    ...(payment.paymentNumber === undefined ? {} : { transaction_number: payment.paymentNumber }),
  }
}

function customerView(order: ServiceOrder): unknown {
  const { customer } = order
  return {
    id: customer.id,
    civility: 'Ms',
    first_name: customer.firstName,
    last_name: customer.lastName,
    email: customer.email,
    locale: 'fr_FR',
    billing_address: {
      city: 'Paris',
      civility: 'Ms',
      country: 'France',
      country_code: customer.country,
      first_name: customer.firstName,
      last_name: customer.lastName,
      street1: '5 rue du Test',
      zip_code: '75011',
    },
  }
}
