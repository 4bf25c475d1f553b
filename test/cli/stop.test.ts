import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliMarketplace, openMarketplace, startCommand } from './marketplace.ts'

/** Ctrl-C ends a run after the movements under way; the next run goes on where it stopped. */

let market: CliMarketplace
const purchases = 90

beforeAll(async () => {
  market = await openMarketplace()
  const shop = market.mirakl.addShop({ name: 'Atelier Nord' })
  await market.tributary(['run', 'onboard-sellers', '-q'])
  const account = (await market.stripe.accounts.list()).data[0]?.id ?? ''
  market.stripeSandbox.completeOnboarding(account)
  await market.tributary(['run', 'onboard-sellers', '-q'])
  for (let number = 1; number <= purchases; number += 1) {
    const commercialId = `P-${number}`
    await market.stripe.paymentIntents.create({
      amount: 1000,
      currency: 'eur',
      payment_method: 'pm_card_bypassPending',
      confirm: true,
      metadata: { mirakl_commercial_order_id: commercialId },
    })
    const lines = [{ price: '10', commission: '1' }]
    const [order = ''] = market.mirakl.placePurchase({
      commercialId,
      orders: [{ shopId: shop, lines }],
    })
    market.mirakl.acceptOrder(order)
  }
  await market.tributary(['run', 'validate-payments', '-q'])
})
afterAll(() => market.close())

describe('Ctrl-C', () => {
  it('stops a run, says what is left, and nothing is lost or moved twice', async () => {
    // Slow enough that the signal arrives in the middle: ten calls a second.
    const slow = { ...market.variables, STRIPE_REQUESTS_PER_SECOND: '10' }
    const { child, ended } = startCommand(['run', 'split-payments', '--json'], slow)
    await expect
      .poll(async () => (await market.stripe.transfers.list()).data.length, { timeout: 20_000 })
      .toBeGreaterThan(0)
    child.kill('SIGINT')
    const { code, stdout, stderr } = await ended
    const report = JSON.parse(stdout) as { sent: number; succeeded: number }
    expect({ code, stopped: stderr.includes('"leftToSend":') }).toEqual({ code: 0, stopped: true })
    expect(report.succeeded).toBe(report.sent)
    expect(report.sent).toBeLessThan(purchases)

    const rest = await market.tributary(['run', 'split-payments', '--json'])
    expect(JSON.parse(rest.stdout)).toMatchObject({ succeeded: purchases - report.sent })
    const transfers = await market.stripe.transfers.list({ limit: 100 })
    const orders = transfers.data.map(each => each.transfer_group)
    expect(new Set(orders).size).toBe(purchases)
    expect(orders).toHaveLength(purchases)
  })
})
