import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { cancelMovement } from '../../src/workflows/change-movement.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, openLaboratory } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'

/** The worked examples of docs/ledger.md, with the balances that they end in. */

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute
const thirty = { amount: '30.00', commission: '3.00' }
const topUp = 50_000

/** The platform can pay what it owes: the operator brings money in. */
async function fill(lab: Laboratory): Promise<void> {
  await lab.sdk.topups.create({ amount: topUp, currency: 'eur' })
  await lab.receive()
}

/** Balances without what the operator brought in, once the books hold against the simulator's. */
async function closing(lab: Laboratory): Promise<Record<string, bigint>> {
  await lab.receive()
  expect(await lab.auditLedger()).toEqual([])
  expect(await lab.openEscrows()).toEqual({})
  const { operator_bank: brought = 0n, ...rest } = await lab.balances()
  return { ...rest, commission: (rest['commission'] ?? 0n) + brought }
}

async function payOut(lab: Laboratory, end = '2026-11-05T12:00:00Z'): Promise<void> {
  await lab.clock.advance(3 * day)
  lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end })
  await lab.run('settle-sellers')
  await lab.clock.advance(3 * day)
  await lab.run('settle-sellers')
}

async function chargeOf(lab: Laboratory): Promise<string> {
  const row = await lab.database.queries
    .selectFrom('payments')
    .select('charge_id')
    .where('environment_id', '=', lab.environment.id)
    .executeTakeFirstOrThrow()
  return row.charge_id ?? ''
}

const refundAtStripe = async (lab: Laboratory) =>
  (await lab.movements('refund'))[0]?.providerId ?? ''

describe('a refund of 30.00 with 3.00 of the commission', () => {
  const net = { customer: -7_000n, commission: 700n }

  test('before the split', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    await lab.clock.advance(5 * minute)
    await lab.run('split-payments')
    await lab.run('refund-payments')
    expect(await closing(lab)).toEqual({ ...net, [`seller:${shop}`]: 6_300n })
  })

  test('before the capture, which is less by it', async () => {
    const { lab, shop } = await openShop(database)
    await lab.pay('P-1', 15_000)
    const [kept = '', undecided = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: [
        { shopId: shop, lines: [{ price: '100.00', commission: '10.00' }] },
        { shopId: shop, lines: [{ price: '50.00', commission: '5.00' }] },
      ],
    })
    lab.mirakl.acceptOrder(kept)
    await lab.receive()
    await lab.run('validate-payments')
    lab.mirakl.openRefund(`${kept}-1`, thirty)
    await lab.run('refund-payments')
    lab.mirakl.acceptOrder(undecided)
    await lab.clock.advance(5 * minute)
    await lab.run('validate-payments')
    for (const job of ['refund-payments', 'split-payments', 'refund-payments'] as const) {
      await lab.run(job)
    }
    expect(await closing(lab)).toEqual({
      customer: -12_000n,
      commission: 1_200n,
      [`seller:${shop}`]: 10_800n,
    })
  })

  test('after the split', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    expect(await closing(lab)).toEqual({ ...net, [`seller:${shop}`]: 6_300n })
  })

  test('after the payout: escrow lacks it until the next sale brings it', async () => {
    const { lab, shop } = await openShop(database)
    await fill(lab)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    await payOut(lab)
    lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    await lab.receive()
    expect(await lab.auditLedger()).toEqual([])
    expect(await lab.openEscrows()).toEqual({ 'P-1': -2_700n })
    await sellOne(lab, shop, 'P-2')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-05T12:00:00Z', end: '2026-11-30T00:00:00Z' })
    await lab.run('settle-sellers')
    await lab.clock.advance(3 * day)
    await lab.run('settle-sellers')
    expect(await closing(lab)).toEqual({
      customer: -17_000n,
      commission: 1_700n,
      [`bank:${shop}`]: 15_300n,
    })
  })

  test('after the payout, given up by the operator: he bears what the seller owes', async () => {
    const { lab, shop } = await openShop(database)
    await fill(lab)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    await payOut(lab)
    lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    const [held] = await lab.movements('reversal')
    await cancelMovement(lab.work(), held?.id ?? '')
    const borne = { ...net, commission: 700n - 2_700n, [`bank:${shop}`]: 9_000n }
    expect(await closing(lab)).toEqual(borne)
  })

  test('that fails after its reversal: everybody has what he had', async () => {
    const { lab, shop } = await openShop(database)
    await fill(lab)
    const order = await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${order}-1`, thirty)
    await lab.run('refund-payments')
    await lab.clock.advance(5 * day)
    lab.stripe.failRefund(await refundAtStripe(lab))
    await lab.receive()
    await lab.run('refund-payments')
    const whole = { customer: -10_000n, commission: 1_000n, [`seller:${shop}`]: 9_000n }
    expect(await closing(lab)).toEqual(whole)
  })
})

describe('a dispute after the split', () => {
  const setUp = async () => {
    const { lab, shop } = await openShop(database)
    await fill(lab)
    await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const dispute = lab.stripe.dispute(await chargeOf(lab))
    await lab.receive()
    await lab.run('refund-payments')
    return { lab, shop, dispute }
  }

  test('that is lost costs the seller his share, the operator commission and fee', async () => {
    const { lab, dispute } = await setUp()
    lab.stripe.disputeLost(dispute)
    await lab.receive()
    await lab.run('refund-payments')
    await lab.run('refund-payments')
    expect(await closing(lab)).toEqual({ commission: -1_500n, provider_fees: 1_500n })
  })

  test('that is won costs the fee', async () => {
    const { lab, shop, dispute } = await setUp()
    lab.stripe.disputeWon(dispute)
    await lab.receive()
    await lab.run('refund-payments')
    await lab.run('refund-payments')
    expect(await closing(lab)).toEqual({
      customer: -10_000n,
      commission: -500n,
      provider_fees: 1_500n,
      [`seller:${shop}`]: 9_000n,
    })
  })
})

describe('a basket', () => {
  async function basket(capture: 'manual' | 'automatic', lines: readonly { price: string }[]) {
    const { lab, shop } = await openShop(database)
    await lab.pay('P-1', 15_000, { capture_method: capture })
    const orders = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: lines.map(line => ({ shopId: shop, lines: [{ ...line, commission: '10.00' }] })),
    })
    return { lab, shop, orders }
  }
  const settle = async (lab: Laboratory) => {
    await lab.receive()
    for (const job of ['validate-payments', 'validate-payments', 'split-payments'] as const) {
      await lab.run(job)
      await lab.clock.advance(5 * minute)
    }
  }

  test.each(['manual', 'automatic'] as const)(
    'of 150 with own goods of 50, captured %s',
    async capture => {
      const { lab, shop, orders } = await basket(capture, [{ price: '100.00' }])
      for (const order of orders) lab.mirakl.acceptOrder(order)
      await settle(lab)
      expect(await closing(lab)).toEqual({
        customer: -15_000n,
        commission: 1_000n,
        operator_sales: 5_000n,
        [`seller:${shop}`]: 9_000n,
      })
    },
  )

  test.each(['manual', 'automatic'] as const)(
    'with a refused order of 50, captured %s',
    async capture => {
      const lines = [{ price: '100.00' }, { price: '50.00' }]
      const { lab, shop, orders } = await basket(capture, lines)
      const [kept = '', refused = ''] = orders
      lab.mirakl.acceptOrder(kept)
      lab.mirakl.refuseOrder(refused)
      await settle(lab)
      expect(await closing(lab)).toEqual({
        customer: -10_000n,
        commission: 1_000n,
        [`seller:${shop}`]: 9_000n,
      })
    },
  )
})

test('a basket of own goods alone is the operator’s sale a day later, an order that comes late is not', async () => {
  const { lab, shop } = await openShop(database)
  await lab.pay('P-1', 10_000, { capture_method: 'automatic' })
  await lab.receive()
  await lab.run('validate-payments')
  expect(await lab.openEscrows()).toEqual({ 'P-1': 10_000n })
  await lab.clock.advance(day)
  await lab.run('validate-payments')
  await lab.run('validate-payments')
  expect(await closing(lab)).toEqual({
    customer: -10_000n,
    commission: 0n,
    operator_sales: 10_000n,
  })
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: 'P-1',
    currency: 'EUR',
    orders: [{ shopId: shop, lines: [{ price: '60.00', commission: '6.00' }] }],
  })
  lab.mirakl.acceptOrder(order)
  for (const job of ['validate-payments', 'validate-payments', 'split-payments'] as const) {
    await lab.run(job)
    await lab.clock.advance(5 * minute)
  }
  expect(await closing(lab)).toEqual({
    customer: -10_000n,
    commission: 600n,
    operator_sales: 4_000n,
    [`seller:${shop}`]: 5_400n,
  })
})

test('an order whose transfer the operator gives up stays with him', async () => {
  const { lab, shop } = await openShop(database)
  await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments', { environment: { ...lab.environment, paused: true } })
  const [held] = await lab.movements('transfer')
  await cancelMovement(lab.work(), held?.id ?? '')
  expect(await closing(lab)).toEqual({ customer: -10_000n, commission: 10_000n })
})

test('a commission above the share is collected from the seller', async () => {
  const { lab, shop } = await openShop(database)
  await sellOne(lab, shop, 'P-1')
  await sellOne(lab, shop, 'P-2', { price: '5.00', commission: '8.00', minor: 500 })
  await lab.run('split-payments')
  await lab.clock.advance(7 * day)
  await lab.run('split-payments')
  expect(await closing(lab)).toEqual({
    customer: -10_500n,
    commission: 1_800n,
    [`seller:${shop}`]: 8_700n,
  })
})

test('three sales of 1.234 KWD: what could not be expressed is the operator’s until its credit', async () => {
  const lab = await openLaboratory(database)
  lab.stripe.configure({ fees: {} })
  const shop = await lab.openSeller({ currency: 'KWD', country: 'KWT' })
  for (const purchase of ['P-1', 'P-2', 'P-3']) {
    await lab.pay(purchase, 1_240, { currency: 'kwd' })
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: purchase,
      currency: 'KWD',
      orders: [{ shopId: shop, lines: [{ price: '1.234', commission: '0' }] }],
    })
    lab.mirakl.acceptOrder(order)
  }
  await lab.receive()
  await lab.run('validate-payments')
  await lab.run('split-payments')
  expect(await closing(lab)).toEqual({
    customer: -3_720n,
    commission: 12n,
    operator_sales: 18n,
    [`seller:${shop}`]: 3_690n,
  })
  await payOut(lab)
  expect(await closing(lab)).toEqual({
    customer: -3_720n,
    commission: 2n,
    operator_sales: 18n,
    [`bank:${shop}`]: 3_700n,
  })
})
