import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { openShop, purchaseTotals, sellOne } from './refund-shop.ts'

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

  test('a transfer refused because a refund came first is sent for what is left', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-LATE', { lines: 2, minor: 20_000 })
    lab.faults.add({ side: 'stripe', kind: 'cut_before', method: 'POST', path: '/v1/transfers' })
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${order}-1`)
    await lab.run('refund-payments')
    lab.faults.clear()
    await lab.clock.advance(10 * 60 * 1000)
    await lab.run('split-payments')
    await lab.clock.advance(10 * 60 * 1000)
    await lab.run('split-payments')
    const transfers = await lab.movements('transfer')
    expect(transfers.map(each => [each.status, each.amount])).toEqual([['succeeded', 9_000n]])
    expect(purchaseTotals(lab)).toMatchObject({ transferred: 9_000, reversed: 0 })
  })

  test('an order that may have been told as paid is captured near the end too', async () => {
    const { lab, shop } = await openShop(database, {
      settings: { nearExpiry: 'capture_confirmed' },
    })
    await lab.pay('P-END', 5_000)
    const [first = '', second = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-END',
      currency: 'EUR',
      orders: [
        { shopId: shop, lines: [{ price: '30.00', commission: '3.00' }] },
        { shopId: shop, lines: [{ price: '20.00', commission: '2.00' }] },
      ],
    })
    lab.mirakl.acceptOrder(first)
    await lab.receive()
    await lab.run('validate-payments')
    await lab.clock.advance(6 * 24 * 3600 * 1000)
    lab.mirakl.acceptOrder(second)
    lab.faults.add({ side: 'mirakl', kind: 'cut_before', method: 'PUT' })
    await lab.run('validate-payments')
    lab.faults.clear()
    await lab.clock.advance(10 * 60 * 1000)
    await lab.run('validate-payments')
    expect(purchaseTotals(lab)).toMatchObject({ captured: 5_000 })
    expect(lab.mirakl.orders('P-END').map(order => order.customerDebited)).toEqual([true, true])
  })

  test('a refund behind the transfer does not make the operator pay its promotion too', async () => {
    const { lab, shop } = await openShop(database)
    await lab.pay('P-FUND', 9_500)
    const funded = { price: '50.00', commission: '10.00', fundingOperator: '5.00' }
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-FUND',
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [funded, { price: '50.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    await lab.receive()
    await lab.run('validate-payments')
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${order}-1`)
    await lab.run('refund-payments')
    await lab.clock.advance(10 * 60 * 1000)
    lab.mirakl.shipOrder(order)
    await lab.run('split-payments')
    const transfers = await lab.movements('transfer')
    expect(transfers.map(each => [each.source.part, each.status, each.amount])).toEqual([
      ['', 'succeeded', 9_000n],
    ])
  })

  test('a refund left out of a capture without an answer is not paid as well', async () => {
    const { lab, shop } = await openShop(database)
    await lab.pay('P-OUT', 5_000)
    const [first = '', second = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-OUT',
      currency: 'EUR',
      orders: [
        { shopId: shop, lines: [{ price: '20.00', commission: '2.00' }] },
        { shopId: shop, lines: [{ price: '30.00', commission: '3.00' }] },
      ],
    })
    lab.mirakl.acceptOrder(first)
    await lab.receive()
    await lab.run('validate-payments')
    lab.mirakl.openRefund(`${first}-1`)
    await lab.run('refund-payments')
    lab.mirakl.acceptOrder(second)
    lab.stripe.breakNext({ method: 'POST', path: '/capture', moved: true, times: 5 })
    await lab.run('validate-payments')
    await lab.receive()
    await lab.run('refund-payments')
    for (let round = 0; round < 3; round += 1) {
      await lab.clock.advance(2 * 3600 * 1000)
      await lab.run('validate-payments')
      await lab.run('refund-payments')
    }
    expect(purchaseTotals(lab)).toMatchObject({ captured: 3_000, refunded: 0 })
  })
})
