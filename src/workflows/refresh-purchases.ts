import { domainsRead } from '../domain/settings.ts'
import { refreshPurchases as refreshProducts } from './read-orders.ts'
import { refreshServicePurchases } from './read-service-orders.ts'
import type { Work } from './work.ts'

/** Reads every order of these purchases anew, so that what is decided now is decided on the truth. */
export async function refreshPurchases(work: Work, purchaseIds: readonly string[]): Promise<void> {
  await refreshProducts(work, purchaseIds)
  if (domainsRead(work.environment.settings).includes('service')) {
    await refreshServicePurchases(work, purchaseIds)
  }
}
