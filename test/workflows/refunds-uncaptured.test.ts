import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, purchaseTotals, refundRows, toldRefunds } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000

/**
 * A purchase of 100.00 and 50.00 from two sellers. The first has accepted and was confirmed to the
 * marketplace; the second is undecided, so the payment is authorised and not captured.
 */
async function halfDecided(lab: Laboratory, first: number) {
  const second = await lab.openSeller()
  const intent = await lab.pay('P-1', 15_000)
  const [kept = '', undecided = ''] = lab.mirakl.placePurchase({
    commercialId: 'P-1',
    currency: 'EUR',
    orders: [
      { shopId: first, lines: [{ price: '100.00', commission: '10.00' }] },
      { shopId: second, lines: [{ price: '50.00', commission: '5.00' }] },
    ],
  })
  lab.mirakl.acceptOrder(kept)
  await lab.receive()
  await lab.run('validate-payments')
  return { kept, undecided, intent }
}

describe('defect 23: a refund before the capture', () => {
  test('of one order keeps the authorisation of the others: the capture is smaller', async () => {
    const { lab, shop } = await openShop(database)
    const { kept, undecided, intent } = await halfDecided(lab, shop)
    const id = lab.mirakl.openRefund(`${kept}-1`, { amount: '30.00', commission: '3.00' })
    const report = await lab.run('refund-payments')
    expect(report).toMatchObject({ error: null, sent: 0, confirmed: 1, failed: 0 })
    expect(await toldRefunds(lab)).toEqual([[id, 'paid', 'succeeded', null, intent.id]])
    expect((await lab.sdk.paymentIntents.retrieve(intent.id)).status).toBe('requires_capture')

    lab.mirakl.acceptOrder(undecided)
    await lab.clock.advance(5 * minute)
    await lab.run('validate-payments')
    await lab.run('refund-payments')
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect(await lab.movements('capture')).toMatchObject([
      { amount: 12_000n, status: 'succeeded', facts: { askedBack: [id] } },
    ])
    const transfers = (await lab.movements('transfer')).map(each => [each.source.id, each.amount])
    expect(new Map(transfers as [string, bigint][])).toEqual(
      new Map([
        [kept, 6_300n],
        [undecided, 4_500n],
      ]),
    )
    expect(await refundRows(lab)).toEqual([])
    expect(purchaseTotals(lab)).toMatchObject({ captured: 12_000, refunded: 0, reversed: 0 })
    expect(await lab.openRefunds()).toEqual([])
  })

  test('of all that one order has: the other one is captured and paid', async () => {
    const { lab, shop } = await openShop(database)
    const { kept, undecided } = await halfDecided(lab, shop)
    lab.mirakl.openRefund(`${kept}-1`)
    await lab.run('refund-payments')
    lab.mirakl.acceptOrder(undecided)
    await lab.clock.advance(5 * minute)
    await lab.run('validate-payments')
    await lab.run('split-payments')
    expect(purchaseTotals(lab)).toMatchObject({ captured: 5_000, refunded: 0, transferred: 4_500 })
  })

  test('of all that is left: the payment is voided', async () => {
    const { lab, shop } = await openShop(database)
    const { kept, undecided, intent } = await halfDecided(lab, shop)
    const id = lab.mirakl.openRefund(`${kept}-1`)
    await lab.run('refund-payments')
    lab.mirakl.refuseOrder(undecided)
    await lab.clock.advance(5 * minute)
    await lab.run('validate-payments')
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect((await lab.sdk.paymentIntents.retrieve(intent.id)).status).toBe('canceled')
    expect((await lab.movements('void')).map(each => each.status)).toEqual(['succeeded'])
    expect(await toldRefunds(lab)).toEqual([[id, 'paid', 'succeeded', null, intent.id]])
    expect(await refundRows(lab)).toEqual([])
  })

  test('that a capture at the same time did not know of is paid from the captured money', async () => {
    const { lab, shop } = await openShop(database)
    const { kept, undecided, intent } = await halfDecided(lab, shop)
    const id = lab.mirakl.openRefund(`${kept}-1`, { amount: '30.00', commission: '3.00' })
    await lab.run('refund-payments')
    // The capture was decided a moment before the refund was written down.
    await database.queries
      .updateTable('marketplace_refunds')
      .set({ released_by: null })
      .where('environment_id', '=', lab.environment.id)
      .execute()
    lab.mirakl.acceptOrder(undecided)
    await lab.clock.advance(5 * minute)
    await lab.run('validate-payments')
    await database.queries
      .updateTable('marketplace_refunds')
      .set({ released_by: intent.id, open: true })
      .where('environment_id', '=', lab.environment.id)
      .execute()
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([['refund', id, 3_000n, 'succeeded', null]])
    expect(await toldRefunds(lab)).toHaveLength(1)
    await lab.run('split-payments')
    expect(purchaseTotals(lab)).toMatchObject({ captured: 15_000, refunded: 3_000 })
    expect((await lab.movements('transfer')).map(each => each.amount)).toContain(6_300n)
  })
})

describe('a payment captured up front', () => {
  test('with a refused order and a refund: each goes back once', async () => {
    const { lab, shop } = await openShop(database)
    const second = await lab.openSeller()
    await lab.pay('P-1', 15_000, { capture_method: 'automatic' })
    const [kept = '', gone = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: [
        { shopId: shop, lines: [{ price: '100.00', commission: '10.00' }] },
        { shopId: second, lines: [{ price: '50.00', commission: '5.00' }] },
      ],
    })
    lab.mirakl.acceptOrder(kept)
    lab.mirakl.refuseOrder(gone)
    await lab.receive()
    await lab.run('validate-payments')
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${kept}-1`, { amount: '30.00', commission: '3.00' })
    await lab.run('refund-payments')
    await lab.receive()
    await lab.clock.advance(5 * minute)
    await lab.run('validate-payments')
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['reversal', id, 2_700n, 'succeeded', null],
    ])
    expect(purchaseTotals(lab)).toMatchObject({ refunded: 8_000, reversed: 2_700 })
  })
})
