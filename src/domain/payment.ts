import type { Currency } from './currency.ts'

/**
 * - `pending`: the customer has not finished, or the method takes days. - `authorized`: may be captured.
 * - `captured`: the money is the platform's. - `refunded`: all of it went back.
 * - `canceled`, `failed`: no money came or will come.
 */
export const paymentStatuses = [
  'pending',
  'authorized',
  'captured',
  'refunded',
  'canceled',
  'failed',
] as const
export type PaymentStatus = (typeof paymentStatuses)[number]

/** What a captured payment brought to the platform's balance, before the provider's fee. */
export interface Settled {
  /** Minor units of `currency`, for all that was captured. */
  readonly amount: bigint
  /** Another one than the payment's when the platform has no bank account in that. */
  readonly currency: Currency
}

/** A customer's payment of one purchase, as the provider shows it. Amounts in minor units. */
export interface Payment {
  /** The payment intent's id, or the charge's when it has no intent. */
  readonly id: string
  readonly intentId: string | null
  readonly chargeId: string | null
  /** The purchase that its metadata names; null: not one of ours, or not said yet. */
  readonly purchaseId: string | null
  readonly status: PaymentStatus
  readonly currency: Currency
  readonly authorized: bigint
  readonly captured: bigint
  readonly refunded: bigint
  /** Until when the authorisation can be captured. */
  readonly captureBefore: Date | null
  /** The group that the provider keeps the charge's transfers in, when it has one. */
  readonly transferGroup: string | null
  /** Null while it is not captured, and until the provider was asked for it. */
  readonly settled: Settled | null
  readonly createdAt: Date
  readonly failure: string | null
}
