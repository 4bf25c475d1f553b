import type { Currency } from './currency.ts'

/**
 * Where money is, as the books see it. `customer`, `operator_bank`, `bank`, `tax_account` and
 * `provider_fees` are outside the platform's balance and the sellers'. Sub-accounts are named by the
 * purchase, the seller (or the provider's account when nobody knows whose it is) or the debt.
 */
export type LedgerAccount =
  | 'customer'
  | `escrow:${string}`
  | `seller:${string}`
  | 'commission'
  | 'operator_sales'
  | 'operator_bank'
  | 'tax_account'
  | 'provider_fees'
  | `in_transit:${string}`
  | `bank:${string}`
  | `debt:${string}`

/** What a posting is about; `docs/ledger.md` lists what each does to which account. */
export const ledgerEvents = [
  'payment_captured',
  'capture_remainder',
  'commission',
  'funding',
  'own_goods',
  'refund',
  'refund_failed',
  'refund_returned',
  'refund_borne',
  'rate_difference',
  'transfer',
  'tax_transfer',
  'reversal',
  'tax_reversal',
  'restitution',
  'credit',
  'collection',
  'payout_sent',
  'payout_landed',
  'payout_failed',
  'payout_returned',
  'dispute_loss',
  'dispute_win',
  'dispute_settled',
  'debt_written',
  'debt_given_up',
  'debt_written_off',
  'provider_fee',
  'provider_fee_returned',
  'sale',
  'application_fee',
  'application_fee_returned',
  'operator_payout',
  'operator_payout_failed',
  'operator_payout_returned',
  'top_up',
  'top_up_returned',
] as const

export type LedgerEvent = (typeof ledgerEvents)[number]

/** One line: what an account gained (above zero) or gave (below zero), in minor units. */
export interface LedgerEntry {
  readonly account: LedgerAccount
  readonly amount: bigint
}

/** Whom and what a posting touches, as far as it is known. */
export interface PostingParties {
  readonly movementId: string | null
  readonly paymentId: string | null
  readonly orderId: string | null
  readonly purchaseId: string | null
  readonly sellerId: string | null
  readonly cycleId: string | null
}

/** Entries of one event that belong together: they add up to zero. */
export interface Posting {
  /** Unique in its environment: the same event is booked once, whoever tells it and how often. */
  readonly key: string
  readonly event: LedgerEvent
  readonly currency: Currency
  readonly parties: PostingParties
  readonly entries: readonly LedgerEntry[]
}

/** An amount that leaves one account for another; below zero it goes the other way. */
export interface Flow {
  readonly from: LedgerAccount
  readonly to: LedgerAccount
  readonly amount: bigint
}

export function flow(from: LedgerAccount, to: LedgerAccount, amount: bigint): Flow {
  return { from, to, amount }
}

/** The same amounts on their way back. */
export function backwards(flows: readonly Flow[]): Flow[] {
  return flows.map(({ from, to, amount }) => flow(to, from, amount))
}

/** The entries of some flows, one for each account; accounts that end as they were are left out. */
export function entriesOf(flows: readonly Flow[]): LedgerEntry[] {
  const sums = new Map<LedgerAccount, bigint>()
  for (const { from, to, amount } of flows) {
    sums.set(from, (sums.get(from) ?? 0n) - amount)
    sums.set(to, (sums.get(to) ?? 0n) + amount)
  }
  return [...sums].flatMap(([account, amount]) => (amount === 0n ? [] : [{ account, amount }]))
}

/** @throws RangeError when the entries do not add up to zero: a defect, never written. */
export function posting(made: Posting): Posting {
  const total = made.entries.reduce((sum, entry) => sum + entry.amount, 0n)
  if (total !== 0n) throw new RangeError(`the posting ${made.key} adds up to ${total}`)
  return made
}

/** The escrow of a purchase: captured money that is nobody's yet. */
export function escrowOf(purchaseId: string | null): LedgerAccount {
  return `escrow:${purchaseId ?? 'unknown'}`
}
