import type Stripe from 'stripe'
import type { VirtualClock } from '../clock.ts'
import type { StoredAccount } from './account.ts'
import type { AccountLinkRecord } from './account-link.ts'
import type { BalanceTransaction, Balances } from './bookkeeping.ts'
import type { Conversion } from './conversion.ts'
import type { Endpoint } from './webhook-endpoint.ts'
import type { EventRecord } from './emission.ts'
import type { Shelf } from './shelf.ts'

/** A Stripe object as it is stored: ids where the API may answer an expanded object. */
export type Unexpanded<T> = {
  [K in keyof T]: string extends T[K] ? Exclude<T[K], object> : T[K]
}

export type Charge = Unexpanded<Stripe.Charge>
export type Dispute = Omit<Unexpanded<Stripe.Dispute>, 'balance_transactions'> & {
  balance_transactions: BalanceTransaction[]
}
export type PaymentIntent = Unexpanded<Stripe.PaymentIntent>
export type Payout = Unexpanded<Stripe.Payout>
export type Refund = Unexpanded<Stripe.Refund>
export type Transfer = Omit<Unexpanded<Stripe.Transfer>, 'reversals'>
export type Topup = Unexpanded<Stripe.Topup>
export type Reversal = Unexpanded<Stripe.TransferReversal>

/** Stripe's price for a captured charge: `basisPoints` of the amount, rounded, plus `fixed` minor units. */
export interface FeeSchedule {
  basisPoints: number
  fixed: number
}

/** What a test or a scenario may change while the sandbox runs. */
export interface Settings {
  /** Accounts cannot be created with Accounts v1, as on a platform that has moved to v2. */
  accountsV1Refused: boolean
  /** Virtual seconds from a capture until its money is available; default two days. */
  availableAfterSeconds: number
  /** By lower-case currency; what is not named settles in itself. Charges settle so at their capture. */
  conversions: Record<string, Conversion>
  /** By lower-case currency. */
  fees: Record<string, FeeSchedule>
}

/** The whole state of the simulated Stripe. One request runs in it at a time, without awaiting. */
export interface World {
  readonly clock: VirtualClock
  readonly livemode: boolean
  /** The platform's own account id. */
  readonly platform: string
  readonly settings: Settings
  readonly accounts: Shelf<StoredAccount>
  /** Accounts that were deleted or have left the platform. */
  readonly gone: Set<string>
  readonly accountLinks: Map<string, AccountLinkRecord>
  readonly balanceTransactions: Shelf<BalanceTransaction>
  readonly charges: Shelf<Charge>
  readonly disputes: Shelf<Dispute>
  readonly endpoints: Shelf<Endpoint>
  readonly events: Shelf<EventRecord>
  readonly paymentIntents: Shelf<PaymentIntent>
  readonly payouts: Shelf<Payout>
  readonly refunds: Shelf<Refund>
  readonly reversals: Shelf<Reversal>
  readonly topups: Shelf<Topup>
  readonly transfers: Shelf<Transfer>
  /** Refunds that the balance did not cover, by account and currency, the oldest first. */
  readonly waitingRefunds: Map<string, Refund[]>
  readonly balances: Balances
  /** A new id: the prefix, an underscore and characters drawn from the seed. */
  newId(prefix: string): string
  /** The current virtual time as a Unix second. */
  seconds(): number
  /** Publishes an event about the object as it is now. */
  emit: (owner: string, type: string, object: object, previous?: object) => void
  /** Resolves when no delivery of an event is under way. */
  settled: () => Promise<void>
  /** The request that is running, named in its events; null when the clock acts. */
  cause: { id: string | null; idempotency_key: string | null }
}

/** Runs when the clock reaches that Unix second. */
export function later(world: World, second: number, callback: () => void): void {
  world.clock.at(new Date(second * 1000), async () => {
    callback()
    // Deliveries take no virtual time: a signature would be stale if the clock ran on meanwhile.
    await world.settled()
  })
}
