import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 3600 * 1000
const cycle = { start: '2026-11-01T00:00:00Z', end: '2026-11-30T00:00:00Z' }

/** A platform that has euros only, with money of its own, and one seller. */
async function openPlatform(rate = '0.9137') {
  // The ledger has no conversions yet: it books a payment in USD and its transfers in EUR.
  const { lab, shop } = await openShop(database, { audited: false })
  await lab.pay('EUR-0', 50_000, { capture_method: 'automatic' })
  lab.stripe.configure({ conversions: { usd: { currency: 'eur', rate } } })
  return { lab, shop }
}

interface Sale {
  readonly shopId: number
  readonly price: string
  readonly commission: string
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
})
