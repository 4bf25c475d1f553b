/** Accounting documents, billing cycles and log lines. Amounts are bigint minor units, dates epoch milliseconds. */
import type { Line, Order, Refund, ServiceOrder, ServiceRefund } from './model.ts'

export interface Payment {
  state: 'PENDING' | 'PAID' | 'FAILED'
  reference: string | null
  date: number | null
  failureReason: string | null
}

/** An amount without and with its tax, signed from the seller's point of view. */
export interface Pair {
  excluded: bigint
  included: bigint
}

/** The parts of a cycle; `amount_transferred` is the sum of all of them, tax included. */
export interface CycleParts {
  payableOrders: Pair
  refunds: Pair
  commissions: Pair
  refundCommissions: Pair
  /** Taxes of sales that the operator pays itself, and of their refunds. */
  remittedTaxes: Pair
  refundRemittedTaxes: Pair
  subscription: Pair
  otherInvoices: Pair
  otherCredits: Pair
}

export interface Cycle {
  id: string
  sequence: number
  shopId: number
  currency: string
  start: number
  end: number
  createdAt: number
  voucher: string
  payOutPspCode: string
  parts: CycleParts
  toSeller: bigint
  toOperator: bigint
  payment: Payment
  invoiceId: number
  log: LogLine[]
}

export interface DocumentDetail {
  description: string
  quantity: number
  excluded: bigint
  tax: bigint
  orderId?: string
}

export interface AccountingDocument {
  id: string
  invoiceId: number
  type: 'AUTO_INVOICE' | 'MANUAL_INVOICE' | 'MANUAL_CREDIT'
  shopId: number
  currency: string
  createdAt: number
  details: DocumentDetail[]
  payment: Payment
  /** Set for AUTO_INVOICE, and for a manual document once a cycle took it in. */
  cycle?: Cycle
}

/** One line of TL02; `subject` says which objects its `entities` name. */
export interface LogLine {
  id: string
  sequence: number
  type: string
  amount: bigint
  balance: bigint
  cycle: Cycle
  createdAt: number
  updatedAt: number
  state: 'PENDING' | 'PAYABLE' | 'PAID'
  subject: {
    order?: Order
    line?: Line
    refund?: Refund
    service?: ServiceOrder
    serviceRefund?: ServiceRefund
    document?: AccountingDocument
    tax?: { code: string; rate?: string }
  }
}
