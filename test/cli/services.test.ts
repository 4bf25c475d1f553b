import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliMarketplace, openMarketplace } from './marketplace.ts'

/** An old crontab on a marketplace that sells services. */

let market: CliMarketplace
let kept: string
let refused: string
const enable = { ENABLE_SERVICE_PAYMENT_SPLIT: 'true' }

beforeAll(async () => {
  market = await openMarketplace()
  const shopId = market.mirakl.addShop({ name: 'Atelier Nord' })
  await market.stripe.paymentIntents.create({
    amount: 13_000,
    currency: 'eur',
    capture_method: 'manual',
    payment_method: 'pm_card_bypassPending',
    confirm: true,
    metadata: { mirakl_commercial_order_id: 'SRV-1' },
  })
  const service = { commercialId: 'SRV-1', shopId, currency: 'EUR', commission: '8.00' }
  kept = market.mirakl.placeServiceOrder({ ...service, price: '80.00' })
  refused = market.mirakl.placeServiceOrder({ ...service, price: '50.00' })
  market.mirakl.acceptServiceOrder(kept)
})
afterAll(() => market.close())

async function json(...args: string[]) {
  const ended = await market.tributary([...args, '--json'], enable)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(ended.stdout) as Record<string, unknown>
}

it('confirms, waits for the other service, captures what is kept, and explains each', async () => {
  expect(await json('run', 'validate-payments', '--dry-run')).toMatchObject({ sent: 0 })
  const old = await market.tributary(['run', 'connector:validate:pending-debit', '-q'], enable)
  expect(old).toMatchObject({ code: 0, stdout: '', stderr: '' })
  expect(await json('explain', 'order', kept)).toMatchObject({
    facts: { total: '8000' },
    plans: [{ kind: 'capture', reason: { code: 'order_not_decided' } }, { kind: 'transfer' }],
    confirmations: [{ kind: 'debit', says: 'paid', status: 'succeeded', amount: '8000' }],
  })
  expect(await json('status')).toMatchObject({ movements: { capture: { on_hold: 1 } } })
  market.mirakl.refuseServiceOrder(refused)
  expect(await json('run', 'connector:validate:pending-debit')).toMatchObject({ succeeded: 1 })
  expect(await json('status')).toMatchObject({ totals: { EUR: { captured: '8000' } } })
  expect(await json('run', 'connector:dispatch:process-transfer')).toMatchObject({
    holds: { seller_unknown: 1 },
  })
})
