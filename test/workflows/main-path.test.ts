import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

describe('one EUR order from PA11 to the seller’s bank account', () => {
  test('is validated, captured, split, paid out and confirmed', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller({ name: 'Atelier Nord' })
    await lab.pay('ORD-1', 10_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'ORD-1',
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [{ price: '100.00', commission: '10.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    await lab.receive()

    const validated = await lab.run('validate-payments')
    expect(validated).toMatchObject({
      planned: 1,
      sent: 1,
      succeeded: 1,
      failed: 0,
      confirmed: 1,
      error: null,
    })
    const split = await lab.run('split-payments')
    expect(split).toMatchObject({ planned: 1, sent: 1, succeeded: 1, failed: 0, error: null })

    await lab.clock.advance(3 * 24 * 3600 * 1000)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T00:00:00Z' })
    const settled = await lab.run('settle-sellers')
    expect(settled).toMatchObject({ planned: 1, sent: 1, accepted: 1, failed: 0, error: null })

    await lab.clock.advance(3 * 24 * 3600 * 1000)
    const landed = await lab.run('settle-sellers')
    expect(landed).toMatchObject({ succeeded: 1, confirmed: 1, error: null })

    const movements = (await lab.movements()).map(each => [each.kind, each.status, each.amount])
    expect(movements).toEqual([
      ['payout', 'succeeded', 9_000n],
      ['transfer', 'succeeded', 9_000n],
      ['capture', 'succeeded', 10_000n],
    ])
    expect(lab.stripe.books().totals['eur'] ?? lab.stripe.books().totals['EUR']).toMatchObject({
      captured: 10_000,
      transferred: 9_000,
      paidOut: 9_000,
    })
    // Stripe's fee of the sale: 1.65 EUR.
    await lab.run('read-books')
    expect(await lab.auditLedger()).toEqual([])
    expect(await lab.openEscrows()).toEqual({})
    expect(await lab.balances()).toEqual({
      customer: -10_000n,
      commission: 835n,
      provider_fees: 165n,
      [`bank:${shop}`]: 9_000n,
    })
  })
})
