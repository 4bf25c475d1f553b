import { toMinor } from './decimal.ts'
import type { Amount } from './decimal.ts'
import type { Customer, Line, Order, PaymentWorkflow, Tax, TaxMode } from './model.ts'
import { shopOf } from './shops.ts'
import type { Store } from './store.ts'

/** One tax code with its amount, or only an amount (code VAT20). */
export type TaxInput = Amount | { code: string; amount: Amount; rate?: string }[]

export interface LineInput {
  /** Of all units together, major units. With TAX_EXCLUDED without tax. */
  price: Amount
  shipping?: Amount
  /** Default 1. */
  quantity?: number
  taxes?: TaxInput
  shippingTaxes?: TaxInput
  /** Without its tax. Default 0. */
  commission?: Amount
  commissionTax?: Amount
  /** Part of the price that the operator pays instead of the customer. */
  fundingOperator?: Amount
  title?: string
}

export interface PurchaseInput {
  commercialId: string
  customer?: Partial<Customer>
  /** Default: the tenant's. */
  currency?: string
  /** Default TAX_INCLUDED. */
  taxMode?: TaxMode
  orders: { shopId: number; lines: LineInput[]; payOutPspCode?: string }[]
  /** Opaque reference of the provider, given by the front. */
  imprintNumber?: string | null
  /** Default `card`. */
  paymentType?: string | null
  /** Default PAY_ON_ACCEPTANCE. */
  paymentWorkflow?: PaymentWorkflow
  /** Leaves the orders in STAGING until `confirmStaging`. */
  staging?: boolean
}

/** Places a purchase: one order per shop, `<commercialId>-A`, `-B`… Returns their ids. Throws on a wrong input. */
export function placePurchase(store: Store, input: PurchaseInput): string[] {
  const before = store.purchases.get(input.commercialId) ?? []
  const orders = input.orders.map((order, at) => newOrder(store, input, order, before.length + at))
  for (const order of orders) {
    store.orders.set(order.id, order)
    store.orderList.push(order)
    for (const line of order.lines) store.lines.set(line.id, { order, line })
    store.touch(order)
  }
  store.purchases.set(input.commercialId, [...before, ...orders])
  return orders.map(order => order.id)
}

/** The customer of a control call, with what was left out made up. */
export function customerOf(input: Partial<Customer> | undefined): Customer {
  return {
    id: 'CUST-42',
    email: 'ana@customer.example',
    firstName: 'Ana',
    lastName: 'Silva',
    country: 'FRA',
    ...input,
  }
}

/** Taxes of a control call. Throws AmountError. */
export function taxesOf(input: TaxInput | undefined, currency: string, code = 'VAT20'): Tax[] {
  if (input === undefined) return []
  if (!Array.isArray(input)) {
    const amount = toMinor(input, currency)
    return amount === 0n ? [] : [{ code, amount, rate: '20.0' }]
  }
  return input.map(({ code: taxCode, amount, rate }) => ({
    code: taxCode,
    amount: toMinor(amount, currency),
    ...(rate === undefined ? {} : { rate }),
  }))
}

function newOrder(
  store: Store,
  purchase: PurchaseInput,
  input: PurchaseInput['orders'][number],
  position: number,
): Order {
  const shop = shopOf(store, input.shopId)
  const id = `${purchase.commercialId}-${letters(position)}`
  if (store.orders.has(id)) throw new Error(`Order ${id} exists`)
  if (input.lines.length === 0) throw new Error(`Order ${id} has no line`)
  const currency = purchase.currency ?? store.settings.defaultCurrency
  const now = store.now()
  return {
    id,
    commercialId: purchase.commercialId,
    shopId: shop.id,
    state: purchase.staging === true ? 'STAGING' : 'WAITING_ACCEPTANCE',
    currency,
    taxMode: purchase.taxMode ?? 'TAX_INCLUDED',
    workflow: purchase.paymentWorkflow ?? 'PAY_ON_ACCEPTANCE',
    customer: customerOf(purchase.customer),
    imprintNumber: purchase.imprintNumber ?? null,
    paymentType: purchase.paymentType === undefined ? 'card' : purchase.paymentType,
    payOutPspCode: input.payOutPspCode ?? shop.payOutPspCode,
    createdAt: now,
    updatedAt: now,
    lines: input.lines.map((line, at) =>
      newLine(line, currency, id, at + 1, purchase.staging === true),
    ),
    sequence: store.nextNumber('sequence'),
    change: 0,
  }
}

function newLine(
  input: LineInput,
  currency: string,
  orderId: string,
  index: number,
  staging: boolean,
): Line {
  const quantity = input.quantity ?? 1
  const price = toMinor(input.price, currency)
  return {
    id: `${orderId}-${index}`,
    index,
    state: staging ? 'STAGING' : 'WAITING_ACCEPTANCE',
    offerId: 2129 + index,
    title: input.title ?? 'Oak lamp',
    quantity,
    unitPrice: quantity === 0 ? price : price / BigInt(quantity),
    price,
    shipping: toMinor(input.shipping ?? '0', currency),
    taxes: taxesOf(input.taxes, currency),
    shippingTaxes: taxesOf(input.shippingTaxes, currency),
    commissionFee: toMinor(input.commission ?? '0', currency),
    commissionTaxes: taxesOf(input.commissionTax, currency, 'TAXDEFAULT'),
    funding: toMinor(input.fundingOperator ?? '0', currency),
    refunds: [],
    cancelations: [],
  }
}

/** A…Z, then AA, AB… */
function letters(position: number): string {
  const last = String.fromCharCode(65 + (position % 26))
  return position < 26 ? last : letters(Math.floor(position / 26) - 1) + last
}
