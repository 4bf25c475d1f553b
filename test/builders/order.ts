import type { Cancelation, LineRefund, Order, OrderLine } from '../../src/domain/order.ts'
import { at } from './moments.ts'

/** A line of 100.00 with a commission of 10.00, without taxes, shipped. Minor units. */
export function lineOf(change: Partial<OrderLine> = {}): OrderLine {
  return {
    id: 'L1',
    state: 'SHIPPING',
    total: 10_000n,
    taxes: 0n,
    shippingTaxes: 0n,
    commission: 1_000n,
    operatorFunding: 0n,
    cancelations: [],
    refunds: [],
    ...change,
  }
}

/**
 * An accepted and debited EUR order of one line: 100.00, commission 10.00. `total` and `commission`
 * follow the lines as Mirakl sums them: without those that were refused or canceled.
 */
export function orderOf(change: Partial<Order> = {}): Order {
  const lines = change.lines ?? [lineOf()]
  const sold = lines.filter(line => line.state !== 'REFUSED' && line.state !== 'CANCELED')
  return {
    id: 'C1-A',
    purchaseId: 'C1',
    sellerId: '2001',
    domain: 'product',
    state: 'SHIPPING',
    currency: 'EUR',
    taxMode: 'included',
    createdAt: at('08:00'),
    updatedAt: at('09:00'),
    debitedAt: at('08:30'),
    workflow: 'PAY_ON_ACCEPTANCE',
    transactionNumber: 'pi_1',
    imprintNumber: null,
    payOutPspCode: 'NOT_SPECIFIED',
    customerId: 'customer-1',
    total: sold.reduce((sum, line) => sum + line.total, 0n),
    commission: sold.reduce((sum, line) => sum + line.commission, 0n),
    lines,
    ...change,
  }
}

/** An order of one line. */
export function orderWith(line: Partial<OrderLine>, change: Partial<Order> = {}): Order {
  return orderOf({ ...change, lines: [lineOf(line)] })
}

export function cancelationOf(change: Partial<Cancelation> = {}): Cancelation {
  return { id: 'X1', amount: 0n, shipping: 0n, taxes: 0n, commission: 0n, ...change }
}

/** A refund that the marketplace shows as paid: 30.00, commission 3.00 given back. */
export function lineRefundOf(change: Partial<LineRefund> = {}): LineRefund {
  return {
    id: 'R1',
    paid: true,
    amount: 3_000n,
    shipping: 0n,
    taxes: 0n,
    commission: 300n,
    ...change,
  }
}
