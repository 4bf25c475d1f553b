import type { Currency } from './currency.ts'
import type { Facts } from './json.ts'
import type { MovementStatus } from './lifecycle.ts'
import type { Money } from './money.ts'
import type { ReasonCode } from './reasons.ts'

/** Every kind of movement on paper; docs/lifecycles.md says what each owes and waits for. */
export const movementKinds = [
  'capture',
  'void',
  'refund',
  'transfer',
  'tax_transfer',
  'reversal',
  'tax_reversal',
  'restitution',
  'credit',
  'collection',
  'payout',
  'wallet_transfer',
  'withdrawal',
  'return',
  'dispute_loss',
  'dispute_win',
  'provider_fee',
  'sale',
  'application_fee',
  'operator_payout',
  'top_up',
] as const

export type MovementKind = (typeof movementKinds)[number]

export const movementOrigins = ['planned', 'observed'] as const
export type MovementOrigin = (typeof movementOrigins)[number]

export const sourceTypes = [
  'order',
  'payment',
  'cycle',
  'refund',
  'debt',
  'movement',
  'provider',
] as const
export type SourceType = (typeof sourceTypes)[number]

/**
 * What a movement is for. With the kind and the sequence it names the movement: planning the same
 * source again never makes a second one. `part` tells apart several movements of one kind from one
 * source (a cycle's collections: `subscription`, `invoices`); otherwise it is ''.
 * The sequence rises only after the provider took a finished movement back (`return`).
 */
export interface MovementSource {
  readonly type: SourceType
  readonly id: string
  readonly part: string
  readonly sequence: number
}

/** Whom and what a movement touches; each null when it does not apply. */
export interface MovementParties {
  readonly sellerId: string | null
  readonly orderId: string | null
  readonly purchaseId: string | null
  readonly cycleId: string | null
  readonly paymentId: string | null
}

/**
 * What the provider is asked, in provider-neutral words. Amounts in minor units of `currency`,
 * already in a form that the provider can take. Account ids are the provider's.
 */
export type Instruction = { readonly currency: Currency; readonly amount: bigint } & (
  | { readonly do: 'capture'; readonly intentId: string | null; readonly chargeId: string | null }
  | { readonly do: 'void'; readonly intentId: string | null; readonly chargeId: string | null }
  | { readonly do: 'refund'; readonly chargeId: string }
  | {
      readonly do: 'transfer'
      readonly destination: string
      /** The charge that funds it; null: the platform's own balance. */
      readonly sourceCharge: string | null
      readonly group: string | null
    }
  | { readonly do: 'reversal'; readonly transferId: string }
  | { readonly do: 'collection'; readonly account: string; readonly group: string | null }
  | { readonly do: 'payout'; readonly account: string; readonly statement: string | null }
)

/** A movement as it is stored. `amount` is what is owed, `sentAmount` what the provider is asked. */
export interface Movement {
  readonly id: string
  readonly kind: MovementKind
  readonly origin: MovementOrigin
  readonly source: MovementSource
  readonly parties: MovementParties
  readonly status: MovementStatus
  readonly reason: ReasonCode | null
  readonly needsReview: boolean
  readonly currency: Currency
  /** Minor units; null while a hold keeps it from being known. */
  readonly amount: bigint | null
  readonly sentAmount: bigint | null
  /** The amount in the order's currency when its payment settled in another one. */
  readonly original: Money | null
  readonly account: string | null
  /** Name of the provider that moves it. */
  readonly provider: string
  readonly instruction: Instruction | null
  readonly facts: Facts
  readonly attempt: number
  readonly attemptedAt: Date | null
  readonly providerId: string | null
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly nextLookAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** The idempotency key of a movement's attempt; written before the call, the same until an answer. */
export function idempotencyKey(movementId: string, attempt: number): string {
  return `${movementId}:${attempt}`
}
