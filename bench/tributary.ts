import { randomUUID } from 'node:crypto'
import { createMirakl } from '../src/adapters/mirakl/mirakl.ts'
import { createStripe } from '../src/adapters/stripe/provider.ts'
import { createNames, systemClock } from '../src/app/names.ts'
import { type Database, openDatabase } from '../src/database/connection.ts'
import { migrate } from '../src/database/migrate.ts'
import { defaultSettings, type Environment } from '../src/domain/settings.ts'
import { saveAccount } from '../src/store/accounts.ts'
import { saveEnvironment } from '../src/store/environments.ts'
import { changeSeller, saveSellers } from '../src/store/sellers.ts'
import { createTally } from '../src/workflows/tally.ts'
import type { Work } from '../src/workflows/work.ts'
import { createCountedFetch } from './counted-fetch.ts'
import type { World } from './world.ts'

/** Tributary wired to a world: real adapters, real HTTP, a database that is empty but migrated. */
export async function openTributary(world: World, databaseUrl: string) {
  const database = await openDatabase({ url: databaseUrl, home: '' })
  await migrate(database)
  const environment: Environment = {
    id: 'bench',
    companyId: 'bench',
    slug: 'test',
    mode: 'test',
    startDate: null,
    paused: false,
    settings: { ...defaultSettings, enable: { ...defaultSettings.enable, productSplit: true } },
  }
  await saveEnvironment(database.queries, environment, 'Bench', systemClock.now())
  const mirakl = createCountedFetch()
  const stripe = createCountedFetch()
  const work = {
    database,
    environment,
    marketplace: marketplaceOf(world, mirakl.fetch),
    provider: providerOf(world, stripe.fetch),
  }
  await rememberSellers(work, world)
  const workFor = (progress: Work['progress']): Work => ({
    ...work,
    clock: systemClock,
    names: createNames(systemClock),
    log: (level, message, fields) => {
      if (level !== 'warn' && level !== 'error') return
      process.stderr.write(`${level} ${message} ${JSON.stringify(fields ?? {})}\n`)
    },
    actor: `bench:${randomUUID()}`,
    mode: 'move',
    tally: createTally(),
    scope: {},
    progress,
    notes: {},
    stopping: () => false,
  })
  return { workFor, mirakl, stripe, close: () => database.close() }
}

function marketplaceOf(world: World, counted: typeof fetch) {
  return createMirakl({
    baseUrl: world.miraklUrl,
    auth: { kind: 'apiKey', key: world.miraklKey },
    customFieldCode: 'stripe-url',
    ignoredFieldCode: 'stripe-ignored',
    fetch: counted,
    clock: systemClock,
    countBudgets: false,
  })
}

function providerOf(world: World, counted: typeof fetch) {
  return createStripe({
    secretKey: world.stripeKey,
    apiBase: world.stripeUrl,
    fetch: counted,
    purchaseMetadataKey: 'mirakl_commercial_order_id',
    requestsPerSecond: null,
    totalPerSecond: null,
    pluginVersion: 'bench',
  })
}

/** What `onboard-sellers` has known for long: the shops, and that their accounts may be paid. */
async function rememberSellers(
  {
    database,
    environment,
    marketplace,
    provider,
  }: Pick<Work, 'environment' | 'marketplace' | 'provider'> & {
    database: Database
  },
  world: World,
): Promise<void> {
  const { queries } = database
  const now = systemClock.now()
  for await (const page of marketplace.shops({})) {
    const shops = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
    await saveSellers(queries, environment.id, shops)
  }
  for (const { sellerId, accountId } of world.sellers) {
    const account = await provider.account(accountId)
    await saveAccount(queries, environment.id, provider.name, account, now, null)
    const change = { provider: provider.name, account_id: accountId, due: false }
    await changeSeller(queries, environment.id, sellerId, change)
  }
}
