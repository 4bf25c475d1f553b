import type { Currency } from './currency.ts'

/** What the tables of the old connector hold, whatever version of its schema it was. */

export const oldTables = ['accounts', 'payments', 'transfers', 'payouts', 'refunds'] as const
export type OldTable = (typeof oldTables)[number]

/** A shop and its account. */
export interface OldAccount {
  /** Primary key, as text. */
  readonly row: string
  readonly sellerId: string
  readonly accountId: string
}

/** A charge of a purchase. `status`: to_capture, captured, canceled or failed. */
export interface OldPayment {
  readonly row: string
  readonly purchaseId: string | null
  readonly chargeId: string
  readonly status: string
}

/** A transfer, reversal, payout or refund: made, given up, or still open. */
export interface OldMovement {
  readonly table: 'transfers' | 'payouts' | 'refunds'
  readonly row: string
  /** `TRANSFER_PRODUCT_ORDER`, `PAYOUT`, `REFUND_SERVICE_ORDER` and so on. */
  readonly type: string
  /** For example `TRANSFER_CREATED`. */
  readonly status: string
  readonly statusReason: string | null
  /** The order, invoice or refund as the old connector and the provider's metadata name it. */
  readonly name: string
  /** What the provider calls it; null: no answer was kept. */
  readonly providerId: string | null
  /** The charge that funds a transfer or is refunded, or the transfer that is reversed. */
  readonly of: string | null
  readonly sellerId: string | null
  readonly accountId: string | null
  readonly orderId: string | null
  readonly purchaseId: string | null
  /** In the provider's smallest unit, as it was sent; null: it never came to an amount. */
  readonly amount: bigint | null
  readonly currency: Currency | null
  readonly createdAt: Date
  readonly changedAt: Date
  /** When the marketplace made the order or the invoice, when that was kept. */
  readonly marketplaceAt: Date | null
  /** Of a reversal: the refund that it is for. */
  readonly refund: OldRefund | null
}

/** A refund that the customer and the marketplace have, and whose reversal may be missing. */
export interface OldRefund {
  readonly domain: 'product' | 'service'
  readonly lineId: string | null
  /** In the provider's smallest unit. */
  readonly amount: bigint
  readonly currency: Currency
}

/** Where the old connector had read to. */
export interface OldCheckpoint {
  readonly key: string
  readonly value: string | null
}

/** A row that cannot even be read: a column is empty that never is. */
export interface OldUnreadable {
  readonly row: string
  readonly problem: string
}

/** What the provider shows of one movement. Minor units. */
export interface Sight {
  readonly providerId: string
  readonly amount: bigint
  readonly currency: Currency
  /** `failed`: refused, canceled or taken back; no money stands moved. */
  readonly state: 'succeeded' | 'accepted' | 'failed'
}
