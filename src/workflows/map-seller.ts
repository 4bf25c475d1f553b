import { saveSellers, assignAccount, sellersWithAccounts } from '../store/sellers.ts'
import type { StoredSeller } from '../store/sellers.ts'
import { storeAccount } from './refresh-account.ts'
import type { Work } from './work.ts'

export type Mapping =
  | { readonly ok: true; readonly sellerId: string; readonly accountId: string }
  | {
      readonly ok: false
      readonly problem: 'unknown_seller' | 'unknown_account' | 'mapped'
      readonly message: string
    }

type Mappable = Pick<Work, 'database' | 'environment' | 'clock' | 'provider' | 'marketplace'>

/**
 * Gives a seller an account that exists already. One account may serve several shops (one company
 * with several shops); a seller has one account. A shop that was not read yet is asked for.
 * @throws ProviderError, MarketplaceError when one of them cannot be asked
 */
export async function mapSeller(
  work: Mappable,
  sellerId: string,
  accountId: string,
): Promise<Mapping> {
  const { database, environment, provider } = work
  const seller = (await storedSeller(work, sellerId)) ?? (await freshSeller(work, sellerId))
  if (seller === null) {
    return { ok: false, problem: 'unknown_seller', message: `no shop ${sellerId} is known` }
  }
  if (seller.accountId !== null) return mapped(seller)
  const seenAt = work.clock.now()
  const account = await provider.account(accountId)
  if (account.standing === 'lost') {
    return { ok: false, problem: 'unknown_account', message: `no account ${accountId} is known` }
  }
  const assigned = await database.inTransaction(async queries => {
    const wanted = { provider: provider.name, id: accountId }
    if (!(await assignAccount(queries, environment.id, sellerId, wanted, seenAt))) return false
    await storeAccount(queries, work, account, seenAt)
    return true
  })
  if (assigned) return { ok: true, sellerId, accountId }
  return mapped((await storedSeller(work, sellerId)) ?? seller)
}

function mapped(seller: StoredSeller): Mapping {
  const message = `shop ${seller.id} already has the account ${seller.accountId}`
  return { ok: false, problem: 'mapped', message }
}

async function storedSeller(work: Mappable, sellerId: string): Promise<StoredSeller | null> {
  const { database, environment } = work
  const known = await sellersWithAccounts(database.queries, environment.id, [sellerId])
  return known.get(sellerId)?.seller ?? null
}

async function freshSeller(work: Mappable, sellerId: string): Promise<StoredSeller | null> {
  for await (const page of work.marketplace.shops({ ids: [sellerId] })) {
    const read = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
    const wanted = read.filter(({ id }) => id === sellerId)
    await saveSellers(work.database.queries, work.environment.id, wanted)
  }
  return storedSeller(work, sellerId)
}
