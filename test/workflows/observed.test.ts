import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { paymentsByReference } from '../../src/store/payments.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 60 * 60_000

/** What was booked without being ours: kind, amount, status. */
async function byHand(lab: Laboratory) {
  const movements = (await lab.movements()).filter(each => each.source.type === 'provider')
  return movements
    .map(each => [each.kind, each.amount, each.status])
    .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
}

async function chargeOf(lab: Laboratory, purchase: string) {
  const rows = await lab.database.queries
    .selectFrom('payments')
    .select(['charge_id', 'id'])
    .where('environment_id', '=', lab.environment.id)
    .where('purchase_id', '=', purchase)
    .execute()
  return rows[0]?.charge_id ?? ''
}

describe('made by hand in the dashboard', () => {
  test('a transfer and its reversal, with the seller and the purchase', async () => {
    const { lab, shop } = await openShop(database)
    await sellOne(lab, shop, 'P-1')
    const destination = await lab.accountOf(shop)
    const source_transaction = await chargeOf(lab, 'P-1')
    const transfer = await lab.sdk.transfers.create({
      amount: 2_000,
      currency: 'eur',
      destination,
      source_transaction,
    })
    await lab.receive()
    await lab.sdk.transfers.createReversal(transfer.id, { amount: 500 })
    await lab.sdk.transfers.createReversal(transfer.id, { amount: 300 })
    await lab.receive()
    expect(await byHand(lab)).toEqual([
      ['reversal', 300n, 'succeeded'],
      ['reversal', 500n, 'succeeded'],
      ['transfer', 2_000n, 'succeeded'],
    ])
    const parties = { sellerId: String(shop), purchaseId: 'P-1', orderId: null }
    for (const kind of ['transfer', 'reversal']) {
      for (const each of await lab.movements(kind)) {
        expect(each).toMatchObject({ origin: 'observed', account: destination, parties })
      }
    }
  })

  test('a refund counts for its payment, and comes back when it fails', async () => {
    const { lab, shop } = await openShop(database)
    await sellOne(lab, shop, 'P-1')
    const charge = await chargeOf(lab, 'P-1')
    const refund = await lab.sdk.refunds.create({ charge, amount: 1_000 })
    await lab.receive()
    expect(await byHand(lab)).toEqual([['refund', 1_000n, 'succeeded']])
    const refunded = async () =>
      (await paymentsByReference(database.queries, lab.environment.id, [charge]))[0]?.refunded
    expect(await refunded()).toBe(1_000n)
    lab.stripe.failRefund(refund.id)
    await lab.receive()
    expect(await refunded()).toBe(0n)
    const returns = await lab.movements('return')
    expect(returns).toMatchObject([{ amount: 1_000n, origin: 'observed', status: 'succeeded' }])
  })

  test("a seller's payout and the operator's own, from sending to landing", async () => {
    const { lab, shop } = await openShop(database)
    await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    const stripeAccount = await lab.accountOf(shop)
    await lab.sdk.payouts.create({ amount: 4_000, currency: 'eur' }, { stripeAccount })
    await lab.sdk.payouts.create({ amount: 600, currency: 'eur' })
    await lab.receive()
    expect(await byHand(lab)).toEqual([
      ['operator_payout', 600n, 'accepted'],
      ['payout', 4_000n, 'accepted'],
    ])
    await lab.clock.advance(3 * day)
    await lab.receive()
    expect(await byHand(lab)).toEqual([
      ['operator_payout', 600n, 'succeeded'],
      ['payout', 4_000n, 'succeeded'],
    ])
    const [payout] = await lab.movements('payout')
    expect(payout?.parties).toMatchObject({ sellerId: String(shop), cycleId: null })
    lab.stripe.bouncePayout(payout?.providerId ?? '')
    await lab.receive()
    expect(await lab.movements('return')).toMatchObject([{ amount: 4_000n }])
  })

  test('a payout whose events are lost is asked about', async () => {
    const { lab, shop } = await openShop(database)
    await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    const stripeAccount = await lab.accountOf(shop)
    await lab.sdk.payouts.create({ amount: 4_000, currency: 'eur' }, { stripeAccount })
    await lab.receive()
    lab.stripe.disturbDelivery({ action: 'drop', type: 'payout.paid', times: 20 })
    await lab.clock.advance(3 * day)
    await lab.run('settle-sellers')
    expect(await byHand(lab)).toEqual([['payout', 4_000n, 'succeeded']])
  })

  test('a top-up, that the bank takes back', async () => {
    const { lab } = await openShop(database)
    const topup = await lab.sdk.topups.create({ amount: 50_000, currency: 'eur' })
    const canceled = await lab.sdk.topups.create({ amount: 70, currency: 'eur' })
    await lab.sdk.topups.cancel(canceled.id)
    await lab.receive()
    expect(await byHand(lab)).toEqual([
      ['top_up', 50_000n, 'accepted'],
      ['top_up', 70n, 'failed'],
    ])
    await lab.clock.advance(2 * day)
    await lab.receive()
    expect((await byHand(lab))[0]).toEqual(['top_up', 50_000n, 'succeeded'])
    lab.stripe.bounceTopup(topup.id)
    await lab.receive()
    expect(await lab.movements('return')).toMatchObject([{ amount: 50_000n }])
  })
})

describe('never confused with ours', () => {
  test('what Tributary moved is booked as its own alone', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
    await lab.run('refund-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T12:00:00Z' })
    await lab.run('settle-sellers')
    await lab.clock.advance(3 * day)
    await lab.receive()
    expect(await byHand(lab)).toEqual([])
  })

  test('a transfer whose answer was lost is ours by its metadata, and so is its reversal', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    lab.faults.add({ side: 'stripe', kind: 'cut_after', method: 'POST', path: '/v1/transfers' })
    await lab.run('split-payments')
    expect(await lab.movements('transfer')).toMatchObject([{ status: 'submitted' }])
    await lab.receive()
    expect(await lab.movements('transfer')).toMatchObject([
      { status: 'succeeded', origin: 'planned' },
    ])
    lab.faults.clear()
    lab.faults.add({ side: 'stripe', kind: 'cut_after', method: 'POST', path: '/reversals' })
    lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
    await lab.run('refund-payments')
    await lab.receive()
    expect(await lab.movements('reversal')).toMatchObject([
      { status: 'succeeded', origin: 'planned' },
    ])
    expect(await byHand(lab)).toEqual([])
  })

  test('what the old connector made is left to its import', async () => {
    const { lab, shop } = await openShop(database, { audited: false })
    await sellOne(lab, shop, 'P-1')
    await lab.sdk.transfers.create({
      amount: 9_000,
      currency: 'eur',
      destination: await lab.accountOf(shop),
      source_transaction: await chargeOf(lab, 'P-1'),
      metadata: { miraklId: 'P-1-A', miraklShopId: String(shop), pluginName: 'Mirakl' },
    })
    await lab.receive()
    expect(await byHand(lab)).toEqual([])
  })

  test('events that come twice, or in another order, book once', async () => {
    const { lab, shop } = await openShop(database)
    await sellOne(lab, shop, 'P-1')
    lab.stripe.disturbDelivery({ action: 'duplicate', type: 'refund.created', times: 1 })
    lab.stripe.disturbDelivery({ action: 'drop', type: 'transfer.created', times: 20 })
    await lab.sdk.refunds.create({ charge: await chargeOf(lab, 'P-1'), amount: 100 })
    const transfer = await lab.sdk.transfers.create({
      amount: 2_000,
      currency: 'eur',
      destination: await lab.accountOf(shop),
      source_transaction: await chargeOf(lab, 'P-1'),
    })
    await lab.sdk.transfers.createReversal(transfer.id, { amount: 500 })
    await lab.receive()
    await lab.receive()
    expect(await byHand(lab)).toEqual([
      ['refund', 100n, 'succeeded'],
      ['reversal', 500n, 'succeeded'],
      ['transfer', 2_000n, 'succeeded'],
    ])
  })
})
