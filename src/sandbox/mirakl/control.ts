import { addManualDocument, closeCycle } from './billing.ts'
import type { CycleInput, ManualDocumentInput } from './billing.ts'
import { countBooks } from './books.ts'
import type { Books } from './books.ts'
import { sum, toText } from './decimal.ts'
import type { Amount } from './decimal.ts'
import { addDocument, setPatch } from './inventory.ts'
import type { DocumentInput, PatchTarget } from './inventory.ts'
import {
  debitAmount,
  lineGross,
  lineTaxes,
  liveLines,
  orderCommission,
  orderTotal,
  removalCommission,
  removalGross,
} from './line-amount.ts'
import type { Order, OrderState, ServiceOrder } from './model.ts'
import * as flow from './order-flow.ts'
import { placePurchase } from './purchases.ts'
import type { PurchaseInput } from './purchases.ts'
import { cancelLine, emitRefund, openRefund } from './removals.ts'
import type { RemovalInput } from './removal-amount.ts'
import * as services from './services.ts'
import type { ServiceInput, ServiceRefundInput } from './services.ts'
import type { MiraklSettings } from './settings.ts'
import { addShop, setSubscription, updateShop } from './shops.ts'
import type { NewShop } from './shops.ts'
import type { FieldDefinition, Store } from './store.ts'

/** A closed cycle as the control surface reports it; amounts are major units as text. */
export interface CycleReport {
  cycleId: string
  invoiceId: number
  shopId: number
  currency: string
  toSeller: string
  toOperator: string
}

/** What an order of goods or of a service came to; amounts are major units as text. */
export interface SaleReport {
  orderId: string
  commercialId: string
  shopId: number
  currency: string
  /** What is kept of it with its taxes and the operator's part, and the commission with its tax. */
  sold: string
  commission: string
  /** All taxes in what is kept. */
  taxes: string
  customerDebited: boolean
  /** Refunds that the customer has, as the operator's payment program told the marketplace. */
  refunded: RefundReport[]
}

export interface OrderReport extends SaleReport {
  state: OrderState
  /** `total_price`, and what the customer owes for the lines that are kept; major units as text. */
  total: string
  customerOwes: string
  lines: { lineId: string; state: string; refundIds: string[] }[]
}

/** A refund with its taxes and the operator's part, and the commission that goes back with it. */
export interface RefundReport {
  refundId: string
  amount: string
  commission: string
  taxes: string
}

/** What people do at the marketplace: customers, sellers and the operator. Wrong requests throw. */
export interface MiraklControl {
  /** Returns the shop's number. */
  addShop(shop?: NewShop): number
  updateShop(shopId: number, changes: Omit<NewShop, 'id'>): void
  addShopDocument(document: DocumentInput): number
  defineField(field: FieldDefinition): void
  setSubscription(shopId: number, fee: { amount: Amount; tax?: Amount }): void
  /** Returns the ids of the orders. */
  placePurchase(purchase: PurchaseInput): string[]
  confirmStaging(orderId: string): void
  acceptOrder(orderId: string, options?: { refuseLines?: readonly string[] }): void
  refuseOrder(orderId: string): void
  /** Only needed with the setting `automaticDebit` off. Returns the debit entity. */
  emitDebit(orderId: string): string
  /** Returns the debit entity of a shipment paid by itself, else null. */
  shipOrder(orderId: string, options?: { lineIds?: readonly string[] }): string | null
  receiveOrder(orderId: string): void
  closeOrder(orderId: string): void
  /** Without amounts the whole line. Returns the cancelation's id. */
  cancelLine(lineId: string, part?: RemovalInput): string
  /** Without amounts the whole line. Returns the refund's id. */
  openRefund(lineId: string, part?: RemovalInput): string
  /** Only needed with the setting `automaticRefund` off. */
  emitRefund(refundId: string): void
  placeServiceOrder(order: ServiceInput): string
  acceptServiceOrder(orderId: string): void
  refuseServiceOrder(orderId: string): void
  consumeServiceOrder(orderId: string): void
  closeServiceOrder(orderId: string): void
  openServiceRefund(orderId: string, refund: ServiceRefundInput): string
  /** Returns its invoice id. */
  addManualDocument(shopId: number, document: ManualDocumentInput): number
  closeCycle(cycle: CycleInput): CycleReport[]
  /** Lays a patch over the order in OR11 or SOR11, e.g. `{ total_price: '10.075' }`; null takes it away. */
  corruptOrder(orderId: string, patch: Record<string, unknown> | null): void
  /** The same for other answers: `debit` by entity, `invoice` by number, `cycle` and `shop` by id. */
  corrupt(target: PatchTarget, id: string | number, patch: Record<string, unknown> | null): void
  /** Returns the settings after the change. */
  changeSettings(changes: Partial<MiraklSettings>): MiraklSettings
  books(): Books
  shops(): { shopId: number; name: string; state: string; kyc: string; paymentBlocked: boolean }[]
  orders(commercialId?: string): OrderReport[]
  serviceOrders(): SaleReport[]
}

/** Binds the control surface to a tenant. */
export function createControl(store: Store): MiraklControl {
  return {
    ...shopControl(store),
    ...orderControl(store),
    ...serviceControl(store),
    setSubscription: (shopId, fee) => setSubscription(store, shopId, fee),
    addManualDocument: (shopId, document) => addManualDocument(store, shopId, document),
    closeCycle: cycle =>
      closeCycle(store, cycle).map(({ toSeller, toOperator, ...closed }) => ({
        ...closed,
        toSeller: toText(toSeller, closed.currency),
        toOperator: toText(toOperator, closed.currency),
      })),
    corruptOrder: (orderId, patch) => setPatch(store, 'order', orderId, patch),
    corrupt: (target, id, patch) => setPatch(store, target, id, patch),
    changeSettings(changes) {
      Object.assign(store.settings, changes)
      store.changed()
      return { ...store.settings }
    },
    books: () => countBooks(store),
    orders: commercialId =>
      (commercialId === undefined
        ? store.orderList
        : (store.purchases.get(commercialId) ?? [])
      ).map(report),
    serviceOrders: () => [...store.serviceOrders.values()].map(reportService),
  }
}

function shopControl(store: Store) {
  return {
    addShop: shop => addShop(store, shop),
    updateShop: (shopId, changes) => updateShop(store, shopId, changes),
    addShopDocument: document => addDocument(store, document),
    defineField: field => void store.fields.set(field.code, field),
    shops: () =>
      [...store.shops.values()].map(shop => ({
        shopId: shop.id,
        name: shop.name,
        state: shop.state,
        kyc: shop.kyc.status,
        paymentBlocked: shop.paymentBlocked,
      })),
  } satisfies Partial<MiraklControl>
}

function orderControl(store: Store) {
  return {
    placePurchase: purchase => placePurchase(store, purchase),
    confirmStaging: orderId => flow.confirmStaging(store, orderId),
    acceptOrder: (orderId, options) => flow.acceptOrder(store, orderId, options),
    refuseOrder: orderId => flow.refuseOrder(store, orderId),
    emitDebit: orderId => flow.emitDebit(store, orderId),
    shipOrder: (orderId, options) => flow.shipOrder(store, orderId, options) ?? null,
    receiveOrder: orderId => flow.receiveOrder(store, orderId),
    closeOrder: orderId => flow.closeOrder(store, orderId),
    cancelLine: (lineId, part) => cancelLine(store, lineId, part),
    openRefund: (lineId, part) => openRefund(store, lineId, part),
    emitRefund: refundId => emitRefund(store, refundId),
  } satisfies Partial<MiraklControl>
}

function serviceControl(store: Store) {
  return {
    placeServiceOrder: order => services.placeServiceOrder(store, order),
    acceptServiceOrder: orderId => services.acceptServiceOrder(store, orderId),
    refuseServiceOrder: orderId => services.refuseServiceOrder(store, orderId),
    consumeServiceOrder: orderId => services.consumeServiceOrder(store, orderId),
    closeServiceOrder: orderId => services.closeServiceOrder(store, orderId),
    openServiceRefund: (orderId, refund) => services.openServiceRefund(store, orderId, refund),
  } satisfies Partial<MiraklControl>
}

function reportService(order: ServiceOrder): SaleReport {
  const text = (amount: bigint): string => toText(amount, order.currency)
  return {
    orderId: order.id,
    commercialId: order.commercialId,
    shopId: order.shopId,
    currency: order.currency,
    sold: text(services.serviceAmount(order)),
    commission: text(order.commissionFee + order.commissionTax),
    taxes: text(services.serviceTax(order)),
    customerDebited: order.debit?.state === 'OK',
    refunded: order.refunds
      .filter(refund => refund.state === 'OK')
      .map(refund => ({
        refundId: refund.id,
        amount: text(refund.amount),
        commission: text(refund.commissionFee + refund.commissionTax),
        taxes: text(refund.tax),
      })),
  }
}

function report(order: Order): OrderReport {
  const text = (amount: bigint): string => toText(amount, order.currency)
  const everyLine = order.lines.map(line => line.id)
  return {
    orderId: order.id,
    commercialId: order.commercialId,
    shopId: order.shopId,
    state: order.state,
    currency: order.currency,
    total: text(orderTotal(order)),
    customerOwes: text(debitAmount(order, everyLine)),
    sold: text(sum(liveLines(order).map(line => lineGross(line, order.taxMode)))),
    commission: text(orderCommission(order)),
    taxes: text(sum(liveLines(order).map(lineTaxes))),
    customerDebited: order.debitedAt !== undefined,
    lines: order.lines.map(line => ({
      lineId: line.id,
      state: line.state,
      refundIds: line.refunds.map(refund => refund.id),
    })),
    refunded: order.lines
      .flatMap(line => line.refunds)
      .filter(refund => refund.state === 'REFUNDED')
      .map(refund => ({
        refundId: refund.id,
        amount: text(removalGross(refund, order.taxMode)),
        commission: text(removalCommission(refund)),
        taxes: text(lineTaxes(refund)),
      })),
  }
}
