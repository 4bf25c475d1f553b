import { weekStart } from '../../sandbox/scenario/week.ts'
import { serveSandbox } from '../../sandbox/serve.ts'
import type { Log } from '../../workflows/work.ts'
import { readConfig } from '../config.ts'
import { openApp } from '../wiring.ts'
import { variablesOf } from './demo-variables.ts'
import type { DemoWorld } from './demo-world.ts'

/** Days of its week that the second company plays: enough for splits, refunds and open disputes. */
export const daysOfSecondCompany = 3

/**
 * Another company in the same database, with a Mirakl and a Stripe of its own, which keeps the taxes
 * of its sellers apart. Nobody sends it webhooks: everything is found by asking.
 */
export async function openSecondCompany(
  first: DemoWorld,
  options: { readonly seed: number; readonly log: Log },
): Promise<DemoWorld> {
  const sandbox = await serveSandbox({ seed: options.seed, start: weekStart })
  try {
    const { stripeApi, stripe, mirakl } = sandbox.stage
    mirakl.changeSettings({ operatorRemitsTaxes: true })
    const made = await stripeApi.post('/v1/accounts', { type: 'express', country: 'FR' })
    const taxAccount = String(made.body['id'])
    stripe.completeOnboarding(taxAccount)
    const config = readConfig({
      ...variablesOf(sandbox, first.home, first.url),
      TRIBUTARY_COMPANY: 'atelier',
      ENABLE_PAYMENT_TAX_SPLIT: 'true',
      TRIBUTARY_TAX_SPLIT_SHIPPING: 'true',
      STRIPE_TAX_ACCOUNT: taxAccount,
    })
    const app = await openApp(config, { clock: sandbox.clock, log: options.log })
    return {
      app,
      sandbox,
      url: first.url,
      home: first.home,
      taxAccount,
      async close() {
        await app.close()
        await sandbox.close()
      },
    }
  } catch (error) {
    await sandbox.close()
    throw error
  }
}
