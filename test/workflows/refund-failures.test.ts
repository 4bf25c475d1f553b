import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { retryMovement } from '../../src/workflows/change-movement.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, purchaseTotals, refundRows, sellOne, toldRefunds } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute
const thirty = { amount: '30.00', commission: '3.00' }

/** The platform has money of its own, so that refunds are done at once. */
async function fillPlatform(lab: Laboratory): Promise<void> {
  await lab.pay('P-OWN', 50_000, { capture_method: 'automatic' })
}

/** What the seller's account holds, pending or not. */
async function balanceOf(lab: Laboratory, shop: number): Promise<number> {
  const books = lab.stripe.books().accounts[await lab.accountOf(shop)]?.['eur']
  return (books?.available ?? 0) + (books?.pending ?? 0)
}

async function refundAtStripe(lab: Laboratory): Promise<string> {
  const [refund] = await lab.movements('refund')
  return refund?.providerId ?? ''
}

describe('a refund that fails at the customer’s bank', () => {
  test('after its reversal: the return is observed and the seller gets it back, once', async () => {
    const { lab, shop } = await openShop(database)
    await fillPlatform(lab)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    expect(await balanceOf(lab, shop)).toBe(6_300)
    await lab.clock.advance(5 * day)
    lab.stripe.failRefund(await refundAtStripe(lab))
    await lab.receive()
    expect(await lab.movements('return')).toMatchObject([{ amount: 3_000n, status: 'succeeded' }])
    const report = await lab.run('refund-payments')
    expect(report).toMatchObject({ error: null, sent: 1, succeeded: 1, failed: 0 })
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['restitution', id, 2_700n, 'succeeded', null],
      ['reversal', id, 2_700n, 'succeeded', null],
    ])
    expect(await balanceOf(lab, shop)).toBe(9_000)
    expect(await lab.openRefunds()).toEqual([])
    const [payment] = await paymentRows(lab, 'P-1')
    expect(payment).toMatchObject({ status: 'captured', refunded: 0n })
  })

  test('after a split net of it: the seller gets what the transfer left out', async () => {
    const { lab, shop } = await openShop(database)
    await fillPlatform(lab)
    const order = await sellOne(lab, shop, 'P-1')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    await lab.clock.advance(5 * minute)
    await lab.run('split-payments')
    await lab.run('refund-payments')
    await lab.clock.advance(5 * day)
    lab.stripe.failRefund(await refundAtStripe(lab))
    await lab.receive()
    await lab.run('refund-payments')
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['restitution', id, 2_700n, 'succeeded', null],
    ])
    expect(await balanceOf(lab, shop)).toBe(9_000)
  })

  test('of all of an order before its split: the order is split after all', async () => {
    const { lab, shop } = await openShop(database)
    await fillPlatform(lab)
    const order = await sellOne(lab, shop, 'P-1')
    lab.mirakl.openRefund(`${order}-1`)
    await lab.run('refund-payments')
    await lab.receive()
    await lab.run('split-payments')
    expect(await lab.movements('transfer')).toEqual([])
    await lab.clock.advance(5 * day)
    lab.stripe.failRefund(await refundAtStripe(lab))
    await lab.receive()
    await lab.run('refund-payments')
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect(await balanceOf(lab, shop)).toBe(9_000)
    expect(await lab.movements('restitution')).toEqual([])
  })

  test('while the provider still had it pending: refused, and the reversal is given back', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    // More than what the platform has with the seller's part: the commission was paid out.
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    lab.faults.add({ side: 'stripe', kind: 'error_json', method: 'POST', path: '/reversals' })
    await lab.run('refund-payments')
    const refund = await refundAtStripe(lab)
    expect((await lab.sdk.refunds.retrieve(refund)).status).toBe('pending')
    lab.faults.clear()
    lab.stripe.failRefund(refund)
    await lab.receive()
    await lab.clock.advance(day)
    await lab.run('refund-payments')
    await lab.clock.advance(5 * day)
    await lab.run('refund-payments')
    const rows = await refundRows(lab)
    expect(rows[0]).toEqual(['refund', id, 3_000n, 'failed', 'provider_refused'])
    expect(await balanceOf(lab, shop)).toBe(9_000)
    // It was told as paid before, which Mirakl cannot take back.
    expect(await toldRefunds(lab)).toEqual([[id, 'paid', 'succeeded', null, refund]])
    expect(await lab.openRefunds()).toEqual([])
  })
})

async function paymentRows(lab: Laboratory, purchaseId: string) {
  return database.queries
    .selectFrom('payments')
    .select(['status', 'refunded', 'captured'])
    .where('environment_id', '=', lab.environment.id)
    .where('purchase_id', '=', purchaseId)
    .execute()
}

describe('a refund that Stripe refuses', () => {
  test('is told as REFUSED once, with the reason; tried again by an operator it is told as paid', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const [payment] = await lab.movements('transfer')
    // Somebody refunded 80.00 by hand: 30.00 exceed what is left of the charge.
    const [capture] = await lab.movements('capture')
    const intent = capture?.parties.paymentId ?? ''
    const byHand = await lab.sdk.refunds.create({ payment_intent: intent, amount: 8_000 })
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    const report = await lab.run('refund-payments')
    expect(report).toMatchObject({ error: null, failed: 1, confirmed: 1 })
    await lab.clock.advance(5 * minute)
    await lab.run('refund-payments')
    expect(await toldRefunds(lab)).toEqual([[id, 'refused', 'succeeded', 'provider_refused', null]])
    const [refund] = await lab.movements('refund')
    expect(refund).toMatchObject({ status: 'failed', reason: 'provider_refused' })
    expect(refund?.failure?.message).toMatch(/greater than unrefunded amount/)
    expect(await lab.movements('reversal')).toEqual([])
    expect(payment?.status).toBe('succeeded')

    await lab.sdk.refunds.cancel(byHand.id)
    await retryMovement(lab.work(), refund?.id ?? '')
    await lab.run('refund-payments')
    expect(await toldRefunds(lab)).toMatchObject([
      [id, 'refused', 'succeeded', 'provider_refused', null],
      [id, 'paid', 'succeeded', null, /^re_/],
    ])
    expect(await lab.movements('reversal')).toMatchObject([{ amount: 2_700n, status: 'succeeded' }])
    expect(await lab.openRefunds()).toEqual([])
  })

  test('because all of the payment went back already is refused without being asked', async () => {
    const { lab, shop } = await openShop(database)
    await fillPlatform(lab)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const [capture] = await lab.movements('capture')
    await lab.sdk.refunds.create({ payment_intent: capture?.parties.paymentId ?? '' })
    await lab.receive()
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([['refund', id, 3_000n, 'canceled', 'payment_refunded']])
    expect(await toldRefunds(lab)).toEqual([[id, 'refused', 'succeeded', 'payment_refunded', null]])
  })
})

describe('defect 9: a reversal that has to be tried again', () => {
  test('keeps its own amount and is made once', async () => {
    const { lab, shop } = await openShop(database)
    await fillPlatform(lab)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T12:00:00Z' })
    await lab.run('settle-sellers')
    await lab.clock.advance(3 * day)
    await lab.run('settle-sellers')
    const id = lab.mirakl.openRefund(`${order}-1`, thirty)
    // New money of the seller is pending: Stripe is asked, and says that it does not count yet.
    await sellOne(lab, shop, 'P-2')
    await lab.run('split-payments')
    const report = await lab.run('refund-payments')
    expect(report).toMatchObject({ failed: 1 })
    expect(await refundRows(lab)).toContainEqual([
      'reversal',
      id,
      2_700n,
      'failed',
      'insufficient_funds',
    ])
    for (const _ of [1, 2, 3]) {
      await lab.clock.advance(5 * minute)
      await lab.run('refund-payments')
    }
    const asked = lab.calls.stripe.filter(call => call.endsWith('/reversals'))
    expect(asked).toHaveLength(1)
    await lab.clock.advance(3 * day)
    await lab.run('refund-payments')
    await lab.run('refund-payments')
    expect(await lab.movements('reversal')).toMatchObject([
      { amount: 2_700n, sentAmount: 2_700n, status: 'succeeded', attempt: 2 },
    ])
    expect(purchaseTotals(lab)).toMatchObject({ refunded: 3_000, reversed: 2_700 })
  })
})
