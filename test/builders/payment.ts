import type { Debit } from '../../src/domain/debit.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { at } from './moments.ts'

/** An authorised payment of 100.00 EUR for purchase C1; `captured` follows the status. */
export function paymentOf(change: Partial<Payment> = {}): Payment {
  const status = change.status ?? 'authorized'
  const authorized = change.authorized ?? 10_000n
  const done = status === 'captured' || status === 'refunded'
  return {
    id: 'pi_1',
    intentId: 'pi_1',
    chargeId: 'ch_1',
    purchaseId: 'C1',
    status,
    currency: 'EUR',
    authorized,
    captured: done ? authorized : 0n,
    refunded: status === 'refunded' ? authorized : 0n,
    captureBefore: at('08:00', '2026-03-17'),
    transferGroup: null,
    settled: done ? { amount: authorized, currency: change.currency ?? 'EUR' } : null,
    createdAt: at('07:59'),
    failure: null,
    ...change,
  }
}

/** The debit of 100.00 EUR that the marketplace waits for, for order C1-A. */
export function debitOf(change: Partial<Debit> = {}): Debit {
  return {
    id: 'C1-A',
    domain: 'product',
    entityType: 'ORDER',
    orderId: 'C1-A',
    purchaseId: 'C1',
    customerId: 'customer-1',
    sellerId: '2001',
    amount: 10_000n,
    currency: 'EUR',
    imprintNumber: null,
    payOutPspCode: 'NOT_SPECIFIED',
    ...change,
  }
}
