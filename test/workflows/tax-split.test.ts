import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { explain } from '../../src/workflows/explain.ts'
import { createTally } from '../../src/workflows/tally.ts'
import { openTestDatabase } from '../database.ts'
import { purchaseTotals, refundRows, sellOne } from './refund-shop.ts'
import { heldBy, openTaxShop, splitRows } from './tax-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute
/** An order of 100.00 with 20.00 of tax inside and a commission of 10.00. */
const taxed = { taxes: '20.00' }
/** 6.00 of it are tax, in proportion. */
const thirty = { amount: '30.00', commission: '3.00' }

describe('defect 8: the tax transfer of one order in a run over several', () => {
  test('goes once, with its own order’s amount, whatever orders follow', async () => {
    const { lab, shop, taxAccount } = await openTaxShop(database)
    const orders = [
      await sellOne(lab, shop, 'P-1', taxed),
      await sellOne(lab, shop, 'P-2', { taxes: '5.00' }),
      await sellOne(lab, shop, 'P-3'),
    ]
    // The first run decides and sends all three; the others meet what was sent.
    for (const sent of [5, 0, 0]) {
      expect(await lab.run('split-payments')).toMatchObject({ error: null, sent })
      await lab.clock.advance(5 * minute)
    }
    await sellOne(lab, shop, 'P-4', { taxes: '1.00' })
    expect(await lab.run('split-payments')).toMatchObject({ error: null, sent: 2 })
    const taxes = await lab.movements('tax_transfer')
    const rows = taxes.map(each => [each.parties.orderId, each.amount, each.attempt, each.status])
    expect(rows).toHaveLength(3)
    expect(rows).toContainEqual([orders[0], 2_000n, 1, 'succeeded'])
    expect(rows).toContainEqual([orders[1], 500n, 1, 'succeeded'])
    expect(heldBy(lab, taxAccount)).toBe(2_600)
  })
})

describe('100 with tax 20 and commission 10', () => {
  test('split: 70 to the seller, 20 to the tax account, once', async () => {
    const { lab, shop, taxAccount } = await openTaxShop(database)
    const order = await sellOne(lab, shop, 'P-1', taxed)
    expect(await lab.run('split-payments')).toMatchObject({ error: null, sent: 2, succeeded: 2 })
    expect(await lab.run('split-payments')).toMatchObject({ planned: 0, sent: 0 })
    expect(await splitRows(lab)).toEqual([
      ['tax_transfer', '', 2_000n, 'succeeded', null],
      ['transfer', '', 7_000n, 'succeeded', null],
    ])
    expect(heldBy(lab, taxAccount)).toBe(2_000)
    expect(heldBy(lab, await lab.accountOf(shop))).toBe(7_000)
    const [tax] = await lab.movements('tax_transfer')
    expect(tax?.parties).toMatchObject({ sellerId: null, orderId: order })
    const made = await lab.sdk.transfers.retrieve(tax?.providerId ?? '')
    expect(made).toMatchObject({ destination: taxAccount, metadata: { miraklOrderId: order } })
    expect(made.source_transaction).not.toBeNull()
  })

  test('refund of 30 before the split: 49 to the seller, 14 to the tax account', async () => {
    const { lab, shop, taxAccount } = await openTaxShop(database)
    const order = await sellOne(lab, shop, 'P-1', taxed)
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    await lab.clock.advance(5 * minute)
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect(await splitRows(lab)).toEqual([
      ['tax_transfer', '', 1_400n, 'succeeded', null],
      ['transfer', '', 4_900n, 'succeeded', null],
    ])
    expect(await refundRows(lab)).toEqual([['refund', id, 3_000n, 'succeeded', null]])
    expect(heldBy(lab, taxAccount)).toBe(1_400)
    expect(await lab.openRefunds()).toEqual([])
  })

  test('refund of 30 after the split: 21 from the seller, 6 from the tax account, once', async () => {
    const { lab, shop, taxAccount } = await openTaxShop(database)
    const order = await sellOne(lab, shop, 'P-1', taxed)
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    await lab.receive()
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['reversal', id, 2_100n, 'succeeded', null],
      ['tax_reversal', id, 600n, 'succeeded', null],
    ])
    expect(heldBy(lab, taxAccount)).toBe(1_400)
    expect(heldBy(lab, await lab.accountOf(shop))).toBe(4_900)
    const totals = { captured: 10_000, refunded: 3_000, transferred: 9_000, reversed: 2_700 }
    expect(purchaseTotals(lab)).toMatchObject(totals)
    expect(await lab.openRefunds()).toEqual([])
    expect(await lab.balances()).toMatchObject({ tax_account: 1_400n, commission: 700n })
    expect(await lab.openEscrows()).toEqual({})
  })

  test('refund of 30 after the payout of 70: the tax comes back, the seller owes until the next sale', async () => {
    const { lab, shop, taxAccount } = await openTaxShop(database)
    const order = await sellOne(lab, shop, 'P-1', taxed)
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T12:00:00Z' })
    await lab.run('settle-sellers')
    await lab.clock.advance(3 * day)
    await lab.run('settle-sellers')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'accepted', null],
      ['reversal', id, 2_100n, 'on_hold', 'seller_balance_short'],
      ['tax_reversal', id, 600n, 'succeeded', null],
    ])
    await sellOne(lab, shop, 'P-2', taxed)
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-05T12:00:00Z', end: '2026-11-30T00:00:00Z' })
    await lab.run('settle-sellers')
    expect((await lab.movements('payout')).map(each => each.amount)).toEqual([4_900n, 7_000n])
    expect(await refundRows(lab)).toContainEqual(['reversal', id, 2_100n, 'succeeded', null])
    expect(heldBy(lab, taxAccount)).toBe(3_400)
    expect(heldBy(lab, await lab.accountOf(shop))).toBe(0)
  })

  test('a refund that fails after its reversals is given back to the seller and the tax account', async () => {
    const { lab, shop, taxAccount } = await openTaxShop(database)
    await lab.pay('P-OWN', 50_000, { capture_method: 'automatic' })
    const order = await sellOne(lab, shop, 'P-1', taxed)
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    await lab.clock.advance(5 * day)
    const [refund] = await lab.movements('refund')
    lab.stripe.failRefund(refund?.providerId ?? '')
    await lab.receive()
    await lab.run('refund-payments')
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['restitution', id, 2_100n, 'succeeded', null],
      ['restitution', id, 600n, 'succeeded', null],
      ['reversal', id, 2_100n, 'succeeded', null],
      ['tax_reversal', id, 600n, 'succeeded', null],
    ])
    expect(heldBy(lab, taxAccount)).toBe(2_000)
    expect(heldBy(lab, await lab.accountOf(shop))).toBe(7_000)
    expect(await lab.openRefunds()).toEqual([])
    expect(await lab.balances()).toMatchObject({ tax_account: 2_000n, commission: 1_000n })
  })
})

test('a shadow run knows the tax transfers of the connector before ours', async () => {
  const { lab, shop, taxAccount } = await openTaxShop(database, { audited: false })
  const order = await sellOne(lab, shop, 'P-1', taxed)
  await lab.pay('P-OWN', 50_000, { capture_method: 'automatic' })
  await lab.clock.advance(8 * day)
  const metadata = { miraklId: `${order}_TAX` }
  const made = { amount: 2_000, currency: 'eur', destination: taxAccount, metadata }
  await lab.sdk.transfers.create(made)
  const tally = createTally()
  const { previews } = await lab.run('split-payments', { mode: 'shadow', tally })
  const rows = previews.map(each => [each.kind, each.seen?.amount ?? null, each.agrees])
  expect(rows).toEqual([
    ['transfer', null, false],
    ['tax_transfer', '2000', true],
  ])
})

describe('the tax account', () => {
  test('that cannot be paid yet holds its own transfer, not that of the seller', async () => {
    const { lab, shop, taxAccount, complete } = await openTaxShop(database, { completed: false })
    const order = await sellOne(lab, shop, 'P-1', taxed)
    await lab.run('split-payments')
    expect(await splitRows(lab)).toEqual([
      ['tax_transfer', '', 2_000n, 'on_hold', 'tax_account_unusable'],
      ['transfer', '', 7_000n, 'succeeded', null],
    ])
    // A refund meanwhile: the tax that waits is net of it.
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    await complete()
    await lab.run('split-payments')
    await lab.run('refund-payments')
    await lab.receive()
    await lab.run('refund-payments')
    expect(heldBy(lab, taxAccount)).toBe(1_400)
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['reversal', id, 2_100n, 'succeeded', null],
    ])
    expect(await lab.openRefunds()).toEqual([])
  })

  test('that is not configured is its own reason, and explained', async () => {
    const { lab, shop } = await openTaxShop(database, { settings: { taxAccount: null } })
    const order = await sellOne(lab, shop, 'P-1', taxed)
    await lab.run('split-payments')
    expect(await splitRows(lab)).toContainEqual([
      'tax_transfer',
      '',
      2_000n,
      'on_hold',
      'tax_account_missing',
    ])
    const { representable } = lab.provider
    const source = { ...lab.work(), environment: lab.environment, representable }
    const told = await explain({ ...source, language: 'en' as const }, 'order', order)
    const plan = told?.plans.find(each => each.kind === 'tax_transfer')
    expect(plan).toMatchObject({ decision: 'hold', reason: { code: 'tax_account_missing' } })
  })

  test('gets what a transfer left out although the switch is off by now', async () => {
    const opened = await openTaxShop(database, { completed: false })
    const { lab, shop, taxAccount, complete, withTaxes } = opened
    await sellOne(lab, shop, 'P-1', taxed)
    await lab.run('split-payments')
    await complete()
    const enable = { ...lab.environment.settings.enable, taxSplit: false }
    await lab.run('split-payments', { environment: withTaxes({ enable }) })
    expect(heldBy(lab, taxAccount)).toBe(2_000)
  })

  test('gets nothing of orders whose seller already has the tax', async () => {
    const { lab, plain, shop, taxAccount } = await openTaxShop(database)
    const order = await sellOne(plain, shop, 'P-1', taxed)
    await plain.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('split-payments')
    await lab.run('refund-payments')
    await lab.receive()
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['reversal', id, 2_700n, 'succeeded', null],
    ])
    expect(heldBy(lab, taxAccount)).toBe(0)
  })

  test('is paid once when the answer was lost', async () => {
    const { lab, shop, taxAccount } = await openTaxShop(database)
    await sellOne(lab, shop, 'P-1', taxed)
    lab.faults.add({ side: 'stripe', kind: 'cut_after', method: 'POST', path: '/v1/transfers' })
    await lab.run('split-payments')
    lab.faults.clear()
    await lab.clock.advance(2 * day)
    await lab.run('split-payments')
    expect(heldBy(lab, taxAccount)).toBe(2_000)
    expect(purchaseTotals(lab)).toMatchObject({ transferred: 9_000 })
  })
})

test('tax excluded from the price, and shipping taxes by their own setting', async () => {
  const { lab, shop, taxAccount } = await openTaxShop(database, {
    settings: { taxOnShipping: true },
  })
  await lab.pay('P-1', 13_200)
  const line = { price: '100.00', shipping: '10.00', commission: '10.00' }
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: 'P-1',
    currency: 'EUR',
    taxMode: 'TAX_EXCLUDED',
    orders: [{ shopId: shop, lines: [{ ...line, taxes: '20.00', shippingTaxes: '2.00' }] }],
  })
  lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
  await lab.run('split-payments')
  expect(heldBy(lab, taxAccount)).toBe(2_200)
  expect(heldBy(lab, await lab.accountOf(shop))).toBe(10_000)
})

test('a service order keeps its taxes and those of its options apart', async () => {
  const { lab, shop, taxAccount } = await openTaxShop(database)
  const intent = await lab.pay('SRV-1', 13_200, { capture_method: 'automatic' })
  const order = lab.mirakl.placeServiceOrder({
    commercialId: 'SRV-1',
    shopId: shop,
    currency: 'EUR',
    price: '100.00',
    tax: '20.00',
    options: [{ code: 'EXPRESS', amount: '10.00', tax: '2.00' }],
    commission: '10.00',
  })
  lab.mirakl.acceptServiceOrder(order)
  await lab.receive()
  for await (const page of lab.marketplace.serviceDebits([order])) {
    for (const reading of page.readings) {
      if (!reading.ok) continue
      const told = { debit: reading.value, paid: true, reference: intent.id, at: lab.clock.now() }
      await lab.marketplace.confirmServiceDebit(told)
    }
  }
  await lab.run('split-payments')
  expect(heldBy(lab, taxAccount)).toBe(2_200)
  expect(heldBy(lab, await lab.accountOf(shop))).toBe(10_000)
})
