import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { MarketplaceError } from '../../src/domain/errors.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop } from './refund-shop.ts'
import { heldBy as taxHeldBy, openTaxShop } from './tax-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 3600 * 1000
const cycle = { start: '2026-11-01T00:00:00Z', end: '2026-11-30T00:00:00Z' }

/** A platform that has euros only, with money of its own, and one seller. */
async function openPlatform(rate = '0.9137') {
  const { lab, shop } = await openShop(database)
  // Lines of the books tell at which rate a refund was taken.
  onTestFinished(async () => {
    await lab.receive()
    await lab.run('read-books')
  })
  await lab.pay('EUR-0', 50_000, { capture_method: 'automatic' })
  lab.stripe.configure({ conversions: { usd: { currency: 'eur', rate } } })
  return { lab, shop }
}

interface Sale {
  readonly shopId: number
  readonly price: string
  readonly commission: string
  readonly taxes?: string
}

/** A purchase, captured and not split yet. Returns its orders. */
async function sell(
  lab: Laboratory,
  purchase: string,
  minor: number,
  currency: string,
  sales: readonly Sale[],
): Promise<string[]> {
  await lab.pay(purchase, minor, { currency: currency.toLowerCase() })
  const orders = lab.mirakl.placePurchase({
    commercialId: purchase,
    currency,
    orders: sales.map(({ shopId, ...line }) => ({ shopId, lines: [line] })),
  })
  for (const order of orders) lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
  return orders
}

/** Pays the cycles out, lets the payouts land and tells the marketplace. */
async function settle(lab: Laboratory): Promise<void> {
  await lab.run('settle-sellers')
  await lab.clock.advance(3 * day)
  await lab.receive()
  await lab.run('settle-sellers')
}

/** Of cycles: kind, part, what moves, the marketplace's own amount, status, reason. */
async function cycleRows(lab: Laboratory, currency = 'USD') {
  const movements = (await lab.movements()).filter(each => each.source.type === 'cycle')
  return movements
    .filter(each => (each.original?.currency ?? each.currency) === currency)
    .map(({ kind, source, amount, currency: moved, original, status, reason }) => [
      `${kind} ${source.part}`.trim(),
      `${amount} ${moved}`,
      original === null ? null : `${original.amount} ${original.currency}`,
      reason === null ? status : `${status} ${reason}`,
    ])
    .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
}

/** What an account holds, pending or not, in minor units by currency. */
async function heldBy(lab: Laboratory, shopId: number): Promise<Record<string, number>> {
  const books = lab.stripe.books().accounts[await lab.accountOf(shopId)] ?? {}
  return Object.fromEntries(
    Object.entries(books).map(([code, each]) => [code, each.available + each.pending]),
  )
}

async function shownAsPaid(lab: Laboratory): Promise<string[]> {
  const shown: string[] = []
  for await (const page of lab.marketplace.cycles({ feed: 'invoices' })) {
    for (const reading of page.readings) {
      if (!reading.ok) continue
      const { payState, amount, currency } = reading.value
      shown.push(`${payState} ${amount} ${currency}`)
    }
  }
  return shown.toSorted()
}

describe('the cycles of a charge in USD that settles in EUR', () => {
  test('are paid out in EUR, refunds before and after the split counted', async () => {
    const { lab, shop } = await openPlatform()
    const other = await lab.openSeller({ name: 'Süd' })
    const [first, second] = await sell(lab, 'USD-1', 10_001, 'USD', [
      { shopId: shop, price: '60.01', commission: '6.00' },
      { shopId: other, price: '40.00', commission: '4.00' },
    ])
    lab.mirakl.openRefund(`${first}-1`, { amount: '10.00', commission: '1.00' })
    await lab.run('refund-payments')
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${second}-1`, { amount: '13.33', commission: '1.33' })
    await lab.run('refund-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle(cycle)
    await settle(lab)
    expect(await cycleRows(lab)).toEqual([
      ['payout', '2193 EUR', '2400 USD', 'succeeded'],
      ['payout', '4112 EUR', '4501 USD', 'succeeded'],
    ])
    expect(await shownAsPaid(lab)).toEqual(['paid 2400 USD', 'paid 4501 USD'])
    expect(await heldBy(lab, shop)).toEqual({ eur: 0 })
    expect(await heldBy(lab, other)).toEqual({ eur: 0 })
  })

  test('are paid out beside those of sales in EUR, each on its own', async () => {
    const { lab, shop } = await openPlatform()
    await sell(lab, 'USD-1', 10_000, 'USD', [
      { shopId: shop, price: '100.00', commission: '10.00' },
    ])
    await sell(lab, 'EUR-1', 5_000, 'EUR', [{ shopId: shop, price: '50.00', commission: '5.00' }])
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle(cycle)
    const before = lab.calls.mirakl.length
    await settle(lab)
    expect(await cycleRows(lab)).toEqual([['payout', '8223 EUR', '9000 USD', 'succeeded']])
    expect(await cycleRows(lab, 'EUR')).toEqual([['payout', '4500 EUR', null, 'succeeded']])
    expect(await shownAsPaid(lab)).toEqual(['paid 4500 EUR', 'paid 9000 USD'])
    expect(await heldBy(lab, shop)).toEqual({ eur: 0 })
    const logs = lab.calls.mirakl.slice(before).filter(each => each.includes('transactions_logs'))
    expect(logs).toHaveLength(1)
  })

  test('are held with both figures when only some of the sales were converted', async () => {
    const { lab, shop } = await openPlatform()
    await sell(lab, 'USD-1', 10_000, 'USD', [
      { shopId: shop, price: '100.00', commission: '10.00' },
    ])
    await lab.run('split-payments')
    // From now on the platform has an account for dollars.
    lab.stripe.configure({ conversions: {} })
    await sell(lab, 'USD-2', 2_000, 'USD', [{ shopId: shop, price: '20.00', commission: '2.00' }])
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle(cycle)
    await settle(lab)
    expect(await cycleRows(lab)).toEqual([
      ['payout', '10800 USD', null, 'on_hold currency_differs'],
    ])
    const [payout] = await lab.movements('payout')
    expect(payout?.facts).toMatchObject({
      cycle: '10800 USD',
      settled: expect.arrayContaining(['8223 EUR', '1800 USD']),
    })
  })

  test('wait for an order that is not split, and are then paid out', async () => {
    const { lab, shop } = await openPlatform()
    await sell(lab, 'USD-1', 10_000, 'USD', [
      { shopId: shop, price: '100.00', commission: '10.00' },
    ])
    await lab.run('split-payments')
    const [late] = await sell(lab, 'USD-2', 2_000, 'USD', [
      { shopId: shop, price: '20.00', commission: '2.00' },
    ])
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle(cycle)
    await lab.run('settle-sellers')
    expect(await cycleRows(lab)).toEqual([
      ['payout', '8223 EUR', '10800 USD', 'on_hold waits_for_movements'],
    ])
    const [payout] = await lab.movements('payout')
    expect(payout?.facts).toEqual({ movements: { [`order ${late}`]: 'not_split' } })
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    await settle(lab)
    expect(await cycleRows(lab)).toEqual([['payout', '9867 EUR', '10800 USD', 'succeeded']])
    expect(await heldBy(lab, shop)).toEqual({ eur: 0 })
  })

  test('with a promotion that the operator pays for', async () => {
    const { lab, shop } = await openPlatform()
    await lab.pay('USD-1', 7_000, { currency: 'usd' })
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'USD-1',
      currency: 'USD',
      orders: [
        {
          shopId: shop,
          lines: [{ price: '100.00', commission: '10.00', fundingOperator: '30.00' }],
        },
      ],
    })
    lab.mirakl.acceptOrder(order)
    await lab.receive()
    await lab.run('validate-payments')
    await lab.clock.advance(3 * day)
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle(cycle)
    await settle(lab)
    // 63.96 for 70.00 USD of the customer, and 18.27 of the platform for 20.00.
    expect(await cycleRows(lab)).toEqual([['payout', '8223 EUR', '9000 USD', 'succeeded']])
    expect(await heldBy(lab, shop)).toEqual({ eur: 0 })
  })

  test('hold what the marketplace takes and gives in dollars', async () => {
    const { lab, shop } = await openPlatform()
    const dollars = await lab.openSeller({ name: 'West', currency: 'USD' })
    const sales = [{ shopId: dollars, price: '100.00', commission: '10.00' }]
    await sell(lab, 'USD-1', 10_000, 'USD', sales)
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.setSubscription(dollars, { amount: '9.00', tax: '0.00' })
    lab.mirakl.addManualDocument(dollars, { type: 'CREDIT', amount: '4.00' })
    lab.mirakl.closeCycle(cycle)
    await settle(lab)
    expect(await cycleRows(lab)).toEqual([
      ['collection subscription', '900 USD', null, 'on_hold currency_differs'],
      ['credit credits', '400 USD', null, 'on_hold currency_differs'],
      ['payout', '8223 EUR', '8500 USD', 'on_hold waits_for_movements'],
    ])
    const [subscription] = await lab.movements('collection')
    expect(subscription?.facts).toEqual({ owed: '900 USD', account: '8223 EUR' })
    expect(await heldBy(lab, dollars)).toEqual({ eur: 8223 })
    expect(await heldBy(lab, shop)).toEqual({})
  })

  test('of nothing but a subscription, in a currency that the account has never had', async () => {
    const { lab } = await openPlatform()
    const dollars = await lab.openSeller({ name: 'West', currency: 'USD' })
    await sell(lab, 'EUR-1', 5_000, 'EUR', [
      { shopId: dollars, price: '50.00', commission: '5.00' },
    ])
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.setSubscription(dollars, { amount: '9.00', tax: '0.00' })
    lab.mirakl.closeCycle(cycle)
    await settle(lab)
    expect(await cycleRows(lab)).toEqual([
      ['collection subscription', '900 USD', null, 'on_hold currency_differs'],
      ['payout', '-900 USD', null, 'on_hold negative_cycle'],
    ])
    const [subscription] = await lab.movements('collection')
    expect(subscription?.facts).toEqual({ owed: '900 USD', account: '0 EUR' })
  })

  test('are held while what they hold cannot be read', async () => {
    const { lab, shop } = await openPlatform()
    await sell(lab, 'USD-1', 10_000, 'USD', [
      { shopId: shop, price: '100.00', commission: '10.00' },
    ])
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle(cycle)
    const silent = {
      ...lab.marketplace,
      cycleLines: () => {
        throw new MarketplaceError('rate_limited', 'too often', 'wait')
      },
    }
    expect(await lab.run('settle-sellers', { marketplace: silent })).toMatchObject({ error: null })
    expect(await cycleRows(lab)).toEqual([['payout', '9000 USD', null, 'on_hold contents_unknown']])
    await settle(lab)
    expect(await cycleRows(lab)).toEqual([['payout', '8223 EUR', '9000 USD', 'succeeded']])
  })
})

describe('the cycles of taxed charges in USD that settle in EUR', () => {
  test('are paid out without the tax that is kept apart', async () => {
    const { lab, shop, taxAccount } = await openTaxShop(database)
    await lab.pay('EUR-0', 50_000, { capture_method: 'automatic' })
    lab.stripe.configure({ conversions: { usd: { currency: 'eur', rate: '0.9137' } } })
    const sale = { shopId: shop, price: '100.00', commission: '10.00', taxes: '20.00' }
    const [order] = await sell(lab, 'USD-1', 10_000, 'USD', [sale])
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
    await lab.run('refund-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle(cycle)
    await settle(lab)
    // 70.00 less 21.00 of it; 20.00 of tax less 6.00.
    const [payout] = await cycleRows(lab)
    expect(payout).toEqual(['payout', '4477 EUR', '4900 USD', 'succeeded'])
    expect(await heldBy(lab, shop)).toEqual({ eur: 0 })
    expect(taxHeldBy(lab, taxAccount)).toBe(1_279)
    expect(await shownAsPaid(lab)).toEqual(['paid 4900 USD'])
  })
})
