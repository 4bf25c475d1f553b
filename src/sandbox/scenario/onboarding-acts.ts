import { cast, special } from './cast.ts'
import type { CastShop } from './cast.ts'
import type { Played, Stage } from './stage.ts'

/** The forty sellers open their shops; the one that shares an account waits for the operator. */
export function openShops(stage: Stage): Played {
  for (const shop of cast) {
    const aside = shop.onboarding.ends === 'ignored' || shop.onboarding.ends === 'shares'
    stage.mirakl.addShop({
      id: shop.id,
      name: shop.name,
      country: shop.country,
      currency: shop.currency,
      city: shop.city,
      firstName: shop.firstName,
      lastName: shop.lastName,
      corporateName: shop.name,
      email: `shop-${shop.id}@seller.example`,
      webSite: `https://shop-${shop.id}.example`,
      ...(aside ? { additionalFields: { 'stripe-ignored': 'true' } } : {}),
    })
  }
  return { told: `${cast.length} sellers open their shops` }
}

/** Sellers follow their links to Stripe's form, as far as each of them gets on that day. */
export async function visitStripe(stage: Stage, day: number): Promise<Played> {
  const accounts = await accountsByShop(stage)
  const counts = { ready: 0, checked: 0, rejected: 0 }
  const wishes: { mapShop: number; toAccount: string }[] = []
  for (const shop of cast) {
    const account = accounts.get(accountShop(shop))
    if (account === undefined) continue
    const { onboarding } = shop
    if (onboarding.ends === 'ready' && onboarding.day === day) {
      stage.stripe.completeOnboarding(account)
      counts.ready += 1
    }
    if (onboarding.ends === 'checked' && onboarding.day === day) {
      const pending = ['company.verification.document']
      stage.stripe.completeOnboarding(account, { pending_verification: pending })
      counts.checked += 1
    }
    if (onboarding.ends === 'checked' && onboarding.readyOn === day) {
      stage.stripe.completeOnboarding(account)
      counts.ready += 1
    }
    if (onboarding.ends === 'rejected' && onboarding.day === day) {
      stage.stripe.completeOnboarding(account)
      stage.stripe.rejectAccount(account, 'fraud')
      counts.rejected += 1
    }
    if (onboarding.ends === 'shares' && onboarding.day === day) {
      wishes.push({ mapShop: shop.id, toAccount: account })
    }
  }
  const told = `${counts.ready} sellers finish onboarding, ${counts.checked} are being checked, ${counts.rejected} rejected`
  return { told, wishes }
}

/** The operator no longer leaves the second shop alone. */
export function releaseSharedShop(stage: Stage): Played {
  stage.mirakl.updateShop(special.shares, { additionalFields: { 'stripe-ignored': 'false' } })
  return { told: 'one more shop is paid to the account of its company' }
}

function accountShop(shop: CastShop): number {
  return shop.onboarding.ends === 'shares' ? shop.onboarding.with : shop.id
}

/** The accounts that were made for the shops, by the shop's number in their metadata. */
export async function accountsByShop(stage: Stage): Promise<Map<number, string>> {
  const accounts = await stage.stripeApi.list('/v1/accounts')
  return new Map(
    accounts.flatMap(({ id, metadata }) => {
      const shop = (metadata as Record<string, string> | undefined)?.['miraklShopId']
      return shop === undefined || typeof id !== 'string' ? [] : [[Number(shop), id] as const]
    }),
  )
}
