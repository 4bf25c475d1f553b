import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { openShop, refundRows, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

describe('refund 30 with 3 of the commission', () => {
  test('after the split: refund, PA02 and reversal in one run', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
    const report = await lab.run('refund-payments')
    // The platform kept only its commission: the refund waits there for what the seller gives back.
    const counts = { sent: 2, accepted: 1, succeeded: 1, confirmed: 1, failed: 0 }
    expect(report).toMatchObject({ error: null, ...counts })
    await lab.receive()
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['reversal', id, 2_700n, 'succeeded', null],
    ])
    expect(lab.stripe.books().totals['eur']).toMatchObject({
      captured: 10_000,
      refunded: 3_000,
      transferred: 9_000,
      reversed: 2_700,
    })
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toHaveLength(2)
  })
})
