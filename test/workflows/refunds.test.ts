import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { openShop, purchaseTotals, refundRows, sellOne, toldRefunds } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute
const thirty = { amount: '30.00', commission: '3.00' }

describe('a refund of 30.00 with 3.00 of the commission', () => {
  test('after the split: refund, PA02 and reversal in one run', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    const report = await lab.run('refund-payments')
    // The platform kept only its commission: the refund waits there for what the seller gives back.
    const counts = { sent: 2, accepted: 1, succeeded: 1, confirmed: 1, failed: 0 }
    expect(report).toMatchObject({ error: null, ...counts })
    await lab.receive()
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['reversal', id, 2_700n, 'succeeded', null],
    ])
    const totals = { captured: 10_000, refunded: 3_000, transferred: 9_000, reversed: 2_700 }
    expect(purchaseTotals(lab)).toMatchObject(totals)
    const [refund] = await lab.movements('refund')
    expect(await toldRefunds(lab)).toEqual([[id, 'paid', 'succeeded', null, refund?.providerId]])
    expect(await lab.run('refund-payments')).toMatchObject({ planned: 0, sent: 0, confirmed: 0 })
    expect(purchaseTotals(lab)).toMatchObject(totals)
  })

  test('before the split: the transfer is net of it, nothing is taken back', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    await lab.clock.advance(5 * minute)
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([['refund', id, 3_000n, 'succeeded', null]])
    const [transfer] = await lab.movements('transfer')
    expect(transfer).toMatchObject({ amount: 6_300n, status: 'succeeded' })
    expect(await lab.openRefunds()).toEqual([])
  })

  test('before the split, and Mirakl never heard of it: the transfer is net of it all the same', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    lab.faults.add({ side: 'mirakl', kind: 'error_html', method: 'PUT', path: '/payment/refund' })
    await lab.run('refund-payments')
    await lab.run('split-payments')
    expect((await lab.movements('transfer')).map(each => each.amount)).toEqual([6_300n])
    lab.faults.clear()
    await lab.clock.advance(5 * minute)
    await lab.run('refund-payments')
    expect(await toldRefunds(lab)).toMatchObject([[id, 'paid', 'succeeded', null, /^re_/]])
    expect(await refundRows(lab)).toEqual([['refund', id, 3_000n, 'succeeded', null]])
    expect(purchaseTotals(lab)).toMatchObject({ refunded: 3_000, transferred: 6_300, reversed: 0 })
  })

  test('after the payout: the reversal is held, and runs before the next payout', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T12:00:00Z' })
    await lab.run('settle-sellers')
    await lab.clock.advance(3 * day)
    await lab.run('settle-sellers')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    const report = await lab.run('refund-payments')
    expect(report).toMatchObject({ error: null, holds: { seller_balance_short: 1 }, confirmed: 1 })
    expect(await refundRows(lab)).toContainEqual([
      'reversal',
      id,
      2_700n,
      'on_hold',
      'seller_balance_short',
    ])
    // The next sale brings 90.00, of which Mirakl pays out 63.00: it nets the refund itself.
    await sellOne(lab, shop, 'P-2')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-05T12:00:00Z', end: '2026-11-30T00:00:00Z' })
    const settled = await lab.run('settle-sellers')
    expect(settled).toMatchObject({ error: null, failed: 0 })
    expect(await refundRows(lab)).toContainEqual(['reversal', id, 2_700n, 'succeeded', null])
    const payouts = await lab.movements('payout')
    expect(payouts.map(each => each.amount)).toEqual([6_300n, 9_000n])
    expect(purchaseTotals(lab)).toMatchObject({ reversed: 2_700, transferred: 18_000 })
    await lab.run('refund-payments')
    expect(await lab.openRefunds()).toEqual([])
  })
})

describe('a refund of an order whose transfer is on hold', () => {
  test('is paid, and the transfer is made net of it when the seller is ready', async () => {
    const { lab } = await openShop(database)
    const shop = lab.mirakl.addShop({ currency: 'EUR', country: 'FRA' })
    await lab.run('onboard-sellers')
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([['refund', id, 3_000n, 'succeeded', null]])
    lab.stripe.completeOnboarding(await lab.accountOf(shop))
    await lab.clock.advance(16 * minute)
    await lab.run('onboard-sellers')
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect(await lab.movements('transfer')).toMatchObject([
      { amount: 6_300n, status: 'succeeded', facts: { netted: [id] } },
    ])
    expect(await lab.movements('reversal')).toEqual([])
    expect(await lab.openRefunds()).toEqual([])
  })
})

describe('refunds in parts', () => {
  test('several on one line, one without a quantity, and on another line', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1', {
      price: '50.00',
      commission: '5.00',
      lines: 2,
    })
    await lab.run('split-payments')
    const ids = [
      lab.mirakl.openRefund(`${order}-1`, { amount: '10.00', commission: '1.00', quantity: 0 }),
      lab.mirakl.openRefund(`${order}-1`, { amount: '5.01', commission: '0.50', quantity: 1 }),
      lab.mirakl.openRefund(`${order}-2`),
    ]
    const report = await lab.run('refund-payments')
    expect(report).toMatchObject({ error: null, failed: 0, sent: 6, confirmed: 3 })
    await lab.receive()
    expect(await refundRows(lab)).toEqual([
      ['refund', ids[0], 1_000n, 'succeeded', null],
      ['refund', ids[1], 501n, 'succeeded', null],
      ['refund', ids[2], 5_000n, 'succeeded', null],
      ['reversal', ids[0], 900n, 'succeeded', null],
      ['reversal', ids[1], 451n, 'succeeded', null],
      ['reversal', ids[2], 4_500n, 'succeeded', null],
    ])
  })

  test('all of a purchase, after the split: the seller keeps nothing, nor does the operator', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${order}-1`)
    await lab.run('refund-payments')
    await lab.receive()
    expect(purchaseTotals(lab)).toMatchObject({ refunded: 10_000, reversed: 9_000 })
    const books = lab.stripe.books().accounts[await lab.accountOf(shop)]?.['eur']
    expect((books?.available ?? 0) + (books?.pending ?? 0)).toBe(0)
  })

  test('all of a purchase, before the split: nothing is transferred', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    lab.mirakl.openRefund(`${order}-1`)
    await lab.run('refund-payments')
    await lab.receive()
    await lab.clock.advance(5 * minute)
    await lab.run('split-payments')
    await lab.run('refund-payments')
    const moved = (await lab.movements('transfer')).filter(each => each.status !== 'canceled')
    expect(moved).toEqual([])
    expect(purchaseTotals(lab)).toMatchObject({ refunded: 10_000, transferred: 0 })
    expect(await lab.openRefunds()).toEqual([])
  })

  test('of a promotion that the operator pays: the customer gets his part, the seller gives all back', async () => {
    const { lab, shop } = await openShop(database)
    await lab.pay('P-1', 9_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: [
        {
          shopId: shop,
          lines: [{ price: '100.00', commission: '20.00', fundingOperator: '10.00' }],
        },
      ],
    })
    lab.mirakl.acceptOrder(order)
    await lab.receive()
    await lab.run('validate-payments')
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${order}-1`)
    await lab.run('refund-payments')
    await lab.receive()
    expect(purchaseTotals(lab)).toMatchObject({
      captured: 9_000,
      transferred: 8_000,
      refunded: 9_000,
      reversed: 8_000,
    })
  })
})

describe('a refund in a currency of three decimals', () => {
  test('is rounded up for the customer, never above the charge, and down for the seller', async () => {
    const { lab } = await openShop(database)
    const shop = await lab.openSeller({ currency: 'KWD', country: 'KWT' })
    await lab.pay('P-1', 1_240, { currency: 'kwd' })
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'KWD',
      orders: [{ shopId: shop, lines: [{ price: '1.234', commission: '0.100' }] }],
    })
    lab.mirakl.acceptOrder(order)
    await lab.receive()
    await lab.run('validate-payments')
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${order}-1`, { amount: '0.601', commission: '0.050' })
    await lab.run('refund-payments')
    const sent = (await lab.movements()).map(each => [each.kind, each.amount, each.sentAmount])
    expect(sent).toContainEqual(['refund', 601n, 610n])
    expect(sent).toContainEqual(['reversal', 551n, 550n])
  })
})
