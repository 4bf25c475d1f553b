import { sum, toJson } from './decimal.ts'
import type { Shop } from './model.ts'
import type { Store } from './store.ts'

/** `paid_balance`, `payable_balance` and `pending_balance` of S20, in the shop's currency. */
export function shopBalances(store: Store, shop: Shop): Record<string, unknown> {
  const cycles = store
    .remember('cycles by shop', () => Map.groupBy(store.cycles.values(), cycle => cycle.shopId))
    .get(shop.id)
  const own = (cycles ?? []).filter(cycle => cycle.currency === shop.currency)
  const total = (paid: boolean): bigint =>
    sum(own.filter(cycle => (cycle.payment.state === 'PAID') === paid).map(cycle => cycle.toSeller))
  return {
    paid_balance: toJson(total(true), shop.currency),
    payable_balance: toJson(total(false), shop.currency),
    pending_balance: toJson(0n, shop.currency),
  }
}
