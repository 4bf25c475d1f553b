import { sellersWithAccounts } from '../store/sellers.ts'
import { maskedAddress } from './link-codes.ts'
import type { Visit } from './open-seller-link.ts'
import type { LinkSigner } from './seller-links.ts'
import type { Work } from './work.ts'

/** Whose link it is, when it is a good one that a code must open. */
export interface Guarded {
  readonly to: 'code'
  readonly sellerId: string
  /** Enough of the address to know the mailbox; null: the shop has none. */
  readonly address: string | null
}

/**
 * Checks a link before a code is offered for it: nobody learns an address, and nobody is mailed, for
 * a link that was revoked or that we never made.
 */
export async function guardSellerLink(
  work: Pick<Work, 'database' | 'environment'>,
  signer: LinkSigner,
  token: string,
): Promise<Guarded | Extract<Visit, { to: 'explanation' }>> {
  const { id } = work.environment
  const named = signer.read(token)
  if (named === null || named.environmentId !== id) {
    return { to: 'explanation', why: 'unknown_link' }
  }
  const { sellerId, version } = named
  const known = (await sellersWithAccounts(work.database.queries, id, [sellerId])).get(sellerId)
  if (known === undefined) return { to: 'explanation', why: 'unknown_link' }
  if (known.seller.linkVersion !== version) return { to: 'explanation', why: 'revoked' }
  const { email } = known.seller
  return { to: 'code', sellerId, address: email === null ? null : maskedAddress(email) }
}
