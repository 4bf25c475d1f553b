import type { AccountingDocument, Cycle, LogLine } from './accounting-model.ts'
import { summaryTotals } from './cycle-summary.ts'
import { rawNumber, sum, toJson } from './decimal.ts'
import type { Shop } from './model.ts'
import { millis, patched, seconds } from './reply.ts'
import { shopOf } from './shops.ts'
import type { Store } from './store.ts'

/** An accounting document as IV01 lists it. */
export function documentView(store: Store, document: AccountingDocument): unknown {
  return patched(
    fullDocument(store, document),
    store.corruptions.get(`invoice:${document.invoiceId}`),
  )
}

function fullDocument(store: Store, document: AccountingDocument): Record<string, unknown> {
  const shop = shopOf(store, document.shopId)
  const automatic = document.type === 'AUTO_INVOICE'
  const { cycle } = document
  return {
    ...issuerKeys(shop, automatic),
    currency_iso_code: document.currency,
    pay_out_psp_code: cycle?.payOutPspCode ?? shop.payOutPspCode,
    state: 'COMPLETE',
    type: document.type,
    id: document.id,
    invoice_id: document.invoiceId,
    date_created: seconds(document.createdAt),
    issue_date: seconds(document.createdAt),
    due_date: seconds(document.createdAt),
    seller_billing_cycle_id: cycle?.id ?? null,
    payment_voucher_number: cycle?.voucher ?? null,
    payment: {
      reference: document.payment.reference,
      state: document.payment.state,
      transaction_date: seconds(document.payment.date),
      ...(document.payment.failureReason === null
        ? {}
        : { failure_reason: document.payment.failureReason }),
    },
    ...amountKeys(document),
    ...(automatic && cycle !== undefined
      ? {
          start_time: seconds(cycle.start),
          end_time: seconds(cycle.end),
          payment_info: invoiceBank(shop),
          summary: invoiceSummary(store, cycle),
        }
      : {}),
    ...(store.settings.extraFields ? { x_archive: null } : {}),
  }
}

function invoiceSummary(store: Store, cycle: Cycle): unknown {
  return {
    amount_transferred: toJson(cycle.toSeller, cycle.currency),
    amount_transferred_to_operator: toJson(cycle.toOperator, cycle.currency),
    ...summaryTotals(store.settings, cycle),
  }
}

function amountKeys(document: AccountingDocument): Record<string, unknown> {
  const money = (amount: bigint): object => toJson(amount, document.currency)
  const excluded = sum(document.details.map(detail => detail.excluded))
  const tax = sum(document.details.map(detail => detail.tax))
  const taxes = (amount: bigint): unknown[] =>
    amount === 0n ? [] : [{ amount: money(amount), code: 'TAXDEFAULT' }]
  return {
    details: document.details.map(detail => ({
      amount_excl_taxes: money(detail.excluded),
      description: detail.description,
      quantity: detail.quantity,
      taxes: taxes(detail.tax),
      ...(detail.orderId === undefined ? {} : { order_id: detail.orderId }),
    })),
    total_amount_excl_taxes: money(excluded),
    total_amount_incl_taxes: money(excluded + tax),
    total_charged_amount: money(excluded + tax),
    total_taxes: taxes(tax),
  }
}

function issuerKeys(shop: Shop, automatic: boolean): Record<string, unknown> {
  return {
    issuing_user: automatic
      ? { information: 'Automatic action', type: 'BATCH' }
      : { information: 'ops@operator.example', type: 'OPERATOR' },
    shop_address: {
      city: shop.city,
      civility: shop.civility,
      company: null,
      complementary: null,
      country: shop.country,
      firstname: shop.firstName,
      lastname: shop.lastName,
      phone: shop.phone,
      phone_secondary: null,
      state: null,
      street1: shop.street,
      street2: null,
      zip_code: shop.zipCode,
    },
    shop_corporate_name: shop.corporateName,
    shop_id: shop.id,
    shop_model: 'MARKETPLACE',
    shop_name: shop.name,
    shop_operator_internal_id: shop.operatorInternalId,
    shop_tax_number: shop.taxNumber,
  }
}

/** The bank of an invoice: what S20 calls `bank_sort_code` is `sort_code` in IV01. */
function invoiceBank(shop: Shop): unknown {
  if (shop.bank?.['@type'] !== 'UK') return shop.bank
  const { bank_sort_code: code, ...rest } = shop.bank
  return { ...rest, sort_code: code }
}

/** A billing cycle as SBC11 lists it. */
export function cycleView(store: Store, cycle: Cycle): unknown {
  const shop = shopOf(store, cycle.shopId)
  const { payment } = cycle
  return patched(
    {
      id: cycle.id,
      date_created: seconds(cycle.createdAt),
      currency_iso_code: cycle.currency,
      amount_transferred_to_seller: toJson(cycle.toSeller, cycle.currency),
      amount_transferred_to_operator: toJson(cycle.toOperator, cycle.currency),
      pay_out: {
        state: payment.state === 'PENDING' ? 'TO_PAY' : payment.state,
        ...(payment.state === 'PAID'
          ? { reference: payment.reference, transaction_date: seconds(payment.date) }
          : {}),
        ...(payment.state === 'FAILED' ? { failure_reason: payment.failureReason } : {}),
      },
      pay_out_psp_code: cycle.payOutPspCode,
      payment_voucher_number: cycle.voucher,
      shop: {
        shop_id: shop.id,
        shop_name: shop.name,
        shop_corporate_name: shop.corporateName,
        shop_model: 'MARKETPLACE',
        shop_operator_internal_id: shop.operatorInternalId,
      },
      summary: summaryTotals(store.settings, cycle),
    },
    store.corruptions.get(`cycle:${cycle.id}`),
  )
}

/** A line of TL02. */
export function logLineView(store: Store, line: LogLine): unknown {
  const { cycle } = line
  const shop = shopOf(store, cycle.shopId)
  const money = (amount: bigint): object => toJson(amount, cycle.currency)
  return {
    id: line.id,
    type: line.type,
    amount: money(line.amount),
    amount_credited: line.amount > 0n ? money(line.amount) : 0,
    amount_debited: line.amount < 0n ? money(-line.amount) : 0,
    balance: money(line.balance),
    currency_iso_code: cycle.currency,
    date_created: millis(line.createdAt),
    last_updated: millis(line.updatedAt),
    payment_state: line.state,
    payment_voucher_number: cycle.voucher,
    pay_out_psp_code: cycle.payOutPspCode,
    psp_balance: money(0n),
    seller_billing_cycle_id: cycle.id,
    accounting_document_number: String(cycle.invoiceId).padStart(12, '0'),
    accounting_document_creation_date: millis(cycle.createdAt),
    shop: {
      domains: shop.domains,
      id: shop.id,
      model: 'MARKETPLACE',
      operator_internal_id: shop.operatorInternalId,
    },
    entities: entitiesView(line),
  }
}

function entitiesView(line: LogLine): unknown {
  const { order, refund, service, serviceRefund, document, tax } = line.subject
  const sold = order ?? service
  const payment = refund ?? order ?? serviceRefund ?? service?.debit
  const date =
    payment === undefined || !('paymentDate' in payment) ? refund?.paidAt : payment.paymentDate
  return {
    domain: service === undefined ? 'PRODUCT' : 'SERVICE',
    ...(sold === undefined
      ? {}
      : {
          order: {
            commercial_id: sold.commercialId,
            creation_date: seconds(sold.createdAt),
            id: sold.id,
            payment_info: { imprint_number: sold.imprintNumber, payment_type: 'card' },
          },
          transaction_info: { date: seconds(date), number: payment?.paymentNumber ?? null },
        }),
    ...(line.subject.line === undefined ? {} : { order_line: { id: line.subject.line.id } }),
    ...(refund === undefined ? {} : { refund: { id: refund.id } }),
    ...(serviceRefund === undefined ? {} : { refund: { id: serviceRefund.id } }),
    ...(document === undefined
      ? {}
      : { manual_accounting_document: { number: String(document.invoiceId).padStart(12, '0') } }),
    ...(tax === undefined
      ? {}
      : {
          order_tax: {
            code: tax.code,
            ...(tax.rate === undefined ? {} : { rate: rawNumber(tax.rate) }),
          },
        }),
  }
}
