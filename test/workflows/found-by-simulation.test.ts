import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { openShop } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

// Each of these was a seed of test/simulation first.
describe('what the simulation found', () => {
  test('a refunded order of a purchase does not keep another one from being confirmed', async () => {
    const { lab, shop } = await openShop(database)
    const other = await lab.openSeller()
    await lab.pay('P-UP', 5_000, { capture_method: 'automatic' })
    const [first = '', second = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-UP',
      currency: 'EUR',
      orders: [
        { shopId: shop, lines: [{ price: '30.00', commission: '3.00' }] },
        { shopId: other, lines: [{ price: '20.00', commission: '2.00' }] },
      ],
    })
    lab.mirakl.acceptOrder(first)
    await lab.receive()
    await lab.run('validate-payments')
    lab.mirakl.openRefund(`${first}-1`)
    await lab.run('refund-payments')
    await lab.receive()
    lab.mirakl.acceptOrder(second)
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 1, holds: {} })
  })
})
