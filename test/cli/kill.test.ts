import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CliMarketplace, openMarketplace, startCommand } from './marketplace.ts'

let market: CliMarketplace
beforeAll(async () => {
  market = await openMarketplace()
})
afterAll(() => market.close())

const orders = 60

async function prepare(): Promise<void> {
  const shop = market.mirakl.addShop({ name: 'Atelier Nord' })
  await market.tributary(['run', 'onboard-sellers', '--json'])
  const accounts = await market.stripe.accounts.list()
  market.stripeSandbox.completeOnboarding(accounts.data[0]?.id ?? '')
  await market.tributary(['run', 'onboard-sellers', '--json', '--shop', String(shop)])
  await market.database.queries
    .updateTable('accounts')
    .set({ look_at: new Date(0) })
    .execute()
  await market.tributary(['run', 'onboard-sellers', '--json'])
  for (let index = 0; index < orders; index += 1) {
    await market.stripe.paymentIntents.create({
      amount: 1_000,
      currency: 'eur',
      capture_method: 'manual',
      payment_method: 'pm_card_bypassPending',
      confirm: true,
      metadata: { mirakl_commercial_order_id: `P-${index}` },
    })
    const [order = ''] = market.mirakl.placePurchase({
      commercialId: `P-${index}`,
      orders: [{ shopId: shop, lines: [{ price: '10.00', commission: '1.00' }] }],
    })
    market.mirakl.acceptOrder(order)
  }
}

/** Two programs run the same job; one is killed once the provider has been asked a few times. */
async function runAndKill(job: string, killAfter: number, moved: () => number): Promise<void> {
  const [victim, survivor] = [0, 1].map(() =>
    startCommand(['run', job, '--json'], market.variables),
  )
  const before = moved()
  const watch = setInterval(() => {
    if (moved() - before >= killAfter) victim?.child.kill('SIGKILL')
  }, 1)
  const ended = await survivor?.ended
  await victim?.ended
  clearInterval(watch)
  expect(ended?.stderr).not.toContain('duplicate key')
  // What the killed program had asked is taken up when its lease is over: now, in this test.
  await market.database.queries
    .updateTable('movements')
    .set({ lease_until: new Date(0) })
    .where('status', '=', 'submitted')
    .execute()
}

const total = (name: 'captured' | 'transferred') => () =>
  (market.stripeSandbox.books().totals['eur']?.[name] ?? 0) / 1_000

test('two programs at once, one of them killed in the middle: nothing twice, nothing lost', async () => {
  await prepare()
  await runAndKill('validate-payments', 10, total('captured'))
  await market.tributary(['run', 'validate-payments', '--json'])
  await runAndKill('split-payments', 10, total('transferred'))
  const last = await market.tributary(['run', 'split-payments', '--json'])
  expect(JSON.parse(last.stdout)).toMatchObject({ failed: 0, onHold: 0 })
  const books = market.stripeSandbox.books().totals['eur']
  expect(books).toMatchObject({ captured: orders * 1_000, transferred: orders * 900 })
  const rows = await market.database.queries
    .selectFrom('movements')
    .select(({ fn }) => ['kind', 'status', fn.countAll<bigint>().as('count')])
    .groupBy(['kind', 'status'])
    .orderBy('kind')
    .execute()
  expect(rows.map(row => [row.kind, row.status, Number(row.count)])).toEqual([
    ['capture', 'succeeded', orders],
    ['transfer', 'succeeded', orders],
  ])
}, 120_000)
