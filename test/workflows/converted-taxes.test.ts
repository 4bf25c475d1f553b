import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { heldBy, openTaxShop } from './tax-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 60 * 60_000

/** 100.01 USD with 20.00 of tax inside and a commission of 10.00, which brought 91.38 of a currency. */
async function openSale(brought = 'eur') {
  // The ledger has no conversions: it books this payment in USD and its transfers in EUR.
  const opened = await openTaxShop(database, { audited: false })
  const { lab, shop } = opened
  await lab.pay('EUR-1', 50_000, { capture_method: 'automatic' })
  lab.stripe.configure({ conversions: { usd: { currency: brought, rate: '0.9137' } } })
  await lab.pay('USD-1', 10_001, { currency: 'usd' })
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: 'USD-1',
    currency: 'USD',
    orders: [{ shopId: shop, lines: [{ price: '100.01', commission: '10.00', taxes: '20.00' }] }],
  })
  lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
  await lab.run('split-payments')
  return { ...opened, order }
}

/** Kind, what moved and the order's own amount, of what is done. */
async function moved(lab: Laboratory) {
  const kinds = ['transfer', 'tax_transfer', 'reversal', 'tax_reversal', 'restitution']
  return (await lab.movements())
    .filter(each => kinds.includes(each.kind) && each.status === 'succeeded')
    .map(({ kind, amount, currency, original }) =>
      [kind, amount, currency, 'for', original?.amount, original?.currency].join(' '),
    )
    .toSorted()
}

describe('taxes of a payment in USD that settles in EUR', () => {
  const split = ['tax_transfer 1827 EUR for 2000 USD', 'transfer 6396 EUR for 7001 USD']

  test('go to the tax account in the payment’s proportion, and come back with a refund', async () => {
    const { lab, shop, order, taxAccount } = await openSale()
    expect(await moved(lab)).toEqual(split)
    // The rate of another day changes nothing of what is taken back.
    lab.stripe.configure({ conversions: { usd: { currency: 'eur', rate: '0.99' } } })
    lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
    await lab.run('refund-payments')
    expect(await moved(lab)).toEqual([
      'reversal 1918 EUR for 2100 USD',
      'tax_reversal 548 EUR for 600 USD',
      ...split,
    ])
    lab.mirakl.openRefund(`${order}-1`, { amount: '70.01', commission: '7.00' })
    await lab.run('refund-payments')
    expect(heldBy(lab, taxAccount)).toBe(0)
    expect(heldBy(lab, await lab.accountOf(shop))).toBe(0)
    expect(await lab.openRefunds()).toEqual([])
  })

  test('wait while their account cannot keep what the payment brought; the seller does not', async () => {
    const { lab } = await openSale('gbp')
    const waiting = async () => {
      const [tax] = await lab.movements('tax_transfer')
      return [tax?.status, tax?.reason, tax?.amount, tax?.currency]
    }
    expect(await waiting()).toEqual(['on_hold', 'tax_account_currency', 1_827n, 'GBP'])
    expect(await moved(lab)).toEqual(['transfer 6396 GBP for 7001 USD'])
    await lab.run('split-payments')
    expect(await waiting()).toEqual(['on_hold', 'tax_account_currency', 1_827n, 'GBP'])
  })

  test('are given back as they were taken when the refund fails', async () => {
    const { lab, shop, order, taxAccount } = await openSale()
    lab.mirakl.openRefund(`${order}-1`)
    await lab.run('refund-payments')
    expect(heldBy(lab, taxAccount)).toBe(0)
    const [refund] = await lab.movements('refund')
    await lab.clock.advance(3 * day)
    lab.stripe.failRefund(refund?.providerId ?? '')
    await lab.receive()
    await lab.run('refund-payments')
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect(heldBy(lab, taxAccount)).toBe(1_827)
    expect(heldBy(lab, await lab.accountOf(shop))).toBe(6_396)
  })
})
