import type { VirtualClock } from '../clock.ts'
import type { Handler } from '../http.ts'
import { createRandom } from '../random.ts'
import { accountRoutes } from './account.ts'
import { accountLinkRoutes } from './account-link.ts'
import { balanceRoutes } from './balance.ts'
import { createBalances } from './bookkeeping.ts'
import { chargeRoutes } from './charge.ts'
import { createControl } from './control.ts'
import type { StripeControl } from './control.ts'
import { serveControl } from './control-routes.ts'
import { createDeliveries } from './delivery.ts'
import { disputeRoutes } from './dispute.ts'
import { eventRoutes } from './event.ts'
import { createEmitter } from './emission.ts'
import { loginLinkRoutes } from './login-link.ts'
import { paymentIntentRoutes } from './payment-intent.ts'
import { payoutRoutes } from './payout.ts'
import { payWaitingRefunds } from './refund-record.ts'
import { refundRoutes } from './refund.ts'
import { reversalRoutes } from './reversal.ts'
import { createSabotage } from './sabotage.ts'
import { createServer } from './server.ts'
import { createShelf } from './shelf.ts'
import { topupRoutes } from './topup.ts'
import { transferRoutes } from './transfer.ts'
import { webhookEndpointRoutes } from './webhook-endpoint.ts'
import type { World } from './world.ts'

export interface StripeSandboxOptions {
  clock: VirtualClock
  /** Draws the ids; the same requests in the same order get the same ids. Default 1. */
  seed?: number
  /** Default false: only `sk_test_` and `rk_test_` keys are known. */
  livemode?: boolean
  platformAccountId?: string
  /** The only keys that are known; default any of the mode. */
  secretKeys?: string[]
  /** 25 requests a second for each endpoint, 100 in all; default false. */
  rateLimits?: boolean
  /** Milliseconds for the rate limits; default real time, which is what clients that slow down wait in. */
  rateClock?: () => number
  /** Sends the webhooks; default the global fetch. */
  deliver?: typeof fetch
  /** How many of the newest events can be listed; default 30,000. They take about 2 kB each. */
  keepEvents?: number
}

/** A simulated Stripe with Connect, in memory: its API, and the control of what happens in its world. */
export interface StripeSandbox extends StripeControl {
  readonly clock: VirtualClock
  readonly platformAccountId: string
  /** Serves `/v1/…` and `/_sandbox/stripe/…`. */
  readonly handler: Handler
}

const routes = [
  ...accountRoutes,
  ...accountLinkRoutes,
  ...balanceRoutes,
  ...chargeRoutes,
  ...disputeRoutes,
  ...eventRoutes,
  ...loginLinkRoutes,
  ...paymentIntentRoutes,
  ...payoutRoutes,
  ...refundRoutes,
  ...reversalRoutes,
  ...topupRoutes,
  ...transferRoutes,
  ...webhookEndpointRoutes,
]

export function createStripeSandbox(options: StripeSandboxOptions): StripeSandbox {
  const world = createWorld(options)
  const deliveries = createDeliveries({
    clock: options.clock,
    endpoints: world.endpoints,
    platform: world.platform,
    fetch: options.deliver ?? ((input, init) => fetch(input, init)),
  })
  world.emit = createEmitter(world, deliveries, options.keepEvents ?? 30_000)
  world.settled = () => deliveries.settled()
  world.balances.onCredit = (account, currency) => payWaitingRefunds(world, account, currency)
  const sabotage = createSabotage()
  const control = createControl(world, deliveries, sabotage)
  const api = createServer({
    world,
    routes,
    secretKeys: options.secretKeys,
    rateClock: options.rateLimits ? (options.rateClock ?? (() => performance.now())) : undefined,
    sabotage,
  })
  const controlApi = serveControl(options.clock, control)
  return {
    ...control,
    clock: options.clock,
    platformAccountId: world.platform,
    handler: request =>
      new URL(request.url).pathname.startsWith('/_sandbox/') ? controlApi(request) : api(request),
  }
}

function createWorld(options: StripeSandboxOptions): World {
  const { clock } = options
  return {
    clock,
    livemode: options.livemode ?? false,
    platform: options.platformAccountId ?? 'acct_platform',
    settings: {
      accountsV1Refused: false,
      availableAfterSeconds: 2 * 86_400,
      conversions: {},
      fees: {
        chf: { basisPoints: 290, fixed: 30 },
        eur: { basisPoints: 140, fixed: 25 },
        gbp: { basisPoints: 140, fixed: 20 },
        huf: { basisPoints: 140, fixed: 8500 },
        jpy: { basisPoints: 360, fixed: 0 },
        kwd: { basisPoints: 140, fixed: 80 },
        sek: { basisPoints: 140, fixed: 180 },
        usd: { basisPoints: 290, fixed: 30 },
      },
    },
    accounts: createShelf('account'),
    gone: new Set(),
    accountLinks: new Map(),
    balanceTransactions: createShelf('balance transaction', 'source'),
    charges: createShelf('charge', 'payment_intent', 'transfer_group'),
    disputes: createShelf('dispute', 'charge', 'payment_intent'),
    endpoints: createShelf('webhook endpoint'),
    events: createShelf('event'),
    paymentIntents: createShelf('payment_intent'),
    payouts: createShelf('payout'),
    refunds: createShelf('refund', 'charge', 'payment_intent'),
    reversals: createShelf('transfer reversal'),
    topups: createShelf('topup'),
    transfers: createShelf('transfer', 'source_transaction', 'transfer_group', 'destination'),
    waitingRefunds: new Map(),
    balances: createBalances(),
    newId: createIds(options.seed ?? 1),
    seconds: () => Math.floor(clock.now().getTime() / 1000),
    emit: () => undefined,
    settled: async () => undefined,
    cause: { id: null, idempotency_key: null },
  }
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Ids of the look of Stripe's: `tr_1` and drawn characters; a count at the end keeps them unique. */
function createIds(seed: number): World['newId'] {
  const random = createRandom(seed)
  let count = 0
  return prefix => {
    count += 1
    const drawn = Array.from(
      { length: 10 },
      () => alphabet[Math.floor(random() * alphabet.length)] ?? '0',
    )
    const id = `${prefix}_1${drawn.join('')}${count.toString(36).padStart(6, '0')}`
    // A million ids are kept: as one flat text each, not as the chain of their parts.
    return Buffer.from(id, 'latin1').toString('latin1')
  }
}
