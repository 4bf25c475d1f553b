import { changeSeller, sellersWithAccounts } from '../store/sellers.ts'
import { refreshAccount } from './refresh-account.ts'
import type { Work } from './work.ts'

export type Mapping =
  | { readonly ok: true; readonly sellerId: string; readonly accountId: string }
  | {
      readonly ok: false
      readonly problem: 'unknown_seller' | 'unknown_account' | 'mapped'
      readonly message: string
    }

type Mappable = Pick<Work, 'database' | 'environment' | 'clock' | 'provider'>

/**
 * Gives a seller an account that exists already. One account may serve several shops (one company
 * with several shops); a seller has one account.
 */
export async function mapSeller(
  work: Mappable,
  sellerId: string,
  accountId: string,
): Promise<Mapping> {
  const { queries } = work.database
  const environmentId = work.environment.id
  const known = (await sellersWithAccounts(queries, environmentId, [sellerId])).get(sellerId)
  if (known === undefined) {
    return { ok: false, problem: 'unknown_seller', message: `no shop ${sellerId} is known` }
  }
  if (known.seller.accountId !== null) {
    const message = `shop ${sellerId} already has the account ${known.seller.accountId}`
    return { ok: false, problem: 'mapped', message }
  }
  const account = await refreshAccount(work, accountId)
  if (account.standing === 'lost') {
    return { ok: false, problem: 'unknown_account', message: `no account ${accountId} is known` }
  }
  await changeSeller(queries, environmentId, sellerId, {
    provider: work.provider.name,
    account_id: accountId,
    due: true,
  })
  return { ok: true, sellerId, accountId }
}
