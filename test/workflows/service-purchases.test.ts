import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory, LaboratoryOptions } from './laboratory.ts'
import { openShop, purchaseTotals, refundRows, toldRefunds } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute
const enable = {
  ...defaultSettings.enable,
  productSplit: true,
  productRefund: true,
  serviceSplit: true,
  serviceRefund: true,
}

const openServiceShop = (settings: LaboratoryOptions['settings'] = {}) =>
  openShop(database, { settings: { enable, ...settings } })

type ServiceInput = Parameters<Laboratory['mirakl']['placeServiceOrder']>[0]

/** A service of 80.00 with tax 16.00, an option of 5.00 with tax 1.00: 102.00; commission 10.20. */
function placeService(lab: Laboratory, shopId: number, change: Partial<ServiceInput> = {}): string {
  return lab.mirakl.placeServiceOrder({
    commercialId: 'SRV-1',
    shopId,
    price: '80.00',
    tax: '16.00',
    options: [{ code: 'EXPRESS', amount: '5.00', tax: '1.00' }],
    commission: '8.50',
    commissionTax: '1.70',
    ...change,
  })
}

/** A product order of 100.00 with a commission of 10.00 in the same purchase. */
function placeProduct(lab: Laboratory, shopId: number): string {
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: 'SRV-1',
    currency: 'EUR',
    orders: [{ shopId, lines: [{ price: '100.00', commission: '10.00' }] }],
  })
  return order
}

/** What the marketplace was told of debits: order, says, status, reason. */
async function toldDebits(lab: Laboratory) {
  const rows = await database.queries
    .selectFrom('confirmations')
    .select(['order_id', 'says', 'status', 'reason'])
    .where('environment_id', '=', lab.environment.id)
    .where('kind', '=', 'debit')
    .orderBy('order_id')
    .execute()
  return rows.map(row => [row.order_id, row.says, row.status, row.reason])
}

async function debitOf(lab: Laboratory, orderId: string) {
  for await (const page of lab.marketplace.serviceDebits([orderId])) {
    for (const reading of page.readings) if (reading.ok) return reading.value
  }
  return null
}

async function rows(lab: Laboratory) {
  const movements = await lab.movements()
  return movements
    .map(each => [each.kind, each.status, each.reason, each.amount] as const)
    .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
}

const spa01s = (lab: Laboratory) =>
  lab.calls.mirakl.filter(call => call === 'PUT /api/mms/debits').length

describe('a purchase of services alone', () => {
  test('is confirmed with SPA01, captured and split, each once', async () => {
    const { lab, shop } = await openServiceShop()
    await lab.pay('SRV-1', 10_200)
    const order = placeService(lab, shop)
    await lab.receive()
    const early = await lab.run('validate-payments')
    expect(early).toMatchObject({ error: null, sent: 0, holds: { order_not_decided: 1 } })
    lab.mirakl.acceptServiceOrder(order)
    await lab.clock.advance(5 * minute)
    const report = await lab.run('validate-payments')
    expect(report).toMatchObject({ error: null, confirmed: 1, sent: 1, succeeded: 1 })
    const [payment] = await database.queries
      .selectFrom('payments')
      .select('charge_id')
      .where('environment_id', '=', lab.environment.id)
      .execute()
    expect(await debitOf(lab, order)).toMatchObject({
      state: 'paid',
      reference: payment?.charge_id,
    })
    expect(await toldDebits(lab)).toEqual([[order, 'paid', 'succeeded', null]])
    expect(await lab.run('split-payments')).toMatchObject({ error: null, succeeded: 1 })
    expect(purchaseTotals(lab)).toMatchObject({ captured: 10_200, transferred: 9_180 })
    await lab.clock.advance(5 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ planned: 0, sent: 0, confirmed: 0 })
    expect(spa01s(lab)).toBe(1)
  })

  test('that its seller refuses is voided, whatever the quantity means', async () => {
    const { lab, shop } = await openServiceShop()
    // 3 x 80.00 + tax 48.00 for all three, and the option once.
    await lab.pay('SRV-1', 29_400)
    const order = placeService(lab, shop, { quantity: 3, tax: '48.00' })
    lab.mirakl.refuseServiceOrder(order)
    await lab.receive()
    expect(await lab.run('validate-payments')).toMatchObject({ error: null, succeeded: 1 })
    expect(await rows(lab)).toEqual([['void', 'succeeded', null, 29_400n]])
    expect(purchaseTotals(lab)?.captured ?? 0).toBe(0)
    expect(await toldDebits(lab)).toEqual([])
  })

  test('captured up front and refused goes back to the customer, once', async () => {
    const { lab, shop } = await openServiceShop()
    await lab.pay('SRV-1', 20_400, { capture_method: 'automatic' })
    const refused = placeService(lab, shop)
    const kept = placeService(lab, shop)
    lab.mirakl.refuseServiceOrder(refused)
    lab.mirakl.acceptServiceOrder(kept)
    await lab.receive()
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 1, succeeded: 1 })
    await lab.receive()
    await lab.run('validate-payments')
    await lab.run('split-payments')
    expect(purchaseTotals(lab)).toMatchObject({
      captured: 20_400,
      refunded: 10_200,
      transferred: 9_180,
    })
    expect(await toldDebits(lab)).toEqual([[kept, 'paid', 'succeeded', null]])
  })

  test('whose price says nothing is held until a person has decided', async () => {
    const { lab, shop } = await openServiceShop()
    await lab.pay('SRV-1', 9_000)
    const order = placeService(lab, shop, { priceType: 'FIXED_PRICE_MULTI', options: [] })
    lab.mirakl.refuseServiceOrder(order)
    await lab.receive()
    const report = await lab.run('validate-payments')
    expect(report).toMatchObject({ error: null, sent: 0, holds: { order_worth_unknown: 1 } })
    lab.mirakl.corruptOrder(order, {
      price: { type: 'FIXED_PRICE', amount: 90, quantity: 1 },
    })
    await lab.clock.advance(5 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ succeeded: 1 })
    expect((await lab.movements('void')).map(each => each.status)).toEqual(['succeeded'])
  })

  test('paid after consumption waits for it', async () => {
    const { lab, shop } = await openServiceShop()
    await lab.pay('SRV-1', 10_200)
    const order = placeService(lab, shop, { workflow: 'PAY_AFTER_CONSUMPTION' })
    lab.mirakl.acceptServiceOrder(order)
    await lab.receive()
    expect(await lab.run('validate-payments')).toMatchObject({ holds: { order_not_debited: 1 } })
    await lab.clock.advance(day)
    lab.mirakl.consumeServiceOrder(order)
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 1, succeeded: 1 })
    expect(purchaseTotals(lab)).toMatchObject({ captured: 10_200 })
  })
})

describe('a purchase of a product and a service', () => {
  test('whose product is refused captures the service alone', async () => {
    const { lab, shop } = await openServiceShop()
    await lab.pay('SRV-1', 20_200)
    const product = placeProduct(lab, shop)
    const service = placeService(lab, shop)
    lab.mirakl.refuseOrder(product)
    await lab.receive()
    expect(await lab.run('validate-payments')).toMatchObject({ holds: { order_not_decided: 1 } })
    lab.mirakl.acceptServiceOrder(service)
    await lab.clock.advance(5 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 1, succeeded: 1 })
    await lab.run('split-payments')
    expect(purchaseTotals(lab)).toMatchObject({ captured: 10_200, transferred: 9_180 })
  })

  test('whose service is refused captures the product and the goods of the operator', async () => {
    const { lab, shop } = await openServiceShop()
    await lab.pay('SRV-1', 25_200)
    const product = placeProduct(lab, shop)
    const service = placeService(lab, shop)
    lab.mirakl.acceptOrder(product)
    lab.mirakl.refuseServiceOrder(service)
    await lab.receive()
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 1, succeeded: 1 })
    expect(purchaseTotals(lab)).toMatchObject({ captured: 15_000 })
  })

  test('with services switched off counts the service as goods that no order names', async () => {
    const { lab, shop } = await openServiceShop({
      enable: { ...enable, serviceSplit: false, serviceRefund: false },
    })
    await lab.pay('SRV-1', 20_200)
    lab.mirakl.acceptOrder(placeProduct(lab, shop))
    placeService(lab, shop)
    await lab.receive()
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 1, succeeded: 1 })
    expect(purchaseTotals(lab)).toMatchObject({ captured: 20_200 })
    expect(lab.calls.mirakl.filter(call => call.includes('/api/mms/'))).toEqual([])
  })

  test('more debits than the customer authorised: the second is held', async () => {
    const { lab, shop } = await openServiceShop()
    await lab.pay('SRV-1', 15_000)
    lab.mirakl.acceptOrder(placeProduct(lab, shop))
    lab.mirakl.acceptServiceOrder(placeService(lab, shop))
    await lab.receive()
    const report = await lab.run('validate-payments')
    expect(report).toMatchObject({ confirmed: 1, sent: 0 })
    expect(report.holds['amount_differs']).toBe(1)
  })
})

describe('SPA01', () => {
  async function accepted(settings: LaboratoryOptions['settings'] = {}, more = {}) {
    const { lab, shop } = await openServiceShop(settings)
    await lab.pay('SRV-1', 10_200, more)
    const order = placeService(lab, shop)
    lab.mirakl.acceptServiceOrder(order)
    await lab.receive()
    return { lab, shop, order }
  }
  const path = '/api/mms/debits'

  test('that somebody else answered the other way is not told again, and nothing is captured', async () => {
    const { lab, order } = await accepted()
    lab.faults.add({ side: 'mirakl', kind: 'cut_before', method: 'PUT', path, times: 1 })
    await lab.run('validate-payments')
    const debit = await debitOf(lab, order)
    if (debit === null) throw new Error('the order has no debit')
    const at = lab.clock.now()
    await lab.marketplace.confirmServiceDebit({ debit, paid: false, reference: null, at })
    await lab.clock.advance(10 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 0, sent: 1 })
    expect(await toldDebits(lab)).toEqual([[order, 'paid', 'failed', 'confirmation_refused']])
    expect((await lab.movements('void')).map(each => each.status)).toEqual(['succeeded'])
  })

  test('of a service that an earlier capture took as own goods says paid', async () => {
    const { lab, shop } = await openServiceShop({
      enable: { ...enable, serviceSplit: false, serviceRefund: false },
    })
    await lab.pay('SRV-1', 20_200)
    lab.mirakl.acceptOrder(placeProduct(lab, shop))
    const service = placeService(lab, shop)
    lab.mirakl.acceptServiceOrder(service)
    await lab.receive()
    await lab.run('validate-payments')
    const { settings } = lab.environment
    const environment = { ...lab.environment, settings: { ...settings, enable } }
    await lab.clock.advance(10 * minute)
    expect(await lab.run('validate-payments', { environment })).toMatchObject({ confirmed: 1 })
    expect(await debitOf(lab, service)).toMatchObject({ state: 'paid' })
  })

  test('whose answer is lost is read back and told once', async () => {
    const { lab, order } = await accepted()
    lab.faults.add({ side: 'mirakl', kind: 'cut_after', method: 'PUT', path, times: 1 })
    const report = await lab.run('validate-payments')
    expect(report).toMatchObject({ error: null, confirmed: 1, failed: 0, succeeded: 1 })
    expect(await toldDebits(lab)).toEqual([[order, 'paid', 'succeeded', null]])
    expect(spa01s(lab)).toBe(1)
  })

  test('that was heard though neither answer nor reading came is settled by the next run', async () => {
    const { lab, order } = await accepted()
    lab.faults.add({ side: 'mirakl', kind: 'cut_after', method: 'PUT', path })
    const cut = { side: 'mirakl', kind: 'cut_before', method: 'GET', path: '/api/mms' } as const
    await lab.run('validate-payments', {
      progress: step => {
        if (step === 'reading debits') lab.faults.add(cut)
      },
    })
    expect(await toldDebits(lab)).toEqual([[order, 'paid', 'submitted', null]])
    lab.faults.clear()
    await lab.clock.advance(10 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 1, succeeded: 1 })
    expect(spa01s(lab)).toBe(1)
    expect(purchaseTotals(lab)).toMatchObject({ captured: 10_200 })
  })

  test('that never arrived is told again', async () => {
    const { lab } = await accepted()
    lab.faults.add({ side: 'mirakl', kind: 'cut_before', method: 'PUT', path, times: 1 })
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 0, sent: 0 })
    await lab.clock.advance(10 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 1, succeeded: 1 })
  })

  test('says REFUSED when the payment was given up', async () => {
    const { lab, order } = await accepted()
    const [payment] = await lab.sdk.paymentIntents.list({ limit: 1 }).then(list => list.data)
    await lab.sdk.paymentIntents.cancel(payment?.id ?? '')
    await lab.receive()
    expect(await lab.run('validate-payments')).toMatchObject({ error: null, confirmed: 1 })
    expect(await debitOf(lab, order)).toMatchObject({ state: 'refused' })
    expect(await toldDebits(lab)).toEqual([[order, 'refused', 'succeeded', 'payment_canceled']])
  })

  test('waits for a payment that nobody knows yet', async () => {
    const { lab, shop } = await openServiceShop()
    const order = placeService(lab, shop)
    lab.mirakl.acceptServiceOrder(order)
    expect(await lab.run('validate-payments')).toMatchObject({ holds: { payment_unknown: 1 } })
    expect(await toldDebits(lab)).toEqual([[order, null, 'on_hold', 'payment_unknown']])
    await lab.pay('SRV-1', 10_200)
    await lab.clock.advance(5 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 1, succeeded: 1 })
  })

  test('is left to the shop front by a setting; the capture follows what it told', async () => {
    const { lab, order } = await accepted({ tellServiceDebits: false })
    expect(await lab.run('validate-payments')).toMatchObject({
      confirmed: 0,
      holds: { order_not_debited: 1 },
    })
    const debit = await debitOf(lab, order)
    if (debit === null) throw new Error('the order has no debit')
    const at = lab.clock.now()
    await lab.marketplace.confirmServiceDebit({ debit, paid: true, reference: 'pi_front', at })
    await lab.clock.advance(5 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 0, succeeded: 1 })
    expect(purchaseTotals(lab)).toMatchObject({ captured: 10_200 })
  })

  test.each(['dry_run', 'shadow'] as const)('is not sent in a %s', async mode => {
    const { lab } = await accepted()
    const report = await lab.run('validate-payments', { mode })
    expect(report).toMatchObject({ error: null, sent: 0, confirmed: 0 })
    expect([spa01s(lab), await toldDebits(lab), await lab.movements()]).toEqual([0, [], []])
  })
})

describe('a refund of a service that was authorised', () => {
  async function captured() {
    const { lab, shop } = await openServiceShop()
    await lab.pay('SRV-1', 10_200)
    const order = placeService(lab, shop)
    lab.mirakl.acceptServiceOrder(order)
    await lab.receive()
    await lab.run('validate-payments')
    return { lab, shop, order }
  }
  const refund = { amount: '30.60', tax: '5.10', commission: '2.55', commissionTax: '0.51' }

  test('before the split: the transfer is net of it', async () => {
    const { lab, order } = await captured()
    const id = lab.mirakl.openServiceRefund(order, refund)
    await lab.run('refund-payments')
    await lab.clock.advance(5 * minute)
    await lab.run('split-payments')
    expect(purchaseTotals(lab)).toMatchObject({ refunded: 3_060, transferred: 6_426, reversed: 0 })
    expect(await toldRefunds(lab)).toMatchObject([[id, 'paid', 'succeeded', null, /^re_/]])
  })

  test('after the split: the seller gives back his part', async () => {
    const { lab, order } = await captured()
    await lab.run('split-payments')
    lab.mirakl.openServiceRefund(order, refund)
    await lab.run('refund-payments')
    await lab.receive()
    await lab.clock.advance(5 * minute)
    await lab.run('refund-payments')
    expect(purchaseTotals(lab)).toMatchObject({ transferred: 9_180, reversed: 2_754 })
    expect(await lab.openRefunds()).toEqual([])
  })

  test('after the payout: the reversal waits for the next sales of the seller', async () => {
    const { lab, shop, order } = await captured()
    await lab.run('split-payments')
    await lab.clock.advance(8 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01', end: '2026-11-10', shopIds: [shop] })
    await lab.run('settle-sellers')
    expect((await lab.movements('payout'))[0]).toMatchObject({ amount: 9_180n })
    const id = lab.mirakl.openServiceRefund(order, refund)
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([
      // More than the platform has: Stripe keeps it pending until it has.
      ['refund', id, 3_060n, 'accepted', null],
      ['reversal', id, 2_754n, 'on_hold', 'seller_balance_short'],
    ])
  })
})
