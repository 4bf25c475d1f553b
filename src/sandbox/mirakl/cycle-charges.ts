import type { AccountingDocument, Cycle, CycleParts, LogLine } from './accounting-model.ts'
import { sum } from './decimal.ts'
import {
  lineCommission,
  lineDebit,
  lineGross,
  lineTaxes,
  removalCommission,
  removalDebit,
  removalGross,
  taxTotal,
  isLive,
} from './line-amount.ts'
import type { Line, Order, Refund, ServiceOrder, ServiceRefund, Tax } from './model.ts'
import { serviceAmount, serviceTax } from './services.ts'
import type { Store } from './store.ts'

/** One amount that a cycle bills, signed from the seller's point of view. */
export interface Charge {
  part: keyof CycleParts
  excluded: bigint
  included: bigint
  /** Money of customers in it, signed as it moved to the marketplace. */
  customer: bigint
  lines: { type: string; amount: bigint; tax?: { code: string; rate?: string } }[]
  subject: LogLine['subject']
  payOutPspCode?: string
  /** Marks what was billed, so that no later cycle bills it again. */
  bill(cycle: Cycle): void
}

type Charges = Map<number, Map<string, Charge[]>>

const nothing = (): void => undefined

/** Everything unbilled that became payable before `end`, by shop and currency. */
export function collectCharges(store: Store, end: number): Charges {
  const charges: Charges = new Map()
  const push = (shopId: number, currency: string, list: Charge[]): void => {
    if (list.length === 0) return
    const byCurrency = charges.get(shopId) ?? new Map<string, Charge[]>()
    charges.set(shopId, byCurrency)
    const known = byCurrency.get(currency)
    if (known === undefined) byCurrency.set(currency, list)
    else known.push(...list)
  }
  for (const order of store.orderList) {
    for (const line of order.lines) {
      push(order.shopId, order.currency, chargesOfLine(order, line, end))
    }
  }
  for (const order of store.serviceOrders.values()) {
    push(order.shopId, order.currency, chargesOfService(order, end))
  }
  for (const document of store.documents) {
    if (document.type === 'AUTO_INVOICE' || document.cycle !== undefined) continue
    if (document.createdAt < end) {
      push(document.shopId, document.currency, [chargeOfDocument(document)])
    }
  }
  return charges
}

function chargesOfLine(order: Order, line: Line, end: number): Charge[] {
  const list: Charge[] = []
  const at = payableAt(order, line)
  if (line.billedIn === undefined && at !== undefined && at < end && isLive(line)) {
    list.push(...chargesOfSale(order, line))
  }
  if (line.billedIn === undefined && list.length === 0) return list
  for (const refund of line.refunds) {
    const open = refund.state === 'REFUNDED' && refund.billedIn === undefined
    if (open && (refund.confirmedAt ?? refund.createdAt) < end) {
      list.push(...chargesOfRefund(order, line, refund))
    }
  }
  return list
}

/** When the customer's money was there; without payment confirmation, when the seller accepted. */
function payableAt(order: Order, line: Line): number | undefined {
  return order.workflow === 'NO_CUSTOMER_PAYMENT_CONFIRMATION' ? order.acceptedAt : line.debitedAt
}

function chargesOfSale(order: Order, line: Line): Charge[] {
  const gross = lineGross(line, order.taxMode)
  const net = gross - lineTaxes(line)
  const shippingTax = taxTotal(line.shippingTaxes)
  const inside = order.taxMode === 'TAX_INCLUDED'
  const subject = { order, line }
  const commission = lineCommission(line)
  return [
    {
      part: 'payableOrders',
      excluded: net,
      included: gross,
      customer: lineDebit(line, order.taxMode),
      lines: [
        { type: 'ORDER_AMOUNT', amount: line.price - (inside ? taxTotal(line.taxes) : 0n) },
        ...taxLines('ORDER_AMOUNT_TAX', line.taxes, 1n),
        { type: 'ORDER_SHIPPING_AMOUNT', amount: line.shipping - (inside ? shippingTax : 0n) },
        ...taxLines('ORDER_SHIPPING_AMOUNT_TAX', line.shippingTaxes, 1n),
      ],
      subject,
      payOutPspCode: order.payOutPspCode,
      bill: cycle => {
        line.billedIn = cycle.id
      },
    },
    {
      part: 'commissions',
      excluded: -line.commissionFee,
      included: -commission,
      customer: 0n,
      lines: [
        { type: 'COMMISSION_FEE', amount: -line.commissionFee },
        ...taxLines('COMMISSION_VAT', line.commissionTaxes, -1n),
      ],
      subject,
      bill: nothing,
    },
  ]
}

function chargesOfRefund(order: Order, line: Line, refund: Refund): Charge[] {
  const gross = removalGross(refund, order.taxMode)
  const shippingTax = taxTotal(refund.shippingTaxes)
  const inside = order.taxMode === 'TAX_INCLUDED'
  const subject = { order, line, refund }
  return [
    {
      part: 'refunds',
      excluded: -(gross - lineTaxes(refund)),
      included: -gross,
      customer: -removalDebit(refund, order.taxMode),
      lines: [
        {
          type: 'REFUND_ORDER_AMOUNT',
          amount: -(refund.amount - (inside ? taxTotal(refund.taxes) : 0n)),
        },
        ...taxLines('REFUND_ORDER_AMOUNT_TAX', refund.taxes, -1n),
        {
          type: 'REFUND_ORDER_SHIPPING_AMOUNT',
          amount: -(refund.shipping - (inside ? shippingTax : 0n)),
        },
        ...taxLines('REFUND_ORDER_SHIPPING_AMOUNT_TAX', refund.shippingTaxes, -1n),
      ],
      subject,
      bill: cycle => {
        refund.billedIn = cycle.id
      },
    },
    {
      part: 'refundCommissions',
      excluded: refund.commissionFee,
      included: removalCommission(refund),
      customer: 0n,
      lines: [
        { type: 'REFUND_COMMISSION_FEE', amount: refund.commissionFee },
        ...taxLines('REFUND_COMMISSION_VAT', refund.commissionTaxes, 1n),
      ],
      subject,
      bill: nothing,
    },
  ]
}

/** Taxes that the operator pays itself: what sales and refunds brought of them goes to the operator. */
export function chargesOfRemittedTaxes(charges: readonly Charge[]): Charge[] {
  return charges.flatMap(charge => {
    const { part, subject } = charge
    if (part !== 'payableOrders' && part !== 'refunds') return []
    const amount = charge.excluded - charge.included
    const taxes = charge.lines.filter(line => line.type.endsWith('_TAX'))
    return {
      part: part === 'refunds' ? 'refundRemittedTaxes' : 'remittedTaxes',
      excluded: amount,
      included: amount,
      customer: 0n,
      lines: taxes.map(line => ({
        ...line,
        type: `OPERATOR_REMITTED_${line.type}`,
        amount: -line.amount,
      })),
      subject,
      bill: nothing,
    }
  })
}

function taxLines(type: string, taxes: readonly Tax[], sign: bigint): Charge['lines'] {
  return taxes.map(({ code, amount, rate }) => ({
    type,
    amount: sign * amount,
    tax: { code, ...(rate === undefined ? {} : { rate }) },
  }))
}

function chargesOfService(order: ServiceOrder, end: number): Charge[] {
  const list: Charge[] = []
  const paidAt = order.debit?.state === 'OK' ? order.debit.updatedAt : undefined
  if (order.billedIn === undefined && paidAt !== undefined && paidAt < end) {
    const amount = serviceAmount(order)
    list.push(
      ...serviceCharges(
        1n,
        { amount, tax: serviceTax(order), ...commissionOf(order) },
        { service: order },
        cycle => {
          order.billedIn = cycle.id
        },
      ),
    )
  }
  if (order.billedIn === undefined && list.length === 0) return list
  for (const refund of order.refunds) {
    if (refund.state !== 'OK' || refund.billedIn !== undefined || refund.updatedAt >= end) continue
    list.push(
      ...serviceCharges(-1n, refund, { service: order, serviceRefund: refund }, cycle => {
        refund.billedIn = cycle.id
      }),
    )
  }
  return list
}

function commissionOf(order: ServiceOrder): Pick<ServiceRefund, 'commissionFee' | 'commissionTax'> {
  return { commissionFee: order.commissionFee, commissionTax: order.commissionTax }
}

function serviceCharges(
  sign: 1n | -1n,
  money: { amount: bigint; tax: bigint; commissionFee: bigint; commissionTax: bigint },
  subject: LogLine['subject'],
  bill: (cycle: Cycle) => void,
): Charge[] {
  const prefix = sign === 1n ? '' : 'REFUND_'
  const { amount, tax, commissionFee, commissionTax } = money
  return [
    {
      part: sign === 1n ? 'payableOrders' : 'refunds',
      excluded: sign * (amount - tax),
      included: sign * amount,
      customer: sign * amount,
      lines: [
        { type: `${prefix}ORDER_AMOUNT`, amount: sign * (amount - tax) },
        { type: `${prefix}ORDER_AMOUNT_TAX`, amount: sign * tax },
      ],
      subject,
      bill,
    },
    {
      part: sign === 1n ? 'commissions' : 'refundCommissions',
      excluded: -sign * commissionFee,
      included: -sign * (commissionFee + commissionTax),
      customer: 0n,
      lines: [
        { type: `${prefix}COMMISSION_FEE`, amount: -sign * commissionFee },
        { type: `${prefix}COMMISSION_VAT`, amount: -sign * commissionTax },
      ],
      subject,
      bill: nothing,
    },
  ]
}

function chargeOfDocument(document: AccountingDocument): Charge {
  const credit = document.type === 'MANUAL_CREDIT'
  const sign = credit ? 1n : -1n
  const excluded = sign * sum(document.details.map(detail => detail.excluded))
  const tax = sign * sum(document.details.map(detail => detail.tax))
  return {
    part: credit ? 'otherCredits' : 'otherInvoices',
    excluded,
    included: excluded + tax,
    customer: 0n,
    lines: [
      { type: document.type, amount: excluded },
      { type: `${document.type}_VAT`, amount: tax },
    ],
    subject: { document },
    bill: cycle => {
      document.cycle = cycle
    },
  }
}
