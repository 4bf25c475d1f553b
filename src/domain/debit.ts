import type { Currency } from './currency.ts'

/** A debit of the customer that the marketplace waits for (PA11). Amount in minor units. */
export interface Debit {
  /** `debit_entity.id`: the order's id, or a shipment's (pay on shipment). */
  readonly id: string
  readonly entityType: string
  readonly orderId: string
  readonly purchaseId: string
  readonly customerId: string
  readonly sellerId: string
  readonly amount: bigint
  readonly currency: Currency
  readonly imprintNumber: string | null
  readonly payOutPspCode: string
}

/** What we tell the marketplace about a debit, a refund or a cycle. */
export type ConfirmationKind = 'debit' | 'refund' | 'cycle'
