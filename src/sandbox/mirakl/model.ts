/** What the simulated marketplace remembers. Amounts are bigint minor units, dates epoch milliseconds. */

export interface Tax {
  code: string
  amount: bigint
  /** Percent as text, e.g. `20.0`. */
  rate?: string
}

export type TaxMode = 'TAX_INCLUDED' | 'TAX_EXCLUDED'

export type PaymentWorkflow =
  | 'PAY_ON_ACCEPTANCE'
  | 'PAY_ON_DELIVERY'
  | 'PAY_ON_DUE_DATE'
  | 'PAY_ON_SHIPMENT'
  | 'NO_CUSTOMER_PAYMENT_CONFIRMATION'

export type OrderState =
  | 'STAGING'
  | 'WAITING_ACCEPTANCE'
  | 'WAITING_DEBIT'
  | 'WAITING_DEBIT_PAYMENT'
  | 'SHIPPING'
  | 'SHIPPED'
  | 'TO_COLLECT'
  | 'RECEIVED'
  | 'CLOSED'
  | 'REFUSED'
  | 'CANCELED'

export type LineState = OrderState | 'INCIDENT_OPEN' | 'REFUNDED'

export type RefundState =
  'WAITING_REFUND_TAX_CONFIRMATION' | 'WAITING_REFUND' | 'WAITING_REFUND_PAYMENT' | 'REFUNDED'

/** Amounts that leave a line, by a refund or a cancelation. */
export interface Removal {
  id: string
  createdAt: number
  reasonCode: string
  quantity: number
  amount: bigint
  shipping: bigint
  taxes: Tax[]
  shippingTaxes: Tax[]
  commissionFee: bigint
  commissionTaxes: Tax[]
  /** Part of the removed amount that the operator had paid. */
  funding: bigint
}

export type Cancelation = Removal

export interface Refund extends Removal {
  orderRefundId: string
  state: RefundState
  /** The provider's date, and when Mirakl was told, which decides the billing cycle. */
  paidAt?: number
  confirmedAt?: number
  paymentNumber?: string
  /** Billing cycle that netted it. */
  billedIn?: string
}

export interface Line {
  id: string
  index: number
  state: LineState
  reasonCode?: string
  offerId: number
  title: string
  quantity: number
  unitPrice: bigint
  price: bigint
  shipping: bigint
  taxes: Tax[]
  shippingTaxes: Tax[]
  commissionFee: bigint
  commissionTaxes: Tax[]
  /** Part of the customer's price that the operator pays. */
  funding: bigint
  debitedAt?: number
  shippedAt?: number
  receivedAt?: number
  billedIn?: string
  refunds: Refund[]
  cancelations: Cancelation[]
}

export interface Customer {
  id: string
  email: string
  firstName: string
  lastName: string
  country: string
}

export interface Order {
  id: string
  commercialId: string
  shopId: number
  state: OrderState
  currency: string
  taxMode: TaxMode
  workflow: PaymentWorkflow
  customer: Customer
  imprintNumber: string | null
  paymentType: string | null
  payOutPspCode: string
  createdAt: number
  updatedAt: number
  acceptedAt?: number
  debitedAt?: number
  /** Date and number that PA01 gave. */
  paymentDate?: number
  paymentNumber?: string
  lines: Line[]
  /** Position in the list by creation, and of its newest line in the list of changes. */
  sequence: number
  change: number
}

/** What the customer is asked to pay at once: an order, or one shipment of it. */
export interface Debit {
  entityId: string
  entityType: 'ORDER' | 'SHIPMENT'
  order: Order
  lineIds: string[]
  createdAt: number
}

export interface AdditionalField {
  code: string
  type: string
  value: string | string[]
}

export interface ShopDocument {
  id: number
  shopId: number
  fileName: string
  type: string
  content: Uint8Array
  uploadedAt: number
  deletedAt?: number
}

export type KycStatus =
  'PENDING_SUBMISSION' | 'PENDING_APPROVAL' | 'REFUSED' | 'APPROVED' | 'NOT_REQUIRED'

export interface Shop {
  id: number
  name: string
  state: 'OPEN' | 'CLOSE' | 'SUSPENDED' | 'TERMINATED'
  currency: string
  country: string
  email: string
  firstName: string
  lastName: string
  civility: string | null
  phone: string | null
  webSite: string | null
  street: string
  zipCode: string
  city: string
  professional: boolean
  corporateName: string | null
  registrationNumber: string | null
  taxNumber: string | null
  birthDate: string | null
  domains: ('PRODUCT' | 'SERVICE')[]
  operatorInternalId: string | null
  payOutPspCode: string
  kyc: { status: KycStatus; reason: string | null }
  paymentBlocked: boolean
  /** Mirakl's `payment_info` object as given, with its `@type`. */
  bank: Readonly<Record<string, unknown>> | null
  additionalFields: AdditionalField[]
  subscription: { amount: bigint; tax: bigint }
  createdAt: number
  updatedAt: number
  /** Further keys of S07 that the simulator keeps and shows without meaning. */
  further: Record<string, unknown>
}

export type ServiceState =
  | 'WAITING_SCORING'
  | 'WAITING_ACCEPTANCE'
  | 'ORDER_ACCEPTED'
  | 'ORDER_REFUSED'
  | 'ORDER_PENDING'
  | 'ORDER_CONSUMED'
  | 'ORDER_EXPIRED'
  | 'ORDER_CLOSED'
  | 'ORDER_CANCELLED'

export interface ServicePayment {
  id: string
  sequence: number
  order: ServiceOrder
  amount: bigint
  state: 'WAITING' | 'OK' | 'REFUSED'
  createdAt: number
  updatedAt: number
  paymentDate?: number
  paymentNumber?: string
}

export interface ServiceRefund extends ServicePayment {
  commissionFee: bigint
  commissionTax: bigint
  tax: bigint
  reasonCode: string
  billedIn?: string
}

export interface ServiceOption {
  code: string
  amount: bigint
  tax: bigint
}

export interface ServiceOrder {
  id: string
  sequence: number
  commercialId: string
  shopId: number
  state: ServiceState
  currency: string
  workflow: 'PAY_ON_ACCEPTANCE' | 'PAY_AFTER_CONSUMPTION'
  priceType: 'FIXED_PRICE' | 'ESTIMATED_PRICE' | 'FIXED_PRICE_MULTI'
  customer: Customer
  imprintNumber: string | null
  unitPrice: bigint
  quantity: number
  tax: bigint
  options: ServiceOption[]
  commissionFee: bigint
  commissionTax: bigint
  createdAt: number
  updatedAt: number
  acceptedAt?: number
  consumedAt?: number
  debit?: ServicePayment
  refunds: ServiceRefund[]
  billedIn?: string
}
