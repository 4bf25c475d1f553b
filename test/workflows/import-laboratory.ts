import { openOldConnector } from '../../src/adapters/old-connector/old-connector.ts'
import { createOldMoney } from '../../src/adapters/stripe/old-movements.ts'
import type { Database } from '../../src/database/connection.ts'
import { defaultSettings, type Environment } from '../../src/domain/settings.ts'
import { fetchOf } from '../../src/sandbox/http.ts'
import { saveEnvironment } from '../../src/store/environments.ts'
import { listMovements } from '../../src/store/movements.ts'
import { importOldConnector } from '../../src/workflows/import-old-connector.ts'
import type { ImportCheck } from '../../src/workflows/import-work.ts'
import type { JobName } from '../../src/workflows/run-job.ts'
import type { Work } from '../../src/workflows/work.ts'
import { createOldDatabase, type OldVersion } from '../builders/old-database.ts'
import { openLaboratory } from './laboratory.ts'

let laboratories = 0

/**
 * A marketplace that the old connector has run: both simulators, its database, and a fresh
 * environment that knows nothing yet. The laboratory's own environment only plays what the old
 * connector did with the marketplace (confirming debits, capturing).
 */
export async function openImportLaboratory(database: Database, version: OldVersion = 'newest') {
  laboratories += 1
  const enable = {
    ...defaultSettings.enable,
    productSplit: true,
    productRefund: true,
    serviceSplit: true,
  }
  const lab = await openLaboratory(database, { settings: { enable } })
  // Stripe's fees would hide what the platform owes and has.
  lab.stripe.configure({ fees: {} })
  const old = await createOldDatabase(version)
  const environment: Environment = {
    ...lab.environment,
    id: `import-${laboratories}`,
    slug: `import-${laboratories}`,
    companyId: `importer-${laboratories}`,
  }
  await saveEnvironment(database.queries, environment, 'Import', lab.clock.now())
  const sights = createOldMoney({
    secretKey: 'sk_test_1',
    fetch: fetchOf(request => {
      lab.calls.stripe.push(`${request.method} ${new URL(request.url).pathname}`)
      return lab.stripe.handler(request)
    }),
    purchaseMetadataKey: 'mirakl_commercial_order_id',
    requestsPerSecond: null,
    totalPerSecond: null,
    pluginVersion: '0.1.0',
  })
  const connector = { pluginName: 'MiraklConnector', pluginVersion: '4.1.1' }
  return {
    ...lab,
    environment,
    old,
    connector,
    run: (job: JobName) => lab.run(job, { environment }),
    /** Validates and captures, as the old connector did. */
    validateBefore: () => lab.run('validate-payments'),
    movements: (kind?: string) =>
      listMovements(database.queries, environment.id, { kind, limit: 1000 }),
    async import(apply: boolean, check: ImportCheck = 'all', changes: Partial<Work> = {}) {
      const books = await openOldConnector(old.url)
      try {
        const work = lab.work({ environment, ...changes })
        return await importOldConnector(work, { old: books, sights, apply, check })
      } finally {
        await books.close()
      }
    },
    /** A shop whose account the old connector made and mapped. */
    async mapped(): Promise<{ shop: number; account: string; mapping: number }> {
      const shop = lab.mirakl.addShop({ currency: 'EUR', country: 'FRA' })
      const made = await lab.sdk.accounts.create({
        type: 'express',
        country: 'FR',
        capabilities: { transfers: { requested: true } },
        settings: { payouts: { schedule: { interval: 'manual' } } },
      })
      lab.stripe.completeOnboarding(made.id)
      const accounts = version === 'newest' ? 'account_mapping' : 'mirakl_stripe_mapping'
      const row = { mirakl_shop_id: shop, stripe_account_id: made.id }
      return { shop, account: made.id, mapping: await old.add(accounts, row) }
    },
    /** A paid and accepted order of 100.00 with a commission of 10.00; returns its id and charge. */
    async sell(shop: number, purchase: string): Promise<{ order: string; charge: string }> {
      const intent = await lab.pay(purchase, 10_000)
      const [order = ''] = lab.mirakl.placePurchase({
        commercialId: purchase,
        currency: 'EUR',
        orders: [{ shopId: shop, lines: [{ price: '100.00', commission: '10.00' }] }],
      })
      lab.mirakl.acceptOrder(order)
      return { order, charge: chargeOf(intent.latest_charge) }
    },
    /** The transfer that the old connector makes for an order. */
    async transferBefore(account: string, sold: { order: string; charge: string }, amount = 9_000) {
      const made = await lab.sdk.transfers.create({
        amount,
        currency: 'eur',
        destination: account,
        source_transaction: sold.charge,
        metadata: { miraklId: sold.order, ...connector },
      })
      return made.id
    },
    close: () => old.close(),
  }
}

export type ImportLaboratory = Awaited<ReturnType<typeof openImportLaboratory>>

export function chargeOf(charge: string | { readonly id: string } | null): string {
  return typeof charge === 'string' ? charge : (charge?.id ?? '')
}
