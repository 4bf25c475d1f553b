import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { openShop, purchaseTotals, refundRows, sellOne, toldRefunds } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 20 })
})
afterAll(() => database.close())

const minute = 60_000
const thirty = { amount: '30.00', commission: '3.00' }

/** An order of 100.00 that is split, with a refund of 30.00 that waits. */
async function waitingRefund() {
  const { lab, shop } = await openShop(database)
  const order = await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  const id = lab.mirakl.openRefund(`${order}-1`, thirty)
  return { lab, shop, order, id }
}

type Shop = Awaited<ReturnType<typeof waitingRefund>>

/** A refund of 30.00, its reversal of 27.00, and PA02: each once, whatever happened on the way. */
async function expectOnce({ lab, id }: Shop): Promise<void> {
  for (const _ of [1, 2, 3]) {
    await lab.clock.advance(5 * minute)
    await lab.run('refund-payments')
    await lab.receive()
  }
  await lab.run('refund-payments')
  expect(await refundRows(lab)).toEqual([
    ['refund', id, 3_000n, 'succeeded', null],
    ['reversal', id, 2_700n, 'succeeded', null],
  ])
  expect(purchaseTotals(lab)).toMatchObject({ refunded: 3_000, reversed: 2_700 })
  expect(await toldRefunds(lab)).toMatchObject([[id, 'paid', 'succeeded', null, /^re_/]])
  const refund = lab.mirakl.orders('P-1')[0]?.lines[0]?.refundIds
  expect(refund).toEqual([id])
  expect(await lab.openRefunds()).toEqual([])
}

describe('a connection that is lost', () => {
  const faults = [
    ['a refund that Stripe has made', 'stripe', 'POST', '/v1/refunds', 'cut_after'],
    ['a refund that Stripe has not made', 'stripe', 'POST', '/v1/refunds', 'cut_before'],
    ['a refund that a gateway answered', 'stripe', 'POST', '/v1/refunds', 'error_html'],
    ['a reversal that Stripe has made', 'stripe', 'POST', '/reversals', 'cut_after'],
    ['a reversal that Stripe has not made', 'stripe', 'POST', '/reversals', 'cut_before'],
    ['a PA02 that Mirakl has heard', 'mirakl', 'PUT', '/api/payment/refund', 'cut_after'],
    ['a PA02 that Mirakl has not heard', 'mirakl', 'PUT', '/api/payment/refund', 'cut_before'],
  ] as const
  test.each(faults)('behind %s: everything once', async (_, side, method, path, kind) => {
    const shop = await waitingRefund()
    shop.lab.faults.add({ side, kind, method, path, times: 1 })
    await shop.lab.run('refund-payments')
    await expectOnce(shop)
  })

  test('while PA12 is read: nothing is sent in that run', async () => {
    const shop = await waitingRefund()
    const { lab } = shop
    lab.faults.add({ side: 'mirakl', kind: 'error_html', method: 'GET', path: '/payment/refund' })
    const report = await lab.run('refund-payments')
    expect(report.error).toMatch(/PA12/)
    expect(await refundRows(lab)).toEqual([])
    lab.faults.clear()
    await expectOnce(shop)
  })

  test('with no answer for a day: the refund is looked up, not sent again', async () => {
    const shop = await waitingRefund()
    const { lab } = shop
    lab.faults.add({ side: 'stripe', kind: 'cut_after', method: 'POST', path: '/v1/refunds' })
    await lab.run('refund-payments')
    lab.faults.clear()
    const asked = () => lab.calls.stripe.filter(call => call === 'POST /v1/refunds').length
    const before = asked()
    await lab.clock.advance(25 * 60 * minute)
    await expectOnce(shop)
    expect(asked()).toBe(before)
  })
})

describe('refund-payments twice and at once', () => {
  test('refunds nothing twice, tells nothing twice, takes nothing back twice', async () => {
    const shop = await waitingRefund()
    const { lab } = shop
    const reports = await Promise.all([1, 2, 3].map(() => lab.run('refund-payments')))
    expect(reports.map(report => report.error)).toEqual([null, null, null])
    await expectOnce(shop)
    const told = lab.calls.mirakl.filter(call => call === 'PUT /api/payment/refund')
    expect(told).toHaveLength(1)
  })

  test('beside the split: the seller gets the rest once', async () => {
    const { lab, shop } = await openShop(database)
    const orders = []
    for (const purchase of ['P-1', 'P-2', 'P-3']) orders.push(await sellOne(lab, shop, purchase))
    for (const order of orders) lab.mirakl.openRefund(`${order}-1`, thirty)
    await Promise.all([
      lab.run('split-payments'),
      lab.run('refund-payments'),
      lab.run('split-payments'),
      lab.run('refund-payments'),
    ])
    for (const _ of [1, 2]) {
      await lab.clock.advance(5 * minute)
      await lab.run('split-payments')
      await lab.run('refund-payments')
    }
    const totals = purchaseTotals(lab)
    expect(totals).toMatchObject({ captured: 30_000, refunded: 9_000 })
    expect((totals?.transferred ?? 0) - (totals?.reversed ?? 0)).toBe(18_900)
    expect(await lab.openRefunds()).toEqual([])
  })
})

describe('what must not be sent', () => {
  test('a dry run and a shadow run move, tell and decide nothing', async () => {
    const { lab, id } = await waitingRefund()
    const before = lab.calls.stripe.filter(call => call.startsWith('POST')).length
    for (const mode of ['dry_run', 'shadow'] as const) {
      const report = await lab.run('refund-payments', { mode })
      expect(report).toMatchObject({ error: null, planned: 1, sent: 0 })
      expect(report.previews).toMatchObject([
        { kind: 'refund', source: `refund ${id}`, amount: '3000' },
      ])
    }
    expect(lab.calls.stripe.filter(call => call.startsWith('POST'))).toHaveLength(before)
    expect(lab.calls.mirakl.filter(call => call === 'PUT /api/payment/refund')).toEqual([])
    expect(await refundRows(lab)).toEqual([])
  })

  test('nothing while the switch is off', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    lab.mirakl.openRefund(`${order}-1`, thirty)
    const { settings } = lab.environment
    const enable = { ...settings.enable, productRefund: false }
    const environment = { ...lab.environment, settings: { ...settings, enable } }
    await lab.run('refund-payments', { environment })
    expect(lab.calls.mirakl.filter(call => call.endsWith('/payment/refund'))).toEqual([])
    expect(await refundRows(lab)).toEqual([])
  })

  test('a refund that was held and that Mirakl does not list any more', async () => {
    const { lab, id } = await waitingRefund()
    await lab.run('refund-payments', { environment: { ...lab.environment, paused: true } })
    expect(await refundRows(lab)).toEqual([['refund', id, 3_000n, 'on_hold', 'paused']])
    // The operator paid it by hand and said so.
    await payByHand(lab, id)
    await lab.clock.advance(5 * minute)
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([['refund', id, 3_000n, 'on_hold', 'refund_withdrawn']])
    expect(purchaseTotals(lab)).toMatchObject({ refunded: 0 })
  })

  test('one refund that cannot be read does not stop the others', async () => {
    const { lab, shop, order, id } = await waitingRefund()
    const second = await sellOne(lab, shop, 'P-2')
    const bad = lab.mirakl.openRefund(`${second}-1`, thirty)
    lab.mirakl.corruptOrder(second, { total_price: 'ten' })
    const report = await lab.run('refund-payments')
    expect(report).toMatchObject({ error: null, setAside: 1 })
    const rows = await refundRows(lab)
    expect(rows.map(row => row.slice(0, 2))).toEqual([
      ['refund', id],
      ['refund', bad],
      ['reversal', id],
    ])
    expect(order).not.toBe(second)
  })
})

/** Tells Mirakl as an operator would, past the faults and past Tributary. */
async function payByHand(lab: Shop['lab'], id: string): Promise<void> {
  const response = await lab.mirakl.handler(
    new Request('https://tenant.example/api/payment/refund', {
      method: 'PUT',
      headers: { authorization: 'front-key', 'content-type': 'application/json' },
      body: JSON.stringify({
        refunds: [{ refund_id: id, payment_status: 'OK', amount: 30, currency_iso_code: 'EUR' }],
      }),
    }),
  )
  expect(response.status).toBe(204)
}
