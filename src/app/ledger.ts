import { UsageError } from '../domain/errors.ts'
import { type StoredEntry, ledgerBalances, ledgerEntries, trialBalance } from '../store/ledger.ts'
import { findEnvironment, type Records } from './records.ts'

/** What is in an account of the ledger. */
export interface BalanceLine {
  readonly provider: string
  readonly currency: string
  readonly account: string
  /** Minor units as text; below zero when more left the account than came. */
  readonly amount: string
  readonly entries: number
}

export async function balanceLines(records: Records, slug?: string): Promise<BalanceLine[]> {
  const environment = await findEnvironment(records, slug)
  const found = await ledgerBalances(records.database.queries, environment.id)
  return found.map(each => ({ ...each, amount: each.amount.toString() }))
}

/** An entry with the account's balance behind it, in its provider's books and its currency. */
export interface EntryLine {
  /** Names the entry; `--after` reads on behind it. */
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
  readonly orderId: string | null
  readonly purchaseId: string | null
  readonly cycleId: string | null
}

export interface EntryPage {
  readonly after: bigint
  readonly limit: number
}

/** A seller's entries, oldest first, each with the balance that it left. */
export async function sellerStatement(
  records: Records,
  sellerId: string,
  page: EntryPage,
  slug?: string,
): Promise<EntryLine[]> {
  const environment = await findEnvironment(records, slug)
  const account = `seller:${sellerId}`
  const { queries } = records.database
  const before = await ledgerBalances(queries, environment.id, { account, until: page.after })
  const sums = new Map(before.map(each => [`${each.provider} ${each.currency}`, each.amount]))
  const entries = await ledgerEntries(queries, environment.id, { account, ...page })
  return entries.map(entry => {
    const place = `${entry.provider} ${entry.currency}`
    const balance = (sums.get(place) ?? 0n) + entry.amount
    sums.set(place, balance)
    return lineOf(entry, balance)
  })
}

/** The entries of an order in the order in which they were booked. */
export async function orderEntries(
  records: Records,
  orderId: string,
  page: EntryPage,
  slug?: string,
): Promise<EntryLine[]> {
  const environment = await findEnvironment(records, slug)
  const query = { orderId, ...page }
  const entries = await ledgerEntries(records.database.queries, environment.id, query)
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

export async function trialLines(records: Records, slug?: string): Promise<TrialLine[]> {
  const environment = await findEnvironment(records, slug)
  const found = await trialBalance(records.database.queries, environment.id)
  return found.map(each => ({ ...each, total: each.total.toString() }))
}

/** Does every currency add up to zero, and every posting? */
export function isBalanced(lines: readonly TrialLine[]): boolean {
  return lines.every(each => each.total === '0' && each.unbalanced.length === 0)
}

/** @throws UsageError when it is not the number of an entry */
export function readAfter(text: string): bigint {
  if (/^\d{1,18}$/.test(text)) return BigInt(text)
  throw new UsageError('--after', `--after is ${text}: write the number of an entry, e.g. 120`)
}
