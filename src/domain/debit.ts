import type { Currency } from './currency.ts'

/** A debit of the customer that the marketplace waits for (PA11, SPA11). Amount in minor units. */
export interface Debit {
  /** `debit_entity.id`: the order's id, or a shipment's (pay on shipment); a service debit's own. */
  readonly id: string
  /** Of the order; it says where the confirmation goes (PA01 or SPA01). */
  readonly domain: 'product' | 'service'
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
