import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, refundRows, sellOne } from './refund-shop.ts'
import { heldBy } from './tax-shop.ts'

/** A refund may give back more commission than it refunds: the difference is the seller's. */

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 60 * 60_000
const five = { amount: '5.00', commission: '8.00' }

async function fillPlatform(lab: Laboratory): Promise<void> {
  await lab.pay('P-OWN', 50_000, { capture_method: 'automatic' })
  await lab.clock.advance(3 * day)
}

test('after the split: the seller gets 3 more, and the cycle that counts it is paid', async () => {
  const { lab, shop } = await openShop(database)
  await fillPlatform(lab)
  const order = await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  const id = lab.mirakl.openRefund(`${order}-1`, five)
  await lab.run('refund-payments')
  await lab.receive()
  await lab.run('refund-payments')
  expect(await refundRows(lab)).toEqual([
    ['refund', id, 500n, 'succeeded', null],
    ['restitution', id, 300n, 'succeeded', null],
  ])
  expect(heldBy(lab, await lab.accountOf(shop))).toBe(9_300)
  expect(await lab.openRefunds()).toEqual([])
  expect(await lab.balances()).toMatchObject({ commission: 200n })
  expect(await lab.openEscrows()).not.toHaveProperty('P-1')
  await lab.clock.advance(10 * day)
  lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-14T00:00:00Z' })
  await lab.run('settle-sellers')
  expect(await lab.movements('payout')).toMatchObject([{ amount: 9_300n, status: 'accepted' }])
})

test('before the split: the transfer has it already', async () => {
  const { lab, shop } = await openShop(database)
  await fillPlatform(lab)
  const order = await sellOne(lab, shop, 'P-1')
  const id = lab.mirakl.openRefund(`${order}-1`, five)
  await lab.run('refund-payments')
  await lab.clock.advance(day)
  await lab.run('split-payments')
  await lab.run('refund-payments')
  expect(await refundRows(lab)).toEqual([['refund', id, 500n, 'succeeded', null]])
  expect(heldBy(lab, await lab.accountOf(shop))).toBe(9_300)
  expect(await lab.openRefunds()).toEqual([])
  expect(await lab.balances()).toMatchObject({ commission: 200n })
  expect(await lab.openEscrows()).not.toHaveProperty('P-1')
})

test('of an order whose commission was collected: what was collected goes back', async () => {
  const { lab, shop } = await openShop(database)
  await fillPlatform(lab)
  await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  await lab.clock.advance(5 * day)
  const order = await sellOne(lab, shop, 'P-2', { price: '5.00', commission: '8.00', minor: 500 })
  await lab.run('split-payments')
  expect(heldBy(lab, await lab.accountOf(shop))).toBe(8_700)
  const id = lab.mirakl.openRefund(`${order}-1`, five)
  await lab.run('refund-payments')
  await lab.receive()
  await lab.run('refund-payments')
  expect(await refundRows(lab)).toContainEqual(['restitution', id, 300n, 'succeeded', null])
  expect(heldBy(lab, await lab.accountOf(shop))).toBe(9_000)
  expect(await lab.openRefunds()).toEqual([])
})

test('is taken back when the refund fails at the bank, once', async () => {
  const { lab, shop } = await openShop(database)
  await fillPlatform(lab)
  const order = await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  const id = lab.mirakl.openRefund(`${order}-1`, five)
  await lab.run('refund-payments')
  await lab.clock.advance(5 * day)
  const [refund] = await lab.movements('refund')
  lab.stripe.failRefund(refund?.providerId ?? '')
  await lab.receive()
  await lab.run('refund-payments')
  await lab.run('refund-payments')
  expect(await refundRows(lab)).toEqual([
    ['refund', id, 500n, 'succeeded', null],
    ['restitution', id, 300n, 'succeeded', null],
    ['reversal', id, 300n, 'succeeded', null],
  ])
  expect(heldBy(lab, await lab.accountOf(shop))).toBe(9_000)
  expect(await lab.openRefunds()).toEqual([])
})

test('waits while the platform has too little', async () => {
  const { lab, shop } = await openShop(database)
  const order = await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  const id = lab.mirakl.openRefund(`${order}-1`, five)
  await lab.run('refund-payments')
  expect(await refundRows(lab)).toContainEqual([
    'restitution',
    id,
    300n,
    'on_hold',
    'platform_balance_short',
  ])
  expect(await lab.openRefunds()).toEqual([id])
  await fillPlatform(lab)
  await lab.clock.advance(5 * day)
  await lab.run('refund-payments')
  expect(await refundRows(lab)).toContainEqual(['restitution', id, 300n, 'succeeded', null])
  expect(await lab.openRefunds()).toEqual([])
})
