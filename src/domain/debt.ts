import type { Currency } from './currency.ts'
import type { Facts } from './json.ts'

export const debtSources = ['dispute', 'cycle'] as const

/**
 * What a debt is for. A dispute: `id` is the provider's, `part` the transfer that could not be taken
 * back. A cycle: `id` is the marketplace's, `part` is ''.
 */
export interface DebtSource {
  readonly type: (typeof debtSources)[number]
  readonly id: string
  readonly part: string
}

/**
 * - `written`: the debt itself, once. - `set_off`: a payout was less by it. - `written_off`: an
 * operator gave it up, with a note. - `given_up`: the dispute was won after all.
 */
export const debtEntryKinds = ['written', 'set_off', 'written_off', 'given_up'] as const
export type DebtEntryKind = (typeof debtEntryKinds)[number]

/**
 * What a seller owes that the marketplace does not know of, so that later payouts are less than
 * their cycles say. Minor units of `currency`. A refund never is a debt: the marketplace nets it.
 */
export interface Debt {
  readonly id: string
  readonly sellerId: string
  readonly currency: Currency
  readonly source: DebtSource
  /** The purchase of the disputed payment; null for a cycle. */
  readonly purchaseId: string | null
  readonly original: bigint
  /**
   * The part of `original` that is still in the seller's account when it is set off, and is taken
   * from there by a collection. The rest leaves the account by other movements (held reversals of
   * the refunds that a negative cycle nets): the payout is less by it and nothing else is moved.
   */
  readonly collectable: bigint
  /** What is open of `collectable`, and of the rest. */
  readonly openCollectable: bigint
  readonly openElsewhere: bigint
  readonly setOff: bigint
  readonly writtenOff: bigint
  readonly givenUp: bigint
  readonly facts: Facts
  readonly createdAt: Date
}

export function openOf(debt: Pick<Debt, 'openCollectable' | 'openElsewhere'>): bigint {
  return debt.openCollectable + debt.openElsewhere
}

/** What a plan writes of a new debt. */
export type NewDebt = Pick<
  Debt,
  'sellerId' | 'currency' | 'source' | 'purchaseId' | 'original' | 'collectable' | 'facts'
>
