import Stripe from 'stripe'
import { createMirakl } from '../../src/adapters/mirakl/mirakl.ts'
import { createStripeEvents } from '../../src/adapters/stripe/events.ts'
import { createStripe } from '../../src/adapters/stripe/provider.ts'
import type { Database } from '../../src/database/connection.ts'
import { type Environment, type Settings, defaultSettings } from '../../src/domain/settings.ts'
import { createClock } from '../../src/sandbox/clock.ts'
import { createFaultPlan } from '../../src/sandbox/faults.ts'
import { fetchOf, withFaults } from '../../src/sandbox/http.ts'
import { createMiraklSandbox } from '../../src/sandbox/mirakl/sandbox.ts'
import { createStripeSandbox } from '../../src/sandbox/stripe/sandbox.ts'
import { saveEnvironment } from '../../src/store/environments.ts'
import { ledgerBalances } from '../../src/store/ledger.ts'
import { listMovements } from '../../src/store/movements.ts'
import { applyProviderEvents } from '../../src/workflows/apply-provider-event.ts'
import { type JobName, runJob } from '../../src/workflows/run-job.ts'
import { createLinkSigner } from '../../src/workflows/seller-links.ts'
import { storeProviderEvent } from '../../src/workflows/store-provider-event.ts'
import { createTally } from '../../src/workflows/tally.ts'
import type { Work } from '../../src/workflows/work.ts'
import { auditLedger, leftInEscrow, openEscrows } from '../ledger-audit.ts'

export const start = new Date('2026-11-02T08:00:00Z')
let laboratories = 0

export interface LaboratoryOptions {
  readonly settings?: Partial<Settings>
  readonly startDate?: Date | null
  readonly mode?: 'test' | 'live'
  /** Are webhooks delivered? Without them only polling brings news. */
  readonly webhooks?: boolean
}

/** A marketplace of its own: both simulators on one clock, one environment in the database. */
export async function openLaboratory(database: Database, options: LaboratoryOptions = {}) {
  laboratories += 1
  const clock = createClock(start)
  const faults = createFaultPlan(7)
  const mode = options.mode ?? 'test'
  const environment: Environment = {
    id: `env-${laboratories}`,
    companyId: `company-${laboratories}`,
    slug: `laboratory-${laboratories}`,
    mode,
    startDate: options.startDate ?? null,
    paused: false,
    settings: {
      ...defaultSettings,
      publicUrl: 'https://pay.example',
      onboardingReturnUrl: 'https://market.example/done',
      enable: { ...defaultSettings.enable, productSplit: true },
      ...options.settings,
    },
  }
  await saveEnvironment(database.queries, environment, 'Laboratory', clock.now())
  const reader = createStripeEvents({
    purchaseMetadataKey: 'mirakl_commercial_order_id',
    live: mode === 'live',
    now: () => clock.now(),
  })
  const secrets: string[] = []
  const stripe = createStripeSandbox({
    clock,
    livemode: mode === 'live',
    deliver: async (input, init) => {
      const request = new Request(input, init)
      const body = await request.text()
      const signature = request.headers.get('stripe-signature') ?? ''
      // Stored when it comes, as the server does it: a signature is good for five minutes.
      if (options.webhooks === false) return new Response('', { status: 503 })
      const delivery = { body, signature, secrets, provider: 'stripe' }
      const receipt = await storeProviderEvent({ database, environment, clock }, reader, delivery)
      return new Response('', { status: receipt.result === 'refused' ? 400 : 200 })
    },
  })
  const mirakl = createMiraklSandbox({ clock, seed: 3, apiKey: 'front-key' })
  const calls = { mirakl: [] as string[], stripe: [] as string[] }
  const counted =
    (list: string[], handler: (request: Request) => Promise<Response>) => (request: Request) => {
      list.push(`${request.method} ${new URL(request.url).pathname}`)
      return handler(request)
    }
  const now = () => clock.now()
  const miraklHandler = withFaults('mirakl', mirakl.handler, faults, now)
  const stripeHandler = withFaults('stripe', stripe.handler, faults, now)
  const key = mode === 'live' ? 'sk_live_1' : 'sk_test_1'
  const provider = createStripe({
    secretKey: key,
    fetch: fetchOf(counted(calls.stripe, stripeHandler)),
    purchaseMetadataKey: 'mirakl_commercial_order_id',
    requestsPerSecond: null,
    totalPerSecond: null,
    pluginVersion: '0.1.0',
  })
  const marketplace = createMirakl({
    baseUrl: 'https://tenant.example',
    auth: { kind: 'apiKey', key: 'front-key' },
    customFieldCode: 'stripe-url',
    ignoredFieldCode: 'stripe-ignored',
    fetch: fetchOf(counted(calls.mirakl, miraklHandler)),
    clock,
    countBudgets: false,
    wait: async () => undefined,
  })
  // The shopper's and the operator's own hands: never through the faults.
  const sdk = new Stripe(key, {
    httpClient: Stripe.createFetchHttpClient(fetchOf(stripe.handler)),
    telemetry: false,
  })
  const hook = await sdk.webhookEndpoints.create({
    url: 'https://pay.example/api/public/webhook/operator',
    enabled_events: ['*'],
  })
  const connectHook = await sdk.webhookEndpoints.create({
    url: 'https://pay.example/api/public/webhook/sellers',
    enabled_events: ['*'],
    connect: true,
  })
  secrets.push(hook.secret ?? '', connectHook.secret ?? '')
  const signer = createLinkSigner(Buffer.alloc(32, 9))
  let names = 0
  const logs: { level: string; message: string; fields: unknown }[] = []

  const work = (changes: Partial<Work> = {}): Work => ({
    database,
    environment,
    marketplace,
    provider,
    clock,
    names: { next: prefix => `${prefix}_${laboratories}_${String((names += 1)).padStart(8, '0')}` },
    log: (level, message, fields) => logs.push({ level, message, fields }),
    actor: 'test',
    mode: 'move',
    tally: createTally(),
    scope: {},
    progress: () => undefined,
    notes: {},
    stopping: () => false,
    ...changes,
  })

  const laboratory = {
    database,
    environment,
    clock,
    faults,
    stripe,
    mirakl,
    sdk,
    provider,
    marketplace,
    reader,
    secrets,
    signer,
    calls,
    logs,
    work,
    run: (job: JobName, changes: Partial<Work> = {}) => runJob(work(changes), job, signer),
    /** A delivery reaches our endpoint. */
    store: (delivery: { body: string; signature: string }) =>
      storeProviderEvent(work(), reader, { ...delivery, secrets, provider: 'stripe' }),
    /** Everything that was delivered so far is applied, as the job does it. */
    async receive(): Promise<void> {
      await stripe.settled()
      await applyProviderEvents(work(), reader)
    },
    /** What of the ledger does not hold against the simulator's books, when nothing is under way. */
    auditLedger: () =>
      auditLedger(database.queries, environment.id, stripe.books(), stripe.platformAccountId),
    /** Escrows of purchases that are over and not empty. */
    leftInEscrow: () => leftInEscrow(database.queries, environment.id),
    /** Escrows that are not empty, by purchase. */
    openEscrows: () => openEscrows(database.queries, environment.id),
    /** Balances of the ledger by account, in minor units, of every currency. */
    async balances(): Promise<Record<string, bigint>> {
      const found = await ledgerBalances(database.queries, environment.id)
      return Object.fromEntries(found.map(each => [each.account, each.amount]))
    },
    movements: (kind?: string) =>
      listMovements(database.queries, environment.id, { kind, limit: 1000 }),
    /** A seller whose account can be paid. */
    async openSeller(shop: Parameters<typeof mirakl.addShop>[0] = {}): Promise<number> {
      const id = mirakl.addShop({ currency: 'EUR', country: 'FRA', ...shop })
      await laboratory.run('onboard-sellers')
      const account = await laboratory.accountOf(id)
      stripe.completeOnboarding(account)
      await laboratory.provider.account(account)
      await clock.advance(16 * 60 * 1000)
      await laboratory.run('onboard-sellers')
      return id
    },
    /** A custom field of a shop, as Mirakl shows it. */
    async fieldOf(shopId: number, code: 'link' | 'ignored') {
      for await (const page of marketplace.shops({ ids: [String(shopId)] })) {
        for (const reading of page.readings) {
          if (reading.ok) return code === 'link' ? reading.value.linkShown : reading.value.ignored
        }
      }
      return null
    },
    async accountOf(shopId: number): Promise<string> {
      const row = await database.queries
        .selectFrom('sellers')
        .select('account_id')
        .where('environment_id', '=', environment.id)
        .where('id', '=', String(shopId))
        .executeTakeFirstOrThrow()
      if (row.account_id === null) throw new Error(`shop ${shopId} has no account`)
      return row.account_id
    },
    /** A customer authorises a payment for a purchase, as the shop front does it. */
    pay: (
      purchaseId: string,
      amount: number,
      more: Partial<Stripe.PaymentIntentCreateParams> = {},
    ) =>
      sdk.paymentIntents.create({
        amount,
        currency: 'eur',
        capture_method: 'manual',
        payment_method: 'pm_card_visa',
        confirm: true,
        metadata: { mirakl_commercial_order_id: purchaseId },
        ...more,
      }),
  }
  return laboratory
}

export type Laboratory = Awaited<ReturnType<typeof openLaboratory>>
