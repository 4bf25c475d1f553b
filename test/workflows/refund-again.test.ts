import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { cancelMovement, retryMovement } from '../../src/workflows/change-movement.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, refundRows, sellOne, toldRefunds } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute
const thirty = { amount: '30.00', commission: '3.00' }

async function balanceOf(lab: Laboratory, shop: number): Promise<number> {
  const books = lab.stripe.books().accounts[await lab.accountOf(shop)]?.['eur']
  return (books?.available ?? 0) + (books?.pending ?? 0)
}

async function settle(lab: Laboratory): Promise<void> {
  for (const _ of [1, 2]) {
    await lab.receive()
    await lab.clock.advance(5 * minute)
    await lab.run('refund-payments')
  }
}

describe('a refund that fails, is given back to the seller, and is tried again', () => {
  test('takes from the seller what was given back, and no more', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    // The reversal does not get through, so the refund stays pending at Stripe, and fails there.
    lab.faults.add({ side: 'stripe', kind: 'cut_before', method: 'POST', path: '/reversals' })
    await lab.run('refund-payments')
    lab.faults.clear()
    const [refund] = await lab.movements('refund')
    lab.stripe.failRefund(refund?.providerId ?? '')
    await settle(lab)
    await lab.clock.advance(3 * day)
    await settle(lab)
    expect(await balanceOf(lab, shop)).toBe(9_000)
    expect(await lab.openRefunds()).toEqual([])
    expect((await retryMovement(lab.work(), refund?.id ?? '')).ok).toBe(true)
    await settle(lab)
    expect(await balanceOf(lab, shop)).toBe(6_300)
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['restitution', id, 2_700n, 'succeeded', null],
      ['reversal', id, 2_700n, 'succeeded', null],
      ['reversal', id, 2_700n, 'succeeded', null],
    ])
    expect(await lab.openRefunds()).toEqual([])
  })
})

describe('an operator', () => {
  test('who gives a held reversal up ends the matter, and the payout waits no more', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T12:00:00Z' })
    await lab.run('settle-sellers')
    await lab.clock.advance(3 * day)
    await lab.run('settle-sellers')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    const [held] = await lab.movements('reversal')
    expect(held).toMatchObject({ status: 'on_hold', reason: 'seller_balance_short' })
    await cancelMovement(lab.work(), held?.id ?? '')
    await settle(lab)
    expect(await lab.openRefunds()).toEqual([])
    expect(await refundRows(lab)).toContainEqual([
      'reversal',
      id,
      2_700n,
      'canceled',
      'canceled_by_operator',
    ])
  })

  test('who gives a refund up tells Mirakl himself', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments', { environment: { ...lab.environment, paused: true } })
    const [refund] = await lab.movements('refund')
    await cancelMovement(lab.work(), refund?.id ?? '')
    await settle(lab)
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'canceled', 'canceled_by_operator'],
    ])
    expect(await toldRefunds(lab)).toEqual([])
    expect(await balanceOf(lab, shop)).toBe(9_000)
  })
})

describe('two refunds of one order', () => {
  test('never take more than the transfer had', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    // Mirakl gives no commission back on either: together they ask for more than was transferred.
    lab.mirakl.openRefund(`${order}-1`, { amount: '50.00', commission: '0' })
    lab.mirakl.openRefund(`${order}-1`, { amount: '50.00', commission: '0' })
    await settle(lab)
    const reversals = await lab.movements('reversal')
    const amounts = reversals.map(each => each.amount ?? 0n)
    expect(amounts.reduce((sum, each) => sum + each, 0n)).toBe(9_000n)
    expect(await balanceOf(lab, shop)).toBe(0)
    expect(await lab.openRefunds()).toEqual([])
  })
})
