import { toText } from './decimal.ts'
import {
  debitAmount,
  isLive,
  lineCommission,
  lineDebit,
  lineGross,
  removalCommission,
  removalDebit,
  removalGross,
} from './line-amount.ts'
import type { Line, Order } from './model.ts'
import { serviceAmount } from './services.ts'
import type { Store } from './store.ts'

/** Amounts of customers in one currency, major units as text. */
export interface CustomerBooks {
  /** Asked for by PA11 or SPA11 and not yet confirmed. */
  owed: string
  /** Confirmed and not canceled afterwards. */
  paid: string
  /** Asked for by PA12 or SPA12 and not yet confirmed. */
  refundsWaiting: string
  refunded: string
}

/** Amounts of a shop in one currency, major units as text. All are positive but the balances of cycles. */
export interface ShopBooks {
  /** Paid sales with tax, the operator's part included. */
  sold: string
  fundedByOperator: string
  commission: string
  refunded: string
  refundedCommission: string
  subscription: string
  manualInvoices: string
  manualCredits: string
  /** Sum of `amount_transferred` of all cycles, and of those confirmed as paid. */
  billed: string
  billedToOperator: string
  paidOut: string
}

export interface Books {
  customers: Record<string, CustomerBooks>
  shops: Record<string, Record<string, ShopBooks>>
  /** How many orders stand in each state. */
  orderStates: Record<string, number>
}

type Sums<K> = Record<keyof K, bigint>

const noCustomer = (): Sums<CustomerBooks> => ({
  owed: 0n,
  paid: 0n,
  refundsWaiting: 0n,
  refunded: 0n,
})

const noShop = (): Sums<ShopBooks> => ({
  sold: 0n,
  fundedByOperator: 0n,
  commission: 0n,
  refunded: 0n,
  refundedCommission: 0n,
  subscription: 0n,
  manualInvoices: 0n,
  manualCredits: 0n,
  billed: 0n,
  billedToOperator: 0n,
  paidOut: 0n,
})

interface Sheet {
  customer(currency: string): Sums<CustomerBooks>
  shop(shopId: number, currency: string): Sums<ShopBooks>
}

/** What the marketplace believes, counted from its orders and cycles and not from any log. */
export function countBooks(store: Store): Books {
  const customers = new Map<string, Sums<CustomerBooks>>()
  const shops = new Map<string, Sums<ShopBooks>>()
  const sheet: Sheet = {
    customer: currency => entry(customers, currency, noCustomer),
    shop: (shopId, currency) => entry(shops, `${shopId} ${currency}`, noShop),
  }
  const orderStates: Record<string, number> = {}
  for (const order of store.orderList) {
    orderStates[order.state] = (orderStates[order.state] ?? 0) + 1
    for (const line of order.lines) countLine(sheet, order, line)
  }
  for (const { order, lineIds } of store.debits.values()) {
    sheet.customer(order.currency).owed += debitAmount(order, lineIds)
  }
  countServices(store, sheet)
  countBilling(store, sheet)
  return {
    customers: Object.fromEntries(
      [...customers].map(([currency, sums]) => [currency, asText(sums, currency)]),
    ),
    shops: shopsAsText(shops),
    orderStates,
  }
}

function countLine(sheet: Sheet, order: Order, line: Line): void {
  const customer = sheet.customer(order.currency)
  const shop = sheet.shop(order.shopId, order.currency)
  const unconfirmed = order.workflow === 'NO_CUSTOMER_PAYMENT_CONFIRMATION'
  const paid = line.debitedAt !== undefined || (unconfirmed && order.acceptedAt !== undefined)
  if (paid && isLive(line)) {
    customer.paid += lineDebit(line, order.taxMode)
    shop.sold += lineGross(line, order.taxMode)
    shop.fundedByOperator += line.funding
    shop.commission += lineCommission(line)
  }
  for (const refund of line.refunds) {
    const amount = removalDebit(refund, order.taxMode)
    if (refund.state === 'REFUNDED') {
      customer.refunded += amount
      shop.refunded += removalGross(refund, order.taxMode)
      shop.refundedCommission += removalCommission(refund)
    } else customer.refundsWaiting += amount
  }
}

function countServices(store: Store, sheet: Sheet): void {
  for (const order of store.serviceOrders.values()) {
    const customer = sheet.customer(order.currency)
    const shop = sheet.shop(order.shopId, order.currency)
    if (order.debit?.state === 'WAITING') customer.owed += order.debit.amount
    if (order.debit?.state === 'OK') {
      customer.paid += order.debit.amount
      shop.sold += serviceAmount(order)
      shop.commission += order.commissionFee + order.commissionTax
    }
    for (const refund of order.refunds) {
      if (refund.state !== 'OK') {
        customer.refundsWaiting += refund.amount
        continue
      }
      customer.refunded += refund.amount
      shop.refunded += refund.amount
      shop.refundedCommission += refund.commissionFee + refund.commissionTax
    }
  }
}

function countBilling(store: Store, sheet: Sheet): void {
  for (const cycle of store.cycles.values()) {
    const shop = sheet.shop(cycle.shopId, cycle.currency)
    shop.billed += cycle.toSeller
    shop.billedToOperator += cycle.toOperator
    shop.subscription -= cycle.parts.subscription.included
    if (cycle.payment.state === 'PAID') shop.paidOut += cycle.toSeller
  }
  for (const document of store.documents) {
    if (document.type === 'AUTO_INVOICE') continue
    const shop = sheet.shop(document.shopId, document.currency)
    for (const detail of document.details) {
      const amount = detail.excluded + detail.tax
      if (document.type === 'MANUAL_CREDIT') shop.manualCredits += amount
      else shop.manualInvoices += amount
    }
  }
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

function asText<K extends string>(sums: Record<K, bigint>, currency: string): Record<K, string> {
  const entries = Object.entries<bigint>(sums).map(([key, sum]) => [key, toText(sum, currency)])
  return Object.fromEntries(entries) as Record<K, string>
}

function shopsAsText(shops: ReadonlyMap<string, Sums<ShopBooks>>): Books['shops'] {
  const result: Books['shops'] = {}
  for (const [key, sums] of shops) {
    const [shopId = '', currency = ''] = key.split(' ')
    result[shopId] = { ...result[shopId], [currency]: asText(sums, currency) }
  }
  return result
}
