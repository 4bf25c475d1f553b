import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { createTally } from '../../src/workflows/tally.ts'
import { openTestDatabase } from '../database.ts'
import { openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

test('a shadow run compares what it would move with what somebody else has moved', async () => {
  const lab = await openLaboratory(database)
  const shop = await lab.openSeller()
  const account = await lab.accountOf(shop)
  const charges = new Map<string, string>()
  for (const purchase of ['P-SAME', 'P-LESS', 'P-NONE']) {
    const intent = await lab.pay(purchase, 1_000)
    charges.set(purchase, typeof intent.latest_charge === 'string' ? intent.latest_charge : '')
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: purchase,
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [{ price: '10.00', commission: '1.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
  }
  await lab.receive()
  await lab.run('validate-payments')
  // The old connector beside us: one transfer as ours would be, one too small, one missing.
  const old = (purchase: string, amount: number) =>
    lab.sdk.transfers.create({
      amount,
      currency: 'eur',
      destination: account,
      source_transaction: charges.get(purchase) ?? '',
      metadata: { miraklId: `${purchase}-A`, miraklShopId: String(shop) },
    })
  await old('P-SAME', 900)
  await old('P-LESS', 800)
  const tally = createTally()
  const report = await lab.run('split-payments', { mode: 'shadow', tally })
  const rows = report.previews.map(each => [each.source, each.seen?.amount ?? null, each.agrees])
  expect(rows.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
    ['order P-LESS-A', '800', false],
    ['order P-NONE-A', null, false],
    ['order P-SAME-A', '900', true],
  ])
  expect(await lab.movements('transfer')).toEqual([])
  expect(lab.stripe.books().totals['eur']?.transferred).toBe(1_700)
})
