import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** A purchase of 100.01 USD of two sellers, captured, on a platform that has euros only. */
async function openPurchase() {
  const { lab, shop } = await openShop(database)
  // Lines of the books tell at which rate a refund was taken.
  onTestFinished(async () => {
    await lab.receive()
    await lab.run('read-books')
  })
  // Euros of the platform's own, so that no refund waits for money.
  await lab.pay('EUR-1', 50_000, { capture_method: 'automatic' })
  lab.stripe.configure({ conversions: { usd: { currency: 'eur', rate: '0.9137' } } })
  const other = await lab.openSeller({ name: 'Süd' })
  await lab.pay('USD-1', 10_001, { currency: 'usd' })
  const orders = lab.mirakl.placePurchase({
    commercialId: 'USD-1',
    currency: 'USD',
    orders: [
      { shopId: shop, lines: [{ price: '60.01', commission: '6.00' }] },
      { shopId: other, lines: [{ price: '40.00', commission: '4.00' }] },
    ],
  })
  for (const order of orders) lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
  const [first = '', second = ''] = orders
  return { lab, first, second }
}

/** What moved because of an order: amount and currency, and the order's own amount. */
async function moved(lab: Laboratory, orderId: string, kind: string) {
  const movements = await lab.movements(kind)
  return movements
    .filter(each => each.parties.orderId === orderId)
    .map(({ status, amount, currency, original }) => [
      status,
      `${amount} ${currency}`,
      original === null ? null : `${original.amount} ${original.currency}`,
    ])
}

describe('a charge in USD that settles in EUR', () => {
  test('is shared among its sellers in EUR', async () => {
    const { lab, first, second } = await openPurchase()
    await lab.run('split-payments')
    // 100.01 USD brought 91.38 EUR: 54.01 and 36.00 of it, rounded down.
    expect(await moved(lab, first, 'transfer')).toEqual([['succeeded', '4934 EUR', '5401 USD']])
    expect(await moved(lab, second, 'transfer')).toEqual([['succeeded', '3289 EUR', '3600 USD']])
    const captures = (await lab.movements('capture')).map(each => [each.amount, each.currency])
    expect(captures).toEqual([[10_001n, 'USD']])
  })

  test('is refunded in USD, and taken back from the seller as it was given', async () => {
    const { lab, first, second } = await openPurchase()
    lab.mirakl.openRefund(`${first}-1`, { amount: '10.00', commission: '1.00' })
    await lab.run('refund-payments')
    // Net of the refund: 60.01 - 10.00 - 5.00.
    await lab.run('split-payments')
    expect(await moved(lab, first, 'transfer')).toEqual([['succeeded', '4112 EUR', '4501 USD']])
    // The rate of another day is the operator's gain or loss: the seller gives back what was given.
    lab.stripe.configure({ conversions: { usd: { currency: 'eur', rate: '0.99' } } })
    lab.mirakl.openRefund(`${second}-1`, { amount: '13.33', commission: '1.33' })
    await lab.run('refund-payments')
    expect(await moved(lab, second, 'refund')).toEqual([['succeeded', '1333 USD', null]])
    expect(await moved(lab, second, 'reversal')).toEqual([['succeeded', '1096 EUR', '1200 USD']])
    lab.mirakl.openRefund(`${second}-1`, { amount: '26.67', commission: '2.67' })
    await lab.run('refund-payments')
    const [last] = await moved(lab, second, 'reversal')
    expect(last).toEqual(['succeeded', `${3289 - 1096} EUR`, '2400 USD'])
    expect(await moved(lab, first, 'reversal')).toEqual([])
    expect(await lab.openRefunds()).toEqual([])
  })

  test('is given back to the seller when a refund fails, as much as was taken', async () => {
    const { lab, second } = await openPurchase()
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${second}-1`)
    await lab.run('refund-payments')
    expect(await moved(lab, second, 'reversal')).toEqual([['succeeded', '3289 EUR', '3600 USD']])
    const [refund] = await lab.movements('refund')
    lab.stripe.failRefund(refund?.providerId ?? '')
    await lab.receive()
    await lab.clock.advance(3 * 24 * 3600 * 1000)
    await lab.run('refund-payments')
    expect(await moved(lab, second, 'restitution')).toEqual([['succeeded', '3289 EUR', '3600 USD']])
  })

  test('is taken back from the sellers in the part that a bank takes', async () => {
    const { lab, first, second } = await openPurchase()
    await lab.run('split-payments')
    const charge = lab.stripe.dispute((await chargeOf(lab)) ?? '', { amount: 5000 })
    lab.stripe.disputeLost(charge)
    await lab.receive()
    await lab.run('refund-payments')
    // Half of the payment, but for a cent: 4934 x 5000 / 10001.
    expect(await moved(lab, first, 'reversal')).toEqual([['succeeded', '2466 EUR', '2700 USD']])
    expect(await moved(lab, second, 'reversal')).toEqual([['succeeded', '1644 EUR', '1799 USD']])
  })
})

async function chargeOf(lab: Laboratory): Promise<string | null> {
  const row = await lab.database.queries
    .selectFrom('payments')
    .select('charge_id')
    .where('environment_id', '=', lab.environment.id)
    .where('purchase_id', '=', 'USD-1')
    .executeTakeFirst()
  return row?.charge_id ?? null
}
