import type { ReasonCode } from './reasons.ts'

/**
 * What a provider's answer to a money call means.
 * - `succeeded`: done, for certain. `accepted`: the provider has it and has not finished.
 * - `rejected`: refused for certain; no money moved.
 * - `unknown`: a timeout, a reset connection, an unreadable answer or a 5xx: money may have moved.
 *   `lookUp` is true when sending again with the same key cannot bring an answer (a replayed 5xx,
 *   a key that the provider forgot): only a look-up can.
 */
export type Outcome =
  | { readonly result: 'succeeded'; readonly providerId: string; readonly detail?: OutcomeDetail }
  | { readonly result: 'accepted'; readonly providerId: string; readonly detail?: OutcomeDetail }
  | {
      readonly result: 'rejected'
      /** One of our reasons, and the provider's own words for it. */
      readonly reason: ReasonCode
      readonly code: string
      readonly message: string
      readonly providerId?: string
      readonly detail?: OutcomeDetail
    }
  | {
      readonly result: 'unknown'
      readonly message: string
      readonly lookUp: boolean
      /** Seconds to wait before asking again, when the provider said so (Retry-After). */
      readonly retryAfterSeconds?: number
    }

/** Facts of the provider's answer that are kept with the movement. */
export interface OutcomeDetail {
  readonly providerStatus?: string
  /** Unix time in seconds at which the provider expects the money to land, when it says so. */
  readonly arrivesAt?: number
  /** The amount that moved in minor units, when the provider says another than was asked. */
  readonly amount?: bigint
  /** Where a payout goes, or went: the provider's id of the bank. */
  readonly bank?: string
}
