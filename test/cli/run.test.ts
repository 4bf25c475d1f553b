import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliMarketplace, openMarketplace } from './marketplace.ts'

/** One EUR order from PA11 to the seller's bank account, by `tributary run` alone. */

let market: CliMarketplace
let shop: number
let account: string

beforeAll(async () => {
  market = await openMarketplace()
  shop = market.mirakl.addShop({ name: 'Atelier Nord' })
})
afterAll(() => market.close())

async function run(job: string, ...more: string[]) {
  const ended = await market.tributary(['run', job, '--json', ...more])
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(ended.stdout) as Record<string, unknown>
}

describe('one order, by run alone', () => {
  it('onboards the seller', async () => {
    expect(await run('onboard-sellers')).toMatchObject({ job: 'onboard-sellers', error: null })
    const accounts = await market.stripe.accounts.list()
    account = accounts.data[0]?.id ?? ''
    expect(account).toMatch(/^acct_/)
    market.stripeSandbox.completeOnboarding(account)
    await run('onboard-sellers', '--shop', String(shop))
  })

  it('places and authorises the order', async () => {
    await market.stripe.paymentIntents.create({
      amount: 1999,
      currency: 'eur',
      capture_method: 'manual',
      payment_method: 'pm_card_bypassPending',
      confirm: true,
      metadata: { mirakl_commercial_order_id: 'P-1' },
    })
    const lines = [{ price: '19.99', commission: '2' }]
    const [order = ''] = market.mirakl.placePurchase({
      commercialId: 'P-1',
      orders: [{ shopId: shop, lines }],
    })
    market.mirakl.acceptOrder(order)
  })

  it('confirms the debit and captures', async () => {
    expect(await run('validate-payments')).toMatchObject({ planned: 1, succeeded: 1, confirmed: 1 })
  })

  it('shows a split without moving anything', async () => {
    const dry = await run('split-payments', '--dry-run')
    expect(dry).toMatchObject({ mode: 'dry_run', planned: 1, sent: 0, succeeded: 0 })
    expect(dry['previews']).toMatchObject([{ kind: 'transfer', amount: '1799', currency: 'EUR' }])
    expect((await market.stripe.transfers.list()).data).toEqual([])
  })

  it('transfers once, however often it runs', async () => {
    const both = await Promise.all([
      run('split-payments'),
      run('connector:dispatch:process-transfer'),
    ])
    const sent = both.map(report => Number(report['sent'])).reduce((a, b) => a + b, 0)
    expect(sent).toBe(1)
    const transfers = (await market.stripe.transfers.list()).data
    expect(transfers).toMatchObject([{ amount: 1799, currency: 'eur', destination: account }])
    expect(await run('split-payments')).toMatchObject({ planned: 0, sent: 0 })
  })

  it('pays the seller out and tells the marketplace', async () => {
    const [order] = market.mirakl.orders('P-1')
    market.mirakl.shipOrder(order?.orderId ?? '')
    market.mirakl.receiveOrder(order?.orderId ?? '')
    const end = new Date(market.clock.now().getTime() + 1000)
    const start = new Date(end.getTime() - 86_400_000)
    market.mirakl.closeCycle({ shopIds: [shop], start, end })
    expect(await run('settle-sellers')).toMatchObject({ holds: { balance_pending: 1 }, sent: 0 })
    await market.clock.advance(3 * 86_400_000)
    const paid = await run('settle-sellers')
    expect(paid).toMatchObject({ sent: 1, accepted: 1, failed: 0 })
    const payouts = await market.stripe.payouts.list({}, { stripeAccount: account })
    expect(payouts.data).toMatchObject([{ amount: 1799, currency: 'eur' }])
    expect(await run('settle-sellers')).toMatchObject({ planned: 0, sent: 0 })
    // The bank takes days.
    await market.clock.advance(5 * 86_400_000)
    expect(await run('settle-sellers')).toMatchObject({ succeeded: 1, confirmed: 1 })
  })
})
