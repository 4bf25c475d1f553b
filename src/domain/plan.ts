import type { Currency } from './currency.ts'
import type { Facts } from './json.ts'
import type { Money } from './money.ts'
import type { Instruction, MovementKind, MovementParties, MovementSource } from './movement.ts'
import { type ReasonCode, reasons } from './reasons.ts'

/** One question that a plan asks, in its fixed order. The first that stops decides. */
export interface Check {
  readonly reason: ReasonCode
  readonly stops: boolean
  /** What the check looked at, shown by `explain`. */
  readonly facts: Facts
}

/**
 * What a plan decides for one source.
 * - `move`: owed and free to go. - `hold`: owed, something is missing. - `cancel`: never to be done.
 * - `nothing`: nothing is owed, and no row is written (an amount of 0 writes no movement).
 */
export type Decision =
  | { readonly to: 'move'; readonly amount: bigint; readonly instruction: Instruction }
  | { readonly to: 'hold'; readonly reason: ReasonCode; readonly amount: bigint | null }
  | { readonly to: 'cancel'; readonly reason: ReasonCode; readonly amount: bigint | null }
  | { readonly to: 'nothing' }

export interface Plan {
  readonly kind: MovementKind
  readonly source: MovementSource
  readonly parties: MovementParties
  readonly currency: Currency
  /** The decision's amount in the order's currency, when it was converted from that. */
  readonly original?: Money | null
  /** The provider account that receives (transfer) or gives (collection, payout), when known. */
  readonly account: string | null
  readonly checks: readonly Check[]
  readonly decision: Decision
  /** The facts of the check that stopped, or those that the amount was made from. */
  readonly facts: Facts
}

/** The amount that a provider can express: three-decimal amounts end in 0 on Stripe, for example. */
export type Representable = (amount: bigint, currency: Currency) => bigint

/** A check that stops when `stops` is true. */
export function check(reason: ReasonCode, stops: boolean, facts: Facts = {}): Check {
  return { reason, stops, facts }
}

/**
 * The decision of an ordered list of checks: the first that stops, as a hold or, when its reason is
 * final, a cancellation; else `otherwise`.
 */
export function decide(
  checks: readonly Check[],
  amount: bigint | null,
  otherwise: () => Decision,
): { decision: Decision; facts: Facts } {
  const stopped = checks.find(each => each.stops)
  if (stopped === undefined) return { decision: otherwise(), facts: {} }
  const to = reasons[stopped.reason].final ? 'cancel' : 'hold'
  return { decision: { to, reason: stopped.reason, amount }, facts: stopped.facts }
}
