import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, purchaseTotals, refundRows, toldRefunds } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const enable = { ...defaultSettings.enable, serviceSplit: true, serviceRefund: true }

/** A service of 100.00 with a commission of 12.00, captured up front and told as paid (SPA01). */
async function paidService(lab: Laboratory, shopId: number): Promise<string> {
  const intent = await lab.pay('SRV-1', 10_000, { capture_method: 'automatic' })
  const order = lab.mirakl.placeServiceOrder({
    commercialId: 'SRV-1',
    shopId,
    currency: 'EUR',
    price: '100.00',
    commission: '10.00',
    commissionTax: '2.00',
  })
  lab.mirakl.acceptServiceOrder(order)
  await lab.receive()
  for await (const page of lab.marketplace.serviceDebits([order])) {
    for (const reading of page.readings) {
      if (!reading.ok) continue
      const at = lab.clock.now()
      const reference = intent.id
      const confirmation = { debit: reading.value, paid: true, reference, at }
      expect(await lab.marketplace.confirmServiceDebit(confirmation)).toEqual({ result: 'told' })
    }
  }
  return order
}

test('a lost dispute of a service takes its seller’s share back', async () => {
  const { lab, shop } = await openShop(database, { settings: { enable } })
  const order = await paidService(lab, shop)
  await lab.run('split-payments')
  const [transfer] = await lab.movements('transfer')
  const charge = transfer?.instruction?.do === 'transfer' ? transfer.instruction.sourceCharge : ''
  const dispute = lab.stripe.dispute(charge ?? '')
  await lab.receive()
  lab.stripe.disputeLost(dispute)
  await lab.receive()
  await lab.run('refund-payments')
  expect(await lab.movements('reversal')).toMatchObject([
    { amount: 8_800n, status: 'succeeded', parties: { sellerId: String(shop), orderId: order } },
  ])
  const [loss] = await lab.movements('dispute_loss')
  expect(loss?.parties).toMatchObject({ sellerId: String(shop), orderId: order })
})

describe('a refund of a service order', () => {
  test('after the split: refund, SPA02 and reversal less the commission with its tax', async () => {
    const { lab, shop } = await openShop(database, { settings: { enable } })
    const order = await paidService(lab, shop)
    await lab.run('split-payments')
    expect(purchaseTotals(lab)).toMatchObject({ transferred: 8_800 })
    const id = lab.mirakl.openServiceRefund(order, {
      amount: '30.00',
      tax: '5.00',
      commission: '3.00',
      commissionTax: '0.60',
    })
    const report = await lab.run('refund-payments')
    expect(report).toMatchObject({ error: null, failed: 0, sent: 2, confirmed: 1 })
    await lab.receive()
    await lab.clock.advance(5 * minute)
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['reversal', id, 2_640n, 'succeeded', null],
    ])
    expect(await toldRefunds(lab)).toMatchObject([[id, 'paid', 'succeeded', null, /^re_/]])
    expect(await lab.openRefunds()).toEqual([])
  })

  test('before the split: the transfer is net of it', async () => {
    const { lab, shop } = await openShop(database, { settings: { enable } })
    const order = await paidService(lab, shop)
    lab.mirakl.openServiceRefund(order, { amount: '30.00', commission: '3.00' })
    await lab.run('refund-payments')
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect(purchaseTotals(lab)).toMatchObject({ refunded: 3_000, transferred: 6_100, reversed: 0 })
    expect(await lab.openRefunds()).toEqual([])
  })

  test('whose SPA02 is lost is told once more, and read back', async () => {
    const { lab, shop } = await openShop(database, { settings: { enable } })
    const order = await paidService(lab, shop)
    const id = lab.mirakl.openServiceRefund(order, { amount: '30.00' })
    const path = '/api/mms/refunds'
    lab.faults.add({ side: 'mirakl', kind: 'cut_after', method: 'PUT', path, times: 1 })
    await lab.run('refund-payments')
    expect(await toldRefunds(lab)).toMatchObject([[id, 'paid', 'succeeded', null, /^re_/]])
    expect(lab.calls.mirakl.filter(call => call === `PUT ${path}`)).toHaveLength(1)
  })

  test('that Stripe refuses is told as REFUSED', async () => {
    const { lab, shop } = await openShop(database, { settings: { enable } })
    const order = await paidService(lab, shop)
    const [payment] = await payments(lab)
    await lab.sdk.refunds.create({ charge: payment?.charge_id ?? '', amount: 8_000 })
    const id = lab.mirakl.openServiceRefund(order, { amount: '30.00' })
    await lab.run('refund-payments')
    expect(await toldRefunds(lab)).toEqual([[id, 'refused', 'succeeded', 'provider_refused', null]])
    await lab.receive()
  })
})

function payments(lab: Laboratory) {
  return database.queries
    .selectFrom('payments')
    .select('charge_id')
    .where('environment_id', '=', lab.environment.id)
    .execute()
}
