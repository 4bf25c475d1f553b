import type { Account } from '../domain/seller.ts'
import { accountsById, countUnready, markSeen, unseenAccounts } from '../store/accounts.ts'
import { sellersWithAccounts } from '../store/sellers.ts'
import { concurrently } from './concurrently.ts'
import type { AccountPage } from './ports.ts'
import { isUnchanged, refreshAccount, storeAccount } from './refresh-account.ts'
import type { Work } from './work.ts'

const atOnce = 8
/** Accounts that are read one by one at a time; memory holds one such batch. */
const batchMax = 100
/** As many failures in a row, without one answer between them, are the provider's, not an account's. */
const failuresMax = 25

/** What the run has seen; counts alone, so that memory does not grow with the accounts. */
interface Watch {
  looked: number
  changed: number
  failedInARow: number
  problem: Error | null
}

/**
 * Compares every account of the environment with what the provider shows, and stores what changed.
 * Their sellers are then due: `onboard-sellers` tells the marketplace. The shops' ignored flag is the
 * operator's and is neither read nor written here.
 * @throws ProviderError when the provider answers for no account at all
 */
export async function readForKyc(work: Work): Promise<void> {
  const watch: Watch = { looked: 0, changed: 0, failedInARow: 0, problem: null }
  const { sellerId } = work.scope
  if (sellerId === undefined) {
    const startedAt = work.clock.now()
    const listed = await lookAtPages(work, watch)
    await lookAtUnseen(work, watch, startedAt, !listed)
  } else {
    const known = await sellersWithAccounts(work.database.queries, work.environment.id, [sellerId])
    const id = known.get(sellerId)?.seller.accountId ?? null
    if (id !== null) await lookAtOne(work, watch, id)
  }
  const { looked, changed } = watch
  work.log('info', 'accounts were compared', { looked, changed, mode: work.mode })
}

/** What waits for sellers or for the provider's checks, as holds of the run. */
export async function planKyc(work: Work): Promise<void> {
  for (const group of await countUnready(work.database.queries, work.environment.id)) {
    const restricted = group.transfersActive ? 'payouts_disabled' : 'seller_restricted'
    const reason = group.detailsSubmitted ? restricted : 'seller_not_onboarded'
    for (let count = 0; count < group.count; count += 1) work.tally.held(reason)
  }
}

/** @returns was the whole list read? Without it each account is read by itself. */
async function lookAtPages(work: Work, watch: Watch): Promise<boolean> {
  let after: string | null = null
  while (!work.stopping()) {
    // Before the question: what an event tells meanwhile is newer, and stays.
    const seenAt = work.clock.now()
    const page: AccountPage | null = await readPage(work, after)
    if (page === null) return false
    await compare(work, watch, page.accounts, seenAt)
    if (page.next === null) return true
    after = page.next
  }
  return true
}

async function readPage(work: Work, after: string | null): Promise<AccountPage | null> {
  try {
    return (await work.provider.accounts?.(after)) ?? null
  } catch (error) {
    // A restricted key may read an account and not list them.
    work.log('warn', 'the accounts could not be listed; they are read one by one', {
      problem: String(error),
    })
    return null
  }
}

async function compare(
  work: Work,
  watch: Watch,
  accounts: readonly Account[],
  seenAt: Date,
): Promise<void> {
  const { database, environment, provider } = work
  const ids = accounts.map(account => account.id)
  const known = await accountsById(database.queries, environment.id, provider.name, ids)
  // A platform may have accounts of other shops or programs: only those that are known count.
  const ours = accounts.filter(account => known.has(account.id))
  const changed = ours.filter(account => !isUnchanged(known.get(account.id) ?? null, account))
  watch.looked += ours.length
  watch.changed += changed.length
  work.progress('comparing accounts', watch.looked)
  if (work.mode !== 'move') return
  for (const account of changed) {
    try {
      await database.inTransaction(queries => storeAccount(queries, work, account, seenAt))
    } catch (error) {
      noteFailure(work, account.id, error)
    }
  }
  const same = ours.filter(account => !changed.includes(account)).map(account => account.id)
  await markSeen(database.queries, environment.id, provider.name, same, seenAt)
}

/** What no page showed: accounts that left, that could not be read, or all of them without a list. */
async function lookAtUnseen(
  work: Work,
  watch: Watch,
  startedAt: Date,
  lostToo: boolean,
): Promise<void> {
  const { queries } = work.database
  // A dry run marks nothing as seen: it would read every account again.
  if (work.mode !== 'move' && !lostToo) return
  let after = ''
  while (!work.stopping()) {
    const query = { seenBefore: startedAt, after, limit: batchMax, lostToo }
    const ids = await unseenAccounts(queries, work.environment.id, work.provider.name, query)
    const last = ids.at(-1)
    if (last === undefined) return
    after = last
    async function* each() {
      yield* ids
    }
    await concurrently(each(), atOnce, async id => {
      if (watch.failedInARow < failuresMax) await lookAtOne(work, watch, id)
    })
    if (watch.problem !== null && watch.failedInARow >= failuresMax) throw watch.problem
    work.progress('comparing accounts', watch.looked)
  }
}

async function lookAtOne(work: Work, watch: Watch, id: string): Promise<void> {
  try {
    const changed = await readOne(work, id)
    watch.failedInARow = 0
    watch.looked += 1
    if (changed) watch.changed += 1
  } catch (error) {
    watch.failedInARow += 1
    watch.problem = error instanceof Error ? error : new Error(String(error))
    noteFailure(work, id, error)
  }
}

async function readOne(work: Work, id: string): Promise<boolean> {
  const { database, environment, provider } = work
  const before = await accountsById(database.queries, environment.id, provider.name, [id])
  const known = before.get(id) ?? null
  const now = work.mode === 'move' ? await refreshAccount(work, id) : await provider.account(id)
  return !isUnchanged(known, now)
}

function noteFailure(work: Work, account: string, error: unknown): void {
  work.tally.failed()
  work.log('warn', 'an account could not be read', { account, problem: String(error) })
}
