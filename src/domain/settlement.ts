import type { Currency } from './currency.ts'

/** What a marketplace says that it owes a seller for a billing cycle (IV01 or SBC11). Minor units. */
export interface Cycle {
  /** IV01: `invoice_id` as text. SBC11: the cycle's uuid. */
  readonly id: string
  readonly feed: 'invoices' | 'billing_cycles'
  readonly sellerId: string
  readonly currency: Currency
  readonly createdAt: Date
  /** Not a draft any more. */
  readonly final: boolean
  readonly payState: 'pending' | 'paid' | 'failed'
  readonly payOutPspCode: string
  /** `amount_transferred`; may be zero or negative. */
  readonly amount: bigint
  readonly amountToOperator: bigint
  /**
   * Parts that Tributary moves beside the payout, as absolute values: Mirakl's signs of these
   * fields contradict each other, the direction is fixed by the field (mirakl-api 6.1).
   */
  readonly subscription: bigint
  readonly otherInvoices: bigint
  readonly otherCredits: bigint
}

/** Money of one account at the provider, by currency, in minor units. */
export interface Balance {
  readonly available: Readonly<Record<Currency, bigint>>
  readonly pending: Readonly<Record<Currency, bigint>>
}
