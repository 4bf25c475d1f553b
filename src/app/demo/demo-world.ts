import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { weekStart } from '../../sandbox/scenario/week.ts'
import { type ServedSandbox, serveSandbox } from '../../sandbox/serve.ts'
import type { Log } from '../../workflows/work.ts'
import { readConfig } from '../config.ts'
import { type Running, serve } from '../serve.ts'
import { type App, openApp } from '../wiring.ts'
import { disturbWebhooks, networkFaults } from './demo-faults.ts'

/** Tributary and the simulated world around it, all in this program and over real HTTP. */
export interface DemoWorld {
  readonly app: App
  readonly running: Running
  readonly sandbox: ServedSandbox
  /** Where the status page is. */
  readonly url: string
  close(): Promise<void>
}

export interface DemoWorldOptions {
  readonly seed: number
  /** Without faults of the network and of the webhooks. */
  readonly calm: boolean
  /** Of the status page; 0 takes any free one, and so does one that is taken. */
  readonly port: number
  readonly log: Log
}

const operatorSecret = 'whsec_demo_operator'
const sellersSecret = 'whsec_demo_sellers'

/** Starts everything anew: an empty database in a temporary folder, and a world on its first morning. */
export async function openDemoWorld(options: DemoWorldOptions): Promise<DemoWorld> {
  const home = mkdtempSync(join(tmpdir(), 'tributary-demo-'))
  const closings: (() => unknown)[] = [() => rmSync(home, { recursive: true, force: true })]
  const close = async () => {
    for (const closing of closings.splice(0).toReversed()) await closing()
  }
  try {
    const faults = options.calm ? [] : networkFaults
    const sandbox = await serveSandbox({ seed: options.seed, start: weekStart, faults })
    closings.push(() => sandbox.close())
    const port = await freePort(options.port)
    const url = `http://127.0.0.1:${port}`
    const config = readConfig(variablesOf(sandbox, home, url))
    const app = await openApp(config, { clock: sandbox.clock, log: options.log })
    closings.push(() => app.close())
    const running = await serve(app, {
      works: true,
      listens: true,
      port,
      host: '127.0.0.1',
      publicStatus: true,
      mailboxUrl: sandbox.mailbox.url,
      // The demo runs the jobs by its own clock; webhooks wake their job up as always.
      schedules: false,
    })
    closings.push(() => running.stop())
    sandbox.sendWebhooks({
      operatorUrl: `${url}/api/public/webhook/operator`,
      operatorSecret,
      sellersUrl: `${url}/api/public/webhook/sellers`,
      sellersSecret,
    })
    if (!options.calm) disturbWebhooks(sandbox.stripe)
    return { app, running, sandbox, url, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Exactly what a person would write into the environment to use the simulators. */
function variablesOf(sandbox: ServedSandbox, home: string, url: string): Record<string, string> {
  return {
    TRIBUTARY_HOME: home,
    PUBLIC_URL: url,
    MIRAKL_HOST_NAME: sandbox.miraklUrl,
    MIRAKL_API_KEY: 'demo-operator-key',
    STRIPE_API_BASE: sandbox.stripeUrl,
    STRIPE_CLIENT_SECRET: 'sk_test_demo',
    STRIPE_OPERATOR_WEBHOOK_SECRET: operatorSecret,
    STRIPE_SELLERS_WEBHOOK_SECRET: sellersSecret,
    // A simulator has no limits to keep to, unless it is told to have them.
    STRIPE_REQUESTS_PER_SECOND: '0',
    ENABLE_SELLER_ONBOARDING: 'true',
    ENABLE_PRODUCT_PAYMENT_SPLIT: 'true',
    ENABLE_PRODUCT_PAYMENT_REFUND: 'true',
    ENABLE_SERVICE_PAYMENT_SPLIT: 'true',
    ENABLE_SERVICE_PAYMENT_REFUND: 'true',
    // Taken back as soon as a payment is disputed; given back when the dispute is won.
    TRIBUTARY_DISPUTES: 'reverse',
    TRIBUTARY_NEGATIVE_CYCLES: 'tributary',
    MAILER_DSN: sandbox.mailbox.dsn,
    TECHNICAL_ALERT_EMAIL: 'payments@market.example',
    TECHNICAL_ALERT_EMAIL_FROM: 'Tributary <tributary@market.example>',
  }
}

/**
 * The wanted port, or any other one when it is taken. It must be known before the server that
 * listens on it: our own links name it.
 */
async function freePort(wanted: number): Promise<number> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', resolve)
    })
  } catch (error) {
    if (wanted === 0) throw error
    return freePort(0)
  }
  const { port } = server.address() as AddressInfo
  await new Promise<void>(resolve => server.close(() => resolve()))
  return port
}
