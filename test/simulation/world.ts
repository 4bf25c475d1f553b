import type { Database } from '../../src/database/connection.ts'
import { createStripeEvents } from '../../src/adapters/stripe/events.ts'
import { type Environment, type Settings, defaultSettings } from '../../src/domain/settings.ts'
import { createClock } from '../../src/sandbox/clock.ts'
import { createFaultPlan } from '../../src/sandbox/faults.ts'
import { fetchOf, withFaults } from '../../src/sandbox/http.ts'
import { createMiraklSandbox } from '../../src/sandbox/mirakl/sandbox.ts'
import { createDice } from '../../src/sandbox/scenario/dice.ts'
import { createStripeApi } from '../../src/sandbox/scenario/stripe-api.ts'
import { createStripeSandbox } from '../../src/sandbox/stripe/sandbox.ts'
import { saveEnvironment } from '../../src/store/environments.ts'
import { createLinkSigner } from '../../src/workflows/seller-links.ts'
import { storeProviderEvent } from '../../src/workflows/store-provider-event.ts'
import type { Gate } from './gate.ts'
import { createGate, lives } from './gate.ts'
import { gateDatabase } from './gated-database.ts'

export const start = new Date('2026-11-02T08:00:00Z')
/** None of these may ever be found in a line of the log. */
export const secrets = {
  stripeKey: 'sk_test_simulatedsecret1',
  miraklKey: 'front-key-simulated-secret',
  operatorHook: 'whsec_simulated_operator',
  sellersHook: 'whsec_simulated_sellers',
}

export interface Delivery {
  readonly body: string
  readonly signature: string
}

let worlds = 0

/** Both simulators on one clock, one environment in the database, and everything drawn from a seed. */
export async function openWorld(database: Database, seed: number) {
  worlds += 1
  const dice = createDice(seed)
  const clock = createClock(start)
  const now = () => clock.now()
  const faults = createFaultPlan(seed)
  const environment = environmentOf(`${seed}-${worlds}`, {
    settlementFeed: dice.chance(50) ? 'invoices' : 'billing_cycles',
    negativeCycles: dice.chance(50) ? 'ask' : 'marketplace',
    nearExpiry: dice.chance(50) ? 'wait' : 'capture_confirmed',
  })
  await saveEnvironment(database.queries, environment, 'Simulation', clock.now())
  const reader = createStripeEvents({ purchaseMetadataKey: purchaseKey, live: false, now })
  const delivered: Delivery[] = []
  const endpoint = { gate: createGate(lives), database: gateDatabase(database, createGate(lives)) }

  /** Our server: the event is stored, or Stripe is told to come again. */
  async function receive(delivery: Delivery): Promise<'stored' | 'duplicate' | 'refused'> {
    const receipt = await storeProviderEvent(
      { database: endpoint.database, environment, clock },
      reader,
      {
        ...delivery,
        secrets: [secrets.operatorHook, secrets.sellersHook],
        provider: 'stripe',
      },
    )
    return receipt.result
  }

  const stripe = createStripeSandbox({
    clock,
    seed,
    deliver: async (input, init) => {
      const request = new Request(input, init)
      const delivery = {
        body: await request.text(),
        signature: request.headers.get('stripe-signature') ?? '',
      }
      delivered.push(delivery)
      if (delivered.length > 50) delivered.shift()
      const result = await receive(delivery).catch(() => 'failed')
      const status = result === 'refused' ? 400 : result === 'failed' ? 500 : 200
      return new Response('', { status })
    },
  })
  for (const connect of [false, true]) {
    stripe.addWebhook({
      url: `https://pay.example/api/public/webhook/${connect ? 'sellers' : 'operator'}`,
      secret: connect ? secrets.sellersHook : secrets.operatorHook,
      connect,
    })
  }
  const mirakl = createMiraklSandbox({ clock, seed, apiKey: secrets.miraklKey })
  return {
    seed,
    dice,
    clock,
    faults,
    environment,
    database,
    reader,
    stripe,
    mirakl,
    delivered,
    receive,
    signer: createLinkSigner(Buffer.alloc(32, 9)),
    /** How the shop front and the auditor reach Stripe: never through the faults. */
    stripeApi: createStripeApi(
      fetchOf(stripe.handler),
      'https://api.stripe.com',
      secrets.stripeKey,
    ),
    miraklFetch: fetchOf(mirakl.handler),
    networkOf: (side: 'mirakl' | 'stripe') =>
      fetchOf(withFaults(side, side === 'mirakl' ? mirakl.handler : stripe.handler, faults, now)),
    names: createNames(`s${worlds}`),
    logs: [] as { level: string; message: string; fields: unknown }[],
    /** From now on the server's queries meet this gate. */
    serveThrough(gate: Gate) {
      endpoint.database = gateDatabase(database, gate)
    },
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>

/** The metadata key under which a payment names its purchase. */
export const purchaseKey = 'mirakl_commercial_order_id'

function createNames(start: string) {
  let count = 0
  return {
    next: (prefix: string) => `${prefix}_${start}_${String((count += 1)).padStart(8, '0')}`,
  }
}

function environmentOf(slug: string, settings: Partial<Settings>): Environment {
  return {
    id: `env-${slug}`,
    companyId: `company-${slug}`,
    slug: `simulation-${slug}`,
    mode: 'test',
    // Stripe's books are read from here on, however late the first reading is.
    startDate: start,
    paused: false,
    settings: {
      ...defaultSettings,
      publicUrl: 'https://pay.example',
      onboardingReturnUrl: 'https://market.example/done',
      enable: { ...defaultSettings.enable, productSplit: true, productRefund: true },
      ...settings,
    },
  }
}
