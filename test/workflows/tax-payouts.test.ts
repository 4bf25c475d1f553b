import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { sellOne } from './refund-shop.ts'
import { heldBy, openTaxShop } from './tax-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 60 * 60_000
/** An order of 100.00 with 20.00 of tax inside and a commission of 10.00. */
const taxed = { taxes: '20.00' }

/** Closes the cycle of what was sold since, pays it out and lets the payout land. */
async function payOut(lab: Laboratory, start: string, end: string): Promise<void> {
  await lab.clock.advance(3 * day)
  lab.mirakl.closeCycle({ start, end })
  for (const _ of [1, 2]) {
    await lab.run('settle-sellers')
    await lab.clock.advance(3 * day)
    await lab.receive()
  }
  await lab.run('settle-sellers')
}

async function shownCycles(lab: Laboratory): Promise<string[]> {
  const shown: string[] = []
  for await (const page of lab.marketplace.cycles({ feed: 'invoices' })) {
    for (const reading of page.readings)
      if (reading.ok) shown.push(`${reading.value.payState} ${reading.value.amount}`)
  }
  return shown.toSorted()
}

describe('Mirakl remits taxes by the operator: a refund after the payout of the taxed order', () => {
  test.each([
    [
      'of a part',
      { amount: '30.00', commission: '3.00' },
      { cycles: ['paid 4900', 'paid 7000'], tax: 3_400n, kept: 1_700n },
    ],
    ['of everything', undefined, { cycles: ['paid 7000', 'pending 0'], tax: 2_000n, kept: 1_000n }],
  ])('%s: is net in the next cycle, and nothing is left over', async (_, part, expected) => {
    const { lab, shop, taxAccount } = await openTaxShop(database)
    await lab.pay('P-OWN', 50_000, { capture_method: 'automatic' })
    const order = await sellOne(lab, shop, 'P-1', taxed)
    await lab.run('split-payments')
    await payOut(lab, '2026-11-01T00:00:00Z', '2026-11-05T12:00:00Z')
    expect(await shownCycles(lab)).toEqual(['paid 7000'])
    lab.mirakl.openRefund(`${order}-1`, part)
    await lab.run('refund-payments')
    expect(await lab.movements('reversal')).toMatchObject([
      { status: 'on_hold', reason: 'seller_balance_short' },
    ])
    await sellOne(lab, shop, 'P-2', taxed)
    await lab.run('split-payments')
    await payOut(lab, '2026-11-05T12:00:00Z', '2026-11-30T00:00:00Z')
    await lab.run('refund-payments')
    expect(await shownCycles(lab)).toEqual(expected.cycles)
    expect(await lab.openRefunds()).toEqual([])
    expect(heldBy(lab, await lab.accountOf(shop))).toBe(0)
    expect(heldBy(lab, taxAccount)).toBe(Number(expected.tax))
    // An account that is not named here holds nothing: no seller, escrow or payout under way.
    const bank = expected.cycles.reduce((sum, cycle) => sum + BigInt(cycle.split(' ')[1] ?? ''), 0n)
    expect(await lab.balances()).toEqual({
      [`bank:${shop}`]: bank,
      commission: expected.kept,
      customer: -(bank + expected.kept + expected.tax + 50_000n),
      operator_sales: 50_000n,
      tax_account: expected.tax,
    })
  })
})
