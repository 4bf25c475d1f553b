import { isDeepStrictEqual } from 'node:util'
import type { Account } from '../domain/seller.ts'
import { accountById, saveAccount } from '../store/accounts.ts'
import { markSellersDue } from '../store/sellers.ts'
import type { Queries } from '../database/connection.ts'
import { announceAccount } from './announce.ts'
import type { PaymentProvider } from './ports.ts'
import type { Work } from './work.ts'

/** Seconds until an account that is not ready is asked about again without an event. */
const notReadySeconds = 15 * 60

type Refreshing = Pick<Work, 'database' | 'environment' | 'clock'> & {
  readonly provider: Pick<PaymentProvider, 'name' | 'account'>
}

/** Reads an account from the provider and stores it; its sellers are told about by the next run. */
export async function refreshAccount(work: Refreshing, accountId: string): Promise<Account> {
  const seenAt = work.clock.now()
  const account = await work.provider.account(accountId)
  await work.database.inTransaction(queries => storeAccount(queries, work, account, seenAt))
  return account
}

/** Stores what was seen of an account; when anything changed, its sellers are due. */
export async function storeAccount(
  queries: Queries,
  work: Pick<Refreshing, 'environment' | 'provider'>,
  account: Account,
  seenAt: Date,
): Promise<void> {
  const { id } = work.environment
  const known = await accountById(queries, id, account.id)
  const changed = known === null || !isUnchanged(withoutMoment(known), account)
  const ready = account.transfersActive && account.payoutsEnabled
  const final = account.standing !== 'open'
  const lookAt = ready || final ? null : new Date(seenAt.getTime() + notReadySeconds * 1000)
  await saveAccount(queries, id, work.provider.name, account, seenAt, lookAt, changed)
  if (!changed) return
  await markSellersDue(queries, id, account.id)
  // A new account is no news, and neither is one whose form the seller is still filling in.
  if (known !== null && account.detailsSubmitted)
    await announceAccount(queries, work, account.id, seenAt)
}

function withoutMoment(known: Account & { readonly changedAt: Date }): Account {
  const { changedAt: _, ...account } = known
  return account
}

/** Does the provider show an account as it is stored? */
export function isUnchanged(stored: Account | null, seen: Account): boolean {
  // Banks that were never read are no news when they are.
  const shown = stored?.banks === null ? { ...seen, banks: null } : seen
  return isDeepStrictEqual(stored, shown)
}
