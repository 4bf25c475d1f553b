import type { Currency } from './currency.ts'

/**
 * What a line of the provider's own books is, seen from the operator: a `collection` comes from a
 * seller whether it is read on the platform or on the seller's account. `other` is everything that
 * nobody here acts on (reserves, taxes, a currency's exchange).
 */
export const bookEntryKinds = [
  'charge',
  'refund',
  'refund_return',
  'transfer',
  'reversal',
  'collection',
  'collection_reversal',
  'payout',
  'payout_return',
  'top_up',
  'top_up_return',
  'dispute',
  'provider_fee',
  'application_fee',
  'application_fee_refund',
  'other',
] as const
export type BookEntryKind = (typeof bookEntryKinds)[number]

/** One line of the provider's own books. Amounts in minor units of `currency`, signed. */
export interface BookEntry {
  /** The provider's id of the line (Stripe: `txn_…`). */
  readonly id: string
  /** Whose books: an account's; null: the platform's own. */
  readonly account: string | null
  readonly kind: BookEntryKind
  readonly at: Date
  /** When the money is, or was, at the account's disposal. */
  readonly availableAt: Date
  readonly amount: bigint
  /** What the provider kept of it; below zero when it gave a fee back. */
  readonly fee: bigint
  /** What the balance changed by: amount less fee. */
  readonly net: bigint
  readonly currency: Currency
  /** The provider's id of the object behind it; null: there is none. */
  readonly sourceId: string | null
  /** As text, when money was exchanged; never calculated with as a floating-point number. */
  readonly exchangeRate: string | null
}

/** Lines that take back what an earlier line did. */
export const returnKinds: readonly BookEntryKind[] = [
  'refund_return',
  'payout_return',
  'top_up_return',
]

/**
 * What the provider kept for itself, minor units; below zero: gave back. The fee of a dispute is not
 * counted here: it is booked together with the dispute, from the same line.
 */
export function costOf({ kind, fee, net }: Pick<BookEntry, 'kind' | 'fee' | 'net'>): bigint {
  if (kind === 'dispute') return 0n
  return kind === 'provider_fee' ? -net : fee
}
