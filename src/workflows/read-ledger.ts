import type { Queries } from '../database/connection.ts'
import { type StoredEntry, ledgerBalances, ledgerEntries, trialBalance } from '../store/ledger.ts'

/** What is in an account of the ledger. */
export interface BalanceLine {
  readonly provider: string
  readonly currency: string
  readonly account: string
  /** Minor units as text; below zero when more left the account than came. */
  readonly amount: string
  readonly entries: number
}

/** Accounts that are not at zero. */
export async function balanceLines(
  queries: Queries,
  environmentId: string,
): Promise<BalanceLine[]> {
  const found = await ledgerBalances(queries, environmentId)
  return found.map(each => ({ ...each, amount: each.amount.toString() }))
}

/** An entry with the account's balance behind it, in its provider's books and its currency. */
export interface EntryLine {
  /** Names the entry; a page begins behind one. */
  readonly number: string
  readonly at: string
  readonly event: string
  readonly provider: string
  readonly currency: string
  readonly account: string
  /** Minor units as text. */
  readonly amount: string
  /** Minor units as text; null when the lines are of several accounts. */
  readonly balance: string | null
  readonly posting: string
  readonly movementId: string | null
  readonly paymentId: string | null
  readonly orderId: string | null
  readonly purchaseId: string | null
  readonly cycleId: string | null
}

/** A page: so many entries behind one (0: from the first). */
export interface EntryPage {
  readonly after: bigint
  readonly limit: number
}

/** A seller's entries, oldest first, each with the balance that it left. */
export async function sellerStatement(
  queries: Queries,
  environmentId: string,
  sellerId: string,
  page: EntryPage,
): Promise<EntryLine[]> {
  const account = `seller:${sellerId}`
  const before = await ledgerBalances(queries, environmentId, { account, until: page.after })
  const sums = new Map(before.map(each => [`${each.provider} ${each.currency}`, each.amount]))
  const entries = await ledgerEntries(queries, environmentId, { account, ...page })
  return entries.map(entry => {
    const place = `${entry.provider} ${entry.currency}`
    const balance = (sums.get(place) ?? 0n) + entry.amount
    sums.set(place, balance)
    return lineOf(entry, balance)
  })
}

/** The entries of an order in the order in which they were booked. */
export async function orderEntries(
  queries: Queries,
  environmentId: string,
  orderId: string,
  page: EntryPage,
): Promise<EntryLine[]> {
  const entries = await ledgerEntries(queries, environmentId, { orderId, ...page })
  return entries.map(entry => lineOf(entry, null))
}

function lineOf(entry: StoredEntry, balance: bigint | null): EntryLine {
  const { key, at, number, amount, ...rest } = entry
  return {
    ...rest,
    number: number.toString(),
    at: at.toISOString(),
    amount: amount.toString(),
    balance: balance?.toString() ?? null,
    posting: key,
  }
}

/** All entries of one provider and currency together. */
export interface TrialLine {
  readonly provider: string
  readonly currency: string
  /** Minor units as text; anything but 0 is a defect. */
  readonly total: string
  readonly entries: number
  /** Postings that do not add up to zero, a few of them. */
  readonly unbalanced: readonly string[]
}

/** The trial balance. */
export async function trialLines(queries: Queries, environmentId: string): Promise<TrialLine[]> {
  const found = await trialBalance(queries, environmentId)
  return found.map(each => ({ ...each, total: each.total.toString() }))
}

/** Does every currency add up to zero, and every posting? */
export function isBalanced(lines: readonly TrialLine[]): boolean {
  return lines.every(each => each.total === '0' && each.unbalanced.length === 0)
}
