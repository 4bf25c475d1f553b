import type { Database } from '../../src/database/connection.ts'
import { defaultSettings, type Settings } from '../../src/domain/settings.ts'
import type { JobName } from '../../src/workflows/run-job.ts'
import { sellerOf } from '../builders/seller.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop } from './refund-shop.ts'

const minute = 60_000

/** What an account holds in EUR, pending or not; minor units. */
export function heldBy(lab: Laboratory, account: string): number {
  const books = lab.stripe.books().accounts[account]?.['eur']
  return (books?.available ?? 0) + (books?.pending ?? 0)
}

/** A marketplace that keeps taxes apart, with one seller and a tax account that can be paid. */
export async function openTaxShop(
  database: Database,
  change: { settings?: Partial<Settings>; completed?: boolean; audited?: boolean } = {},
) {
  const products = { productSplit: true, productRefund: true }
  const services = { serviceSplit: true, serviceRefund: true }
  const enable = { ...defaultSettings.enable, ...products, ...services }
  const { audited = true } = change
  const opened = await openShop(database, { settings: { enable }, audited })
  const { shop } = opened
  const asked = { seller: sellerOf({ id: 'tax' }), prefill: false }
  const made = await opened.lab.provider.createAccount(asked, 'tax-account')
  if (made.result !== 'created') throw new Error('no tax account')
  const taxAccount = made.account.id
  const complete = async () => {
    opened.lab.stripe.completeOnboarding(taxAccount)
    await opened.lab.provider.account(taxAccount)
    await opened.lab.clock.advance(16 * minute)
  }
  if (change.completed !== false) await complete()
  opened.lab.mirakl.changeSettings({ operatorRemitsTaxes: true })
  const withTaxes = (more: Partial<Settings> = {}) => {
    const { environment } = opened.lab
    const on = { enable: { ...enable, taxSplit: true }, taxAccount }
    const settings = { ...environment.settings, ...on, ...change.settings, ...more }
    return { ...environment, settings }
  }
  const environment = withTaxes()
  const lab = {
    ...opened.lab,
    environment,
    run: (job: JobName, changes = {}) => opened.lab.run(job, { environment, ...changes }),
  }
  return { lab, shop, taxAccount, complete, withTaxes, plain: opened.lab }
}

/** Transfers of orders: kind, part, amount, status, reason. */
export async function splitRows(lab: Laboratory) {
  const movements = (await lab.movements()).filter(each => each.source.type === 'order')
  return movements
    .map(each => [each.kind, each.source.part, each.amount, each.status, each.reason])
    .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
}
