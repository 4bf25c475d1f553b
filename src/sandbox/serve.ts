import { createClock } from './clock.ts'
import type { VirtualClock } from './clock.ts'
import { serveWorldControl } from './control-server.ts'
import { createFaultPlan } from './faults.ts'
import type { Fault, FaultPlan } from './faults.ts'
import { fetchOf, listen, withFaults } from './http.ts'
import { type Mailbox, openMailbox } from './mail/mailbox.ts'
import type { MiraklSandbox } from './mirakl/sandbox.ts'
import { createMiraklSandbox } from './mirakl/sandbox.ts'
import type { MiraklSettings } from './mirakl/settings.ts'
import { runWithRealTime } from './real-time.ts'
import type { Stage } from './scenario/stage.ts'
import { createStripeApi } from './scenario/stripe-api.ts'
import { createWeek } from './scenario/week.ts'
import type { StripeSandbox } from './stripe/sandbox.ts'
import { createStripeSandbox } from './stripe/sandbox.ts'

/** Where webhooks go. Both secrets are `whsec_…`; the seller's endpoint gets the events of connected accounts. */
export interface WebhookTargets {
  operatorUrl: string
  operatorSecret: string
  sellersUrl: string
  sellersSecret: string
}

export interface SandboxOptions {
  /** Any integer: ids, faults and the scenario follow from it. */
  seed: number
  /** Where the virtual clock stands at first. */
  start: Date
  /** Ports on 127.0.0.1; default 0, any free one. */
  miraklPort?: number
  stripePort?: number
  controlPort?: number
  faults?: readonly Fault[]
  settings?: Partial<MiraklSettings>
  webhooks?: WebhookTargets
  /** Stripe's 25 requests a second for each endpoint and 100 in all; default off. */
  stripeRateLimits?: boolean
  /** Virtual seconds that pass in a real second; default 0: the clock stands until it is moved. */
  speed?: number
}

/** Simulated Mirakl and Stripe over HTTP, and the world that they share. */
export interface ServedSandbox {
  readonly miraklUrl: string
  readonly stripeUrl: string
  /** Serves an index at `/` that lists what can be done. */
  readonly controlUrl: string
  /** Where mail arrives, and the page on which it is read. */
  readonly mailbox: Mailbox
  readonly clock: VirtualClock
  readonly faults: FaultPlan
  readonly mirakl: MiraklSandbox
  readonly stripe: StripeSandbox
  /** What a scenario plays on: never met by a fault. */
  readonly stage: Stage
  sendWebhooks(targets: WebhookTargets): void
  close(): Promise<void>
}

/** The key that the scenario's own people use; any other test key is as good. */
const peoplesKey = 'sk_test_shop_front'

/** Starts both simulators and the control server on one virtual clock. Throws when a port is taken. */
export async function serveSandbox(options: SandboxOptions): Promise<ServedSandbox> {
  const { seed } = options
  const clock = createClock(options.start)
  const faults = createFaultPlan(seed)
  for (const fault of options.faults ?? []) faults.add(fault)
  const mirakl = createMiraklSandbox({ clock, seed, settings: options.settings ?? {}, fetch })
  const stripe = createStripeSandbox({
    clock,
    seed,
    rateLimits: options.stripeRateLimits ?? false,
  })
  const stage: Stage = {
    clock,
    mirakl,
    stripe,
    stripeApi: createStripeApi(fetchOf(stripe.handler), 'http://stripe.sandbox', peoplesKey),
  }
  const now = () => clock.now()
  const servers = [
    await listen(withFaults('mirakl', mirakl.handler, faults, now), options.miraklPort),
    await listen(withFaults('stripe', stripe.handler, faults, now), options.stripePort),
  ] as const
  const mailbox = await openMailbox(now)
  const week = createWeek(stage, seed, options.start)
  const urls = { miraklUrl: servers[0].url, stripeUrl: servers[1].url }
  const world = { clock, faults, mirakl, stripe, week, ...urls }
  const control = await listen(serveWorldControl(world), options.controlPort)
  const stop = runWithRealTime(clock, options.speed ?? 0)
  const served: ServedSandbox = {
    ...urls,
    controlUrl: control.url,
    mailbox,
    clock,
    faults,
    mirakl,
    stripe,
    stage,
    sendWebhooks: targets => sendWebhooks(stripe, targets),
    async close() {
      stop()
      await Promise.all([...servers, control, mailbox].map(server => server.close()))
    },
  }
  if (options.webhooks !== undefined) served.sendWebhooks(options.webhooks)
  return served
}

function sendWebhooks(stripe: StripeSandbox, targets: WebhookTargets): void {
  stripe.addWebhook({ url: targets.operatorUrl, secret: targets.operatorSecret, connect: false })
  stripe.addWebhook({ url: targets.sellersUrl, secret: targets.sellersSecret, connect: true })
}
