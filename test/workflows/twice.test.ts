import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 20 })
})
afterAll(() => database.close())

async function threePurchases(lab: Laboratory): Promise<void> {
  const first = await lab.openSeller()
  const second = await lab.openSeller()
  for (const purchase of ['P-1', 'P-2', 'P-3']) {
    await lab.pay(purchase, 5_000)
    const orders = lab.mirakl.placePurchase({
      commercialId: purchase,
      currency: 'EUR',
      orders: [
        { shopId: first, lines: [{ price: '30.00', commission: '3.00' }] },
        { shopId: second, lines: [{ price: '20.00', commission: '2.00' }] },
      ],
    })
    for (const order of orders) lab.mirakl.acceptOrder(order)
  }
  await lab.receive()
}

describe('running any job twice, or several at once', () => {
  test('moves nothing twice', async () => {
    const lab = await openLaboratory(database)
    await threePurchases(lab)
    const atOnce = (job: Parameters<Laboratory['run']>[0]) =>
      Promise.all([lab.run(job), lab.run(job), lab.run(job)])
    const validated = await atOnce('validate-payments')
    expect(validated.map(report => report.error)).toEqual([null, null, null])
    await lab.run('validate-payments')
    await atOnce('split-payments')
    await lab.run('split-payments')
    await lab.clock.advance(3 * 24 * 3600 * 1000)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T00:00:00Z' })
    await atOnce('settle-sellers')
    await lab.run('settle-sellers')
    const kinds = (await lab.movements()).map(each => each.kind)
    expect(kinds.filter(kind => kind === 'capture')).toHaveLength(3)
    expect(kinds.filter(kind => kind === 'transfer')).toHaveLength(6)
    expect(kinds.filter(kind => kind === 'payout')).toHaveLength(2)
    expect(lab.stripe.books().totals['eur']).toMatchObject({
      captured: 15_000,
      transferred: 13_500,
      paidOut: 13_500,
    })
  })

  test('a dry run and a shadow run move nothing and write no decision', async () => {
    const lab = await openLaboratory(database)
    await threePurchases(lab)
    const before = lab.calls.stripe.filter(call => call.startsWith('POST')).length
    for (const mode of ['dry_run', 'shadow'] as const) {
      await lab.run('validate-payments', { mode })
      await lab.run('split-payments', { mode })
      await lab.run('settle-sellers', { mode })
      await lab.run('onboard-sellers', { mode })
    }
    expect(lab.calls.stripe.filter(call => call.startsWith('POST'))).toHaveLength(before)
    expect(lab.calls.mirakl.filter(call => call.startsWith('PUT /api/payment'))).toEqual([])
    expect(await lab.movements()).toEqual([])
  })
})

describe('the first day on a live marketplace', () => {
  test('a live environment without a start date moves nothing', async () => {
    const lab = await openLaboratory(database, { mode: 'live' })
    await threePurchases(lab)
    await lab.run('validate-payments')
    const report = await lab.run('split-payments')
    expect(report).toMatchObject({ planned: 0, sent: 0, holds: { no_start_date: 6 } })
    expect(lab.stripe.books().totals['eur']?.captured ?? 0).toBe(0)
  })

  test('what is older than the start date is shown and not moved', async () => {
    const lab = await openLaboratory(database, {
      mode: 'live',
      startDate: new Date('2026-11-03T00:00:00Z'),
    })
    await threePurchases(lab)
    await lab.clock.moveTo(new Date('2026-11-03T08:00:00Z'))
    const shop = await lab.openSeller()
    await lab.pay('P-NEW', 1_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-NEW',
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [{ price: '10.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    await lab.receive()
    await lab.run('validate-payments')
    await lab.run('split-payments')
    const moved = (await lab.movements()).filter(each => each.status === 'succeeded')
    expect(moved.map(each => each.parties.purchaseId)).toEqual(['P-NEW', 'P-NEW'])
    expect(lab.stripe.books().totals['eur']).toMatchObject({ captured: 1_000, transferred: 1_000 })
  })
})
