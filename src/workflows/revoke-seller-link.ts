import { changeSeller, sellersWithAccounts } from '../store/sellers.ts'
import type { Work } from './work.ts'

type Revoking = Pick<Work, 'database' | 'environment' | 'log'>

/**
 * Raises the version of a seller's link: those written before lead to an explanation. The seller is
 * due, so the next onboarding run writes the new one. Null: the seller is not known.
 */
export async function revokeSellerLink(work: Revoking, sellerId: string): Promise<number | null> {
  const { queries } = work.database
  const { id } = work.environment
  const known = (await sellersWithAccounts(queries, id, [sellerId])).get(sellerId)
  if (known === undefined) return null
  const version = known.seller.linkVersion + 1
  await changeSeller(queries, id, sellerId, { link_version: version, due: true, look_at: null })
  work.log('info', "a seller's links were revoked", { seller: sellerId, version })
  return version
}
