import { ProviderError, UsageError } from '../domain/errors.ts'
import type { OldAccount } from '../domain/old-records.ts'
import { changeSeller, saveSellers, sellersWithAccounts } from '../store/sellers.ts'
import { concurrently } from './concurrently.ts'
import { askedAtOnce, type ImportWork, isApplied } from './import-work.ts'
import { refreshAccount } from './refresh-account.ts'

interface Entry {
  readonly outcome: 'recorded' | 'refused'
  readonly already?: boolean
  readonly reason?: string
  readonly message?: string
  readonly differs?: boolean
}

/**
 * Gives each shop the account that the old connector gave it, once the marketplace knows the shop.
 * A shop that has another account here keeps it.
 */
export async function importAccounts(work: ImportWork): Promise<void> {
  const total = await work.old.count('accounts')
  let done = 0
  for await (const page of work.old.accounts()) {
    if (work.stopping()) return
    const rows: OldAccount[] = []
    for (const reading of page) {
      if (reading.ok) rows.push(reading.value)
      else refuseUnreadable(work, reading.row, reading.problem)
    }
    await importPage(work, rows)
    done += page.length
    work.progress('importing accounts', done, total)
  }
}

function refuseUnreadable(work: ImportWork, row: string, message: string): void {
  const entry = { outcome: 'refused', reason: 'unreadable', message } as const
  note(work, { row, sellerId: '', accountId: '' }, entry)
}

function note(work: ImportWork, old: OldAccount, entry: Entry): void {
  work.book.add({
    table: 'accounts',
    row: old.row,
    id: old.sellerId,
    status: 'mapped',
    outcome: entry.outcome,
    already: entry.already ?? false,
    amount: null,
    currency: null,
    reason: entry.reason ?? null,
    message: entry.message ?? null,
    differs: entry.differs ?? false,
  })
}

async function importPage(work: ImportWork, rows: readonly OldAccount[]): Promise<void> {
  const mapped = await knownAccounts(work, rows)
  const fresh: OldAccount[] = []
  for (const old of rows) {
    const accountId = mapped.get(old.sellerId)
    if (accountId === undefined) {
      const message = `the marketplace does not know the shop ${old.sellerId}`
      note(work, old, { outcome: 'refused', reason: 'unknown_seller', message })
    } else if (accountId === old.accountId) note(work, old, { outcome: 'recorded', already: true })
    else if (accountId === null) fresh.push(old)
    else {
      const message = `the shop has the account ${accountId} here, ${old.accountId} there`
      note(work, old, { outcome: 'refused', reason: 'mapped_elsewhere', message })
    }
  }
  const lost = await lostOf(work, fresh)
  if (isApplied(work) && fresh.length > 1 && lost.size === fresh.length)
    throw wrongKey(fresh.length)
  for (const old of fresh) {
    if (isApplied(work)) await map(work, old)
    const message = `the provider does not let us at ${old.accountId}`
    const entry = { reason: 'account_lost', message, differs: true }
    note(work, old, { outcome: 'recorded', ...(lost.has(old.accountId) ? entry : {}) })
  }
}

/** The account of each shop that is known; null: it has none. Unknown shops are asked for. */
async function knownAccounts(
  work: ImportWork,
  rows: readonly OldAccount[],
): Promise<Map<string, string | null>> {
  const { queries } = work.database
  const ids = rows.map(row => row.sellerId)
  const known = new Map<string, string | null>()
  const stored = await sellersWithAccounts(queries, work.environment.id, ids)
  for (const [id, { seller }] of stored) known.set(id, seller.accountId)
  const missing = ids.filter(id => !known.has(id))
  if (missing.length === 0) return known
  for await (const page of work.marketplace.shops({ ids: missing })) {
    const sellers = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
    if (isApplied(work)) await saveSellers(queries, work.environment.id, sellers)
    for (const { id } of sellers) known.set(id, null)
  }
  return known
}

/** Accounts that the provider does not know, or does not let us at. They are stored as they are. */
async function lostOf(work: ImportWork, rows: readonly OldAccount[]): Promise<Set<string>> {
  const lost = new Set<string>()
  if (work.check === 'none') return lost
  const failures: unknown[] = []
  async function* each() {
    yield* new Set(rows.map(row => row.accountId))
  }
  await concurrently(each(), askedAtOnce, async id => {
    try {
      const read = isApplied(work) ? refreshAccount(work, id) : work.provider.account(id)
      if ((await read).standing === 'lost') lost.add(id)
    } catch (error) {
      failures.push(error)
    }
  })
  if (failures.length === 0) return lost
  if (isApplied(work)) throw failures[0]
  work.book.problem(`an account could not be read: ${String(failures[0])}`)
  return lost
}

function wrongKey(count: number): UsageError {
  return new UsageError(
    'STRIPE_CLIENT_SECRET',
    `STRIPE_CLIENT_SECRET does not open any of ${count} accounts of the old connector: give the key of its platform, of the same mode`,
  )
}

async function map(work: ImportWork, old: OldAccount): Promise<void> {
  await changeSeller(work.database.queries, work.environment.id, old.sellerId, {
    provider: work.provider.name,
    account_id: old.accountId,
    due: true,
  })
}

/** A whole provider that cannot be asked, told apart from one object that it does not know. */
export function isProviderAway(error: unknown): boolean {
  return error instanceof ProviderError && error.kind !== 'not_found'
}
