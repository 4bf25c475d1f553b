import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../src/app/config.ts'
import { runNow } from '../../src/app/run-now.ts'
import { openApp } from '../../src/app/wiring.ts'
import { readCheckpoint } from '../../src/store/checkpoints.ts'
import { type CliMarketplace, openMarketplace } from './marketplace.ts'

/** A dead Mirakl or Stripe: shown, quickly left alone, and nothing is lost. */

let market: CliMarketplace
const purchases = 200

beforeAll(async () => {
  market = await openMarketplace()
  const shop = market.mirakl.addShop({ name: 'Atelier Nord' })
  await run('onboard-sellers')
  for (const account of (await market.stripe.accounts.list()).data) {
    market.stripeSandbox.completeOnboarding(account.id)
  }
  await run('onboard-sellers')
  for (let number = 1; number <= purchases; number += 1) {
    await market.stripe.paymentIntents.create({
      amount: 1000,
      currency: 'eur',
      payment_method: 'pm_card_bypassPending',
      confirm: true,
      metadata: { mirakl_commercial_order_id: `P-${number}` },
    })
    const [order = ''] = market.mirakl.placePurchase({
      commercialId: `P-${number}`,
      orders: [{ shopId: shop, lines: [{ price: '10', commission: '1' }] }],
    })
    market.mirakl.acceptOrder(order)
  }
  await run('validate-payments')
}, 180_000)
afterAll(() => market.close())

async function run(
  job: 'onboard-sellers' | 'validate-payments' | 'split-payments',
  changes: Record<string, string> = {},
) {
  await market.clock.advance(1000)
  const app = await openApp(readConfig({ ...market.variables, ...changes }))
  try {
    return await runNow(app, { job, mode: 'move' })
  } finally {
    await app.close()
  }
}

/** An address where nobody listens any more: connections are refused. */
async function deadAddress(): Promise<string> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  await new Promise(resolve => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

async function counts(): Promise<Record<string, number>> {
  const rows = await market.database.queries
    .selectFrom('movements')
    .select(({ fn }) => ['status', fn.countAll<bigint>().as('count')])
    .where('kind', '=', 'transfer')
    .groupBy('status')
    .execute()
  return Object.fromEntries(rows.map(row => [row.status, Number(row.count)]))
}

const ordersCheckpoint = () => readCheckpoint(market.database.queries, 'test', 'orders')

test('a dead Stripe: the run ends soon, little is in doubt, and all of it moves once later', async () => {
  const dead = await run('split-payments', { STRIPE_API_BASE: await deadAddress() })
  expect(dead).toMatchObject({ succeeded: 0, failed: 0 })
  const inDoubt = await counts()
  // One claim is on its way when the breaker opens; nothing is ever called not sent.
  expect(inDoubt['submitted'] ?? 0).toBeLessThanOrEqual(64)
  expect((inDoubt['pending'] ?? 0) + (inDoubt['on_hold'] ?? 0)).toBeGreaterThanOrEqual(
    purchases - 64,
  )
  const { rows } = await market.database.pool.query(`select name, state, problem from outsides`)
  expect(rows).toContainEqual({ name: 'stripe', state: 'open', problem: 'ECONNREFUSED' })
  expect(rows).toContainEqual({ name: 'mirakl', state: 'closed', problem: null })
  const shown = await market.tributary(['status'])
  expect(shown.stdout).toContain('stripe does not answer since')

  await market.database.queries
    .updateTable('movements')
    .set({ lease_until: new Date(0) })
    .where('status', '=', 'submitted')
    .execute()
  const report = await run('split-payments')
  expect(report).toMatchObject({ failed: 0, error: null })
  expect(await counts()).toEqual({ succeeded: purchases })
  expect(market.stripeSandbox.books().totals['eur']).toMatchObject({
    transferred: purchases * 900,
  })
  expect(JSON.parse((await market.tributary(['status', '--json'])).stdout)).toMatchObject({
    outsides: [
      { name: 'mirakl', state: 'closed' },
      { name: 'stripe', state: 'closed' },
    ],
  })
}, 180_000)

test('a dead Mirakl: nothing is read, the checkpoint stays, and the next run goes on', async () => {
  const before = await ordersCheckpoint()
  const report = await run('split-payments', { MIRAKL_HOST_NAME: await deadAddress() })
  expect(report.error).toContain('Mirakl could not be reached')
  expect(await ordersCheckpoint()).toEqual(before)
  const { rows } = await market.database.pool.query(
    `select state from outsides where name = 'mirakl'`,
  )
  expect(rows).toHaveLength(1)
  expect(await run('split-payments')).toMatchObject({ error: null })
})
