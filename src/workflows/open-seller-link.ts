import { linkTargetOf } from '../domain/onboarding.ts'
import type { Account } from '../domain/seller.ts'
import { countVisits, recordVisit } from '../store/link-visits.ts'
import { sellersWithAccounts } from '../store/sellers.ts'
import { refreshAccount } from './refresh-account.ts'
import { type LinkSigner, sellerLinkUrl } from './seller-links.ts'
import type { Work } from './work.ts'

/** Clicks on one seller's link within a minute; more are turned away for a moment. */
const clicksPerMinute = 10

/** Where a click leads, or why it leads nowhere: a page says so instead of a loop. */
export type Visit =
  | { readonly to: 'provider'; readonly url: string }
  | {
      readonly to: 'explanation'
      readonly why:
        | 'unknown_link'
        | 'revoked'
        | 'too_many'
        | 'not_ready'
        | 'rejected'
        | 'lost'
        | 'done'
        | 'unavailable'
    }

type Visiting = Pick<Work, 'database' | 'environment' | 'clock' | 'names' | 'provider' | 'log'>

/** One click on a seller's link: mints a fresh link of the provider. Every click leaves a line. */
export async function openSellerLink(
  work: Visiting,
  signer: LinkSigner,
  token: string,
  visitor: string | null,
): Promise<Visit> {
  const named = signer.read(token)
  if (named === null || named.environmentId !== work.environment.id) {
    return { to: 'explanation', why: 'unknown_link' }
  }
  const visit = await visitOf(work, signer, named.sellerId, named.version)
  await recordVisit(work.database.queries, work.environment.id, {
    id: work.names.next('visit'),
    sellerId: named.sellerId,
    at: work.clock.now(),
    outcome: visit.to === 'provider' ? 'sent_on' : visit.why,
    visitor,
  })
  return visit
}

async function visitOf(
  work: Visiting,
  signer: LinkSigner,
  sellerId: string,
  version: number,
): Promise<Visit> {
  const { queries } = work.database
  const known = (await sellersWithAccounts(queries, work.environment.id, [sellerId])).get(sellerId)
  if (known === undefined) return { to: 'explanation', why: 'unknown_link' }
  if (known.seller.linkVersion !== version) return { to: 'explanation', why: 'revoked' }
  const since = new Date(work.clock.now().getTime() - 60_000)
  const clicks = await countVisits(queries, work.environment.id, sellerId, since)
  if (clicks >= clicksPerMinute) return { to: 'explanation', why: 'too_many' }
  if (known.account === null) return { to: 'explanation', why: 'not_ready' }
  const token = signer.sign(work.environment.id, sellerId, version)
  return sendOn(work, known.account, sellerLinkUrl(work.environment.settings.publicUrl, token))
}

async function sendOn(work: Visiting, stored: Account, ownUrl: string): Promise<Visit> {
  const account = await refreshAccount(work, stored.id).catch(() => stored)
  const target = linkTargetOf(account)
  if (target === 'explain_rejected') return { to: 'explanation', why: 'rejected' }
  if (target === 'explain_lost') return { to: 'explanation', why: 'lost' }
  if (target === 'explain_done') return { to: 'explanation', why: 'done' }
  const link =
    target === 'dashboard'
      ? await work.provider.loginLink(account.id)
      : await work.provider.onboardingLink(account.id, {
          // An expired link of the provider comes back here and is minted anew.
          refresh: ownUrl,
          back: work.environment.settings.onboardingReturnUrl,
        })
  if (link.result === 'made') return { to: 'provider', url: link.url }
  work.log('warn', 'no link could be made', { account: account.id, problem: link.message })
  if (link.result === 'unavailable') return { to: 'explanation', why: 'unavailable' }
  const { reason } = link
  return {
    to: 'explanation',
    why: reason === 'lost' || reason === 'rejected' ? reason : 'unavailable',
  }
}
