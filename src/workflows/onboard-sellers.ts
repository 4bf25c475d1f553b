import { kycOf } from '../domain/onboarding.ts'
import type { Account } from '../domain/seller.ts'
import { accountById, accountsToLookAt } from '../store/accounts.ts'
import { advanceCheckpoint, readCheckpoint } from '../store/checkpoints.ts'
import { type StoredSeller, changeSeller, dueSellers, saveSellers } from '../store/sellers.ts'
import { setAside, takeBack } from '../store/set-aside.ts'
import { concurrently } from './concurrently.ts'
import { createSellerAccount } from './create-seller-account.ts'
import type { ShopChange } from './ports.ts'
import { refreshAccount } from './refresh-account.ts'
import { type LinkSigner, sellerLinkUrl } from './seller-links.ts'
import type { Work } from './work.ts'

const overlapSeconds = 300
/** Accounts that are asked about in one run; the others wait for the next. */
const looksMax = 100
/** Shops in one call of S07. */
const changesMax = 100
const atOnce = 8

/** Reads the shops that changed and the accounts that are not ready yet. */
export async function readForOnboarding(work: Work): Promise<void> {
  if (!enabled(work)) return
  await readShops(work)
  if (work.mode === 'move') await lookAtAccounts(work)
}

function enabled(work: Work): boolean {
  const on = work.environment.settings.enable.onboarding
  if (!on) work.log('warn', 'seller onboarding is switched off (ENABLE_SELLER_ONBOARDING)')
  return on
}

async function readShops(work: Work): Promise<void> {
  const { database, environment, scope } = work
  const stored = await readCheckpoint(database.queries, environment.id, 'shops')
  const since = scope.since ?? stored
  let newest: Date | null = null
  let read = 0
  const query = scope.sellerId === undefined ? null : { ids: [scope.sellerId] }
  const updated = since === null ? {} : { updatedSince: since }
  for await (const page of work.marketplace.shops(query ?? updated)) {
    const sellers = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
    const unreadable = page.readings.flatMap(reading =>
      reading.ok ? [] : [{ ...reading, kind: 'seller' as const }],
    )
    await database.inTransaction(async queries => {
      await saveSellers(queries, environment.id, sellers)
      await takeBack(
        queries,
        environment.id,
        'seller',
        sellers.map(seller => seller.id),
      )
      await setAside(queries, environment.id, unreadable, work.clock.now())
    })
    work.tally.setAside(unreadable.length)
    // Shops come sorted by name (S20): the newest may stand on any page.
    for (const { updatedAt } of sellers)
      if (newest === null || updatedAt > newest) newest = updatedAt
    read += page.readings.length
    work.progress('reading shops', read)
  }
  if (newest === null || query !== null || scope.since !== undefined) return
  const to = new Date(newest.getTime() - overlapSeconds * 1000)
  await advanceCheckpoint(database.queries, environment.id, 'shops', to, work.clock.now())
}

/** An event tells sooner, but an event may be lost. */
async function lookAtAccounts(work: Work): Promise<void> {
  const { queries } = work.database
  const due = await accountsToLookAt(queries, work.environment.id, work.clock.now(), looksMax)
  async function* each() {
    yield* due
  }
  await concurrently(each(), atOnce, async account => {
    await refreshAccount(work, account.id).catch((error: unknown) => {
      work.log('warn', 'an account could not be read', {
        account: account.id,
        problem: String(error),
      })
    })
  })
}

/** An account for each seller, our link into the shop, its KYC state back to the marketplace. */
export async function planOnboarding(work: Work, signer: LinkSigner): Promise<void> {
  if (!work.environment.settings.enable.onboarding) return
  const kyc = work.environment.settings.tellKyc && (await takesKyc(work))
  let after = ''
  let done = 0
  while (!work.stopping()) {
    const now = work.clock.now()
    const query = { after, limit: changesMax, sellerId: work.scope.sellerId, now }
    const sellers = await dueSellers(work.database.queries, work.environment.id, query)
    const last = sellers.at(-1)
    if (last === undefined) return
    after = last.id
    await onboardBatch(work, signer, sellers, kyc)
    done += sellers.length
    work.progress('onboarding sellers', done)
  }
}

async function takesKyc(work: Work): Promise<boolean> {
  try {
    return (await work.marketplace.features()).kyc
  } catch (error) {
    // Without the answer it is tried: a tenant without KYC refuses it shop by shop.
    work.log('warn', 'the features of the marketplace could not be read', {
      problem: String(error),
    })
    return true
  }
}

interface Wish {
  readonly seller: StoredSeller
  readonly change: ShopChange
}

async function onboardBatch(
  work: Work,
  signer: LinkSigner,
  sellers: readonly StoredSeller[],
  kyc: boolean,
): Promise<void> {
  const wishes: Wish[] = []
  async function* each() {
    yield* sellers
  }
  await concurrently(each(), atOnce, async seller => {
    try {
      const wish = await onboardOne(work, signer, seller, kyc)
      if (wish !== null) wishes.push({ seller, change: wish })
    } catch (error) {
      work.tally.failed()
      work.log('error', 'a seller could not be onboarded', {
        seller: seller.id,
        problem: String(error),
      })
    }
  })
  if (work.mode === 'move') await tellShops(work, wishes)
}

/** What the marketplace is to be told about a seller; null: nothing. */
async function onboardOne(
  work: Work,
  signer: LinkSigner,
  seller: StoredSeller,
  kyc: boolean,
): Promise<ShopChange | null> {
  const { queries } = work.database
  const environmentId = work.environment.id
  if (seller.ignored) {
    work.tally.held('seller_ignored')
    if (work.mode === 'move') await changeSeller(queries, environmentId, seller.id, { due: false })
    return null
  }
  const account = await accountFor(work, seller)
  const token = signer.sign(environmentId, seller.id, seller.linkVersion)
  const link = sellerLinkUrl(work.environment.settings.publicUrl, token)
  const state = account === null || !kyc || seller.kyc === null ? null : kycOf(account)
  const tellKyc =
    state !== null &&
    (seller.kyc?.status !== state.status || (seller.kyc.reason ?? '') !== state.reason)
  const tellLink = account !== null && link !== '' && seller.linkShown !== link
  const waits = account === null || !account.transfersActive
  if (waits) work.tally.held(account === null ? 'seller_unknown' : 'seller_not_onboarded')
  if (!tellKyc && !tellLink) {
    if (account !== null && work.mode === 'move') {
      await changeSeller(queries, environmentId, seller.id, { due: false })
    }
    return null
  }
  return {
    sellerId: seller.id,
    ...(tellLink ? { link } : {}),
    ...(tellKyc ? { kyc: state } : {}),
  }
}

async function accountFor(work: Work, seller: StoredSeller): Promise<Account | null> {
  if (seller.accountId !== null) {
    return accountById(work.database.queries, work.environment.id, seller.accountId)
  }
  return work.mode === 'move' ? createSellerAccount(work, seller) : null
}

/** S07 answers shop by shop: what one shop refuses says nothing about the others. */
async function tellShops(work: Work, wishes: readonly Wish[]): Promise<void> {
  if (wishes.length === 0) return
  const changes = wishes.map(({ change }) => change)
  const answers = await work.marketplace.updateShops(changes)
  for (const [index, { seller, change }] of wishes.entries()) {
    const answer = answers[index]
    const { queries } = work.database
    if (answer?.result === 'told') {
      work.tally.confirmed()
      await changeSeller(queries, work.environment.id, seller.id, {
        due: false,
        ...(change.link === undefined ? {} : { link_shown: change.link }),
        ...(change.kyc === undefined
          ? {}
          : { kyc_told_status: change.kyc.status, kyc_told_reason: change.kyc.reason }),
      })
      continue
    }
    const problem = answer === undefined ? 'no answer for this shop' : answer.message
    work.tally.failed()
    work.log('warn', 'a shop was not updated', { seller: seller.id, problem })
    const lookAt = new Date(work.clock.now().getTime() + 15 * 60 * 1000)
    await changeSeller(queries, work.environment.id, seller.id, { look_at: lookAt })
  }
}
