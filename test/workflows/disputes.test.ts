import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { statusOf } from '../../src/workflows/status.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, purchaseTotals, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const day = 24 * 3600_000

/** What was booked of disputes: kind, amount, order. */
async function booked(lab: Laboratory) {
  const kinds = ['dispute_loss', 'dispute_win', 'provider_fee']
  const movements = (await lab.movements()).filter(each => kinds.includes(each.kind))
  return movements
    .map(each => [each.kind, each.amount, each.status, each.parties.orderId])
    .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
}

async function storedDispute(lab: Laboratory) {
  const row = lab.database.queries
    .selectFrom('disputes')
    .select(['status', 'purchase_id', 'amount', 'evidence_due', 'reason', 'open'])
    .where('environment_id', '=', lab.environment.id)
  return row.executeTakeFirstOrThrow()
}

async function chargeOf(lab: Laboratory, purchase: string) {
  const row = await lab.database.queries
    .selectFrom('payments')
    .select('charge_id')
    .where('environment_id', '=', lab.environment.id)
    .where('purchase_id', '=', purchase)
    .executeTakeFirstOrThrow()
  return row.charge_id ?? ''
}

describe('what a dispute did to the balance is booked', () => {
  test('withdrawn with its fee, and lost', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    const dispute = lab.stripe.dispute(await chargeOf(lab, 'P-1'), { reason: 'duplicate' })
    await lab.receive()
    expect(await storedDispute(lab)).toMatchObject({
      status: 'needs_response',
      purchase_id: 'P-1',
      amount: 10_000n,
      reason: 'duplicate',
      evidence_due: new Date(lab.clock.now().getTime() + 14 * 24 * 3600_000),
    })
    lab.stripe.disputeLost(dispute)
    await lab.receive()
    expect(await storedDispute(lab)).toMatchObject({ status: 'lost' })
    expect(await booked(lab)).toEqual([
      ['dispute_loss', 10_000n, 'succeeded', order],
      ['provider_fee', 1_500n, 'succeeded', order],
    ])
  })

  test('won in part, with its events in the wrong order and twice', async () => {
    const { lab, shop } = await openShop(database)
    const order = await sellOne(lab, shop, 'P-1')
    const delayed = { action: 'delay', delaySeconds: 600, times: 1 } as const
    lab.stripe.disturbDelivery({ ...delayed, type: 'charge.dispute.created' })
    lab.stripe.disturbDelivery({ ...delayed, type: 'charge.dispute.funds_withdrawn' })
    lab.stripe.disturbDelivery({
      action: 'duplicate',
      type: 'charge.dispute.funds_reinstated',
      times: 1,
    })
    const dispute = lab.stripe.dispute(await chargeOf(lab, 'P-1'), { amount: 4_000 })
    lab.stripe.disputeWon(dispute, 2_500)
    await lab.receive()
    await lab.clock.advance(3_600_000)
    await lab.receive()
    expect(await storedDispute(lab)).toMatchObject({ status: 'won' })
    expect(await booked(lab)).toEqual([
      ['dispute_loss', 4_000n, 'succeeded', order],
      ['dispute_win', 2_500n, 'succeeded', order],
      ['provider_fee', 1_500n, 'succeeded', order],
    ])
  })

  test('an inquiry books nothing, until it becomes a dispute', async () => {
    const { lab, shop } = await openShop(database)
    await sellOne(lab, shop, 'P-1')
    const dispute = lab.stripe.dispute(await chargeOf(lab, 'P-1'), { inquiry: true })
    await lab.receive()
    expect(await storedDispute(lab)).toMatchObject({ status: 'inquiry' })
    expect(await booked(lab)).toEqual([])
    lab.stripe.escalateDispute(dispute)
    await lab.receive()
    expect(await storedDispute(lab)).toMatchObject({ status: 'needs_response' })
    expect((await booked(lab)).map(([kind]) => kind)).toEqual(['dispute_loss', 'provider_fee'])
  })
})

test('a dispute whose events are lost is found in the list, and followed', async () => {
  const { lab, shop } = await openShop(database)
  await sellOne(lab, shop, 'P-1')
  lab.stripe.disturbDelivery({ action: 'drop', times: 1000 })
  const dispute = lab.stripe.dispute(await chargeOf(lab, 'P-1'))
  await lab.run('refund-payments')
  expect(await storedDispute(lab)).toMatchObject({ status: 'needs_response' })
  await lab.clock.advance(3 * day)
  lab.stripe.disputeWon(dispute)
  await lab.run('refund-payments')
  expect(await storedDispute(lab)).toMatchObject({ status: 'won' })
  const lists = () => lab.calls.stripe.filter(call => call === 'GET /v1/disputes').length
  expect(lists()).toBe(2)
  await lab.run('refund-payments')
  expect(lists()).toBe(2)
  expect((await booked(lab)).map(([kind]) => kind)).toEqual([
    'dispute_loss',
    'dispute_win',
    'provider_fee',
  ])
})

describe("the seller's share of a disputed payment", () => {
  test('is held while the bank decides, and taken back when the dispute is lost', async () => {
    const { lab, shop } = await openShop(database)
    await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const dispute = lab.stripe.dispute(await chargeOf(lab, 'P-1'))
    await lab.receive()
    expect(await lab.run('refund-payments')).toMatchObject({
      error: null,
      holds: { dispute_open: 1 },
    })
    lab.stripe.disputeLost(dispute)
    await lab.receive()
    await lab.run('refund-payments')
    expect(await lab.movements('reversal')).toMatchObject([
      { amount: 9_000n, status: 'succeeded', parties: { sellerId: String(shop) } },
    ])
    expect(purchaseTotals(lab)).toMatchObject({ transferred: 9_000, reversed: 9_000 })
    await lab.run('refund-payments')
    expect(await storedDispute(lab)).toMatchObject({ status: 'lost', open: false })
    expect(await lab.run('refund-payments')).toMatchObject({ planned: 0, sent: 0 })
  })

  test('is left alone when the dispute is won', async () => {
    const { lab, shop } = await openShop(database)
    await sellOne(lab, shop, 'P-1')
    await lab.run('split-payments')
    const dispute = lab.stripe.dispute(await chargeOf(lab, 'P-1'))
    await lab.receive()
    await lab.run('refund-payments')
    lab.stripe.disputeWon(dispute)
    await lab.receive()
    await lab.run('refund-payments')
    await lab.run('refund-payments')
    expect(await lab.movements('reversal')).toMatchObject([
      { status: 'canceled', reason: 'dispute_won' },
    ])
    expect(purchaseTotals(lab)).toMatchObject({ reversed: 0, disputed: 0 })
    expect(await storedDispute(lab)).toMatchObject({ open: false })
  })

  test('is taken back at once by setting, in proportion, and given back when it is won', async () => {
    const { lab, shop } = await openShop(database, { settings: { disputes: 'reverse' } })
    const order = await sellOne(lab, shop, 'P-1')
    await lab.sdk.topups.create({ amount: 20_000, currency: 'eur' })
    await lab.run('split-payments')
    lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
    await lab.run('refund-payments')
    await lab.receive()
    // 35.00 of the 70.00 that are left: half of the seller's 63.00.
    const dispute = lab.stripe.dispute(await chargeOf(lab, 'P-1'), { amount: 3_500 })
    await lab.receive()
    await lab.run('refund-payments')
    const taken = (await lab.movements('reversal')).filter(each => each.source.id === dispute)
    expect(taken).toMatchObject([{ amount: 3_150n, status: 'succeeded' }])
    await lab.clock.advance(3 * day)
    lab.stripe.disputeWon(dispute, 1_750)
    await lab.receive()
    await lab.run('refund-payments')
    expect(await lab.movements('restitution')).toMatchObject([
      { amount: 1_575n, status: 'succeeded' },
    ])
    await lab.run('refund-payments')
    expect(await storedDispute(lab)).toMatchObject({ open: false })
    expect(await lab.run('refund-payments')).toMatchObject({ planned: 0, sent: 0 })
  })
})

test('the status lists what waits for evidence, the nearest deadline first', async () => {
  const { lab, shop } = await openShop(database)
  for (const purchase of ['P-1', 'P-2', 'P-3']) await sellOne(lab, shop, purchase)
  const first = lab.stripe.dispute(await chargeOf(lab, 'P-1'), { inquiry: true })
  await lab.receive()
  await lab.clock.advance(day)
  const second = lab.stripe.dispute(await chargeOf(lab, 'P-2'), { amount: 4_000 })
  lab.stripe.disputeLost(lab.stripe.dispute(await chargeOf(lab, 'P-3')))
  await lab.receive()
  const { disputes } = await statusOf({ ...lab.work(), jobStates: async () => [] })
  expect(disputes.map(each => [each.id, each.purchase, each.amount, each.status])).toEqual([
    [first, 'P-1', '10000', 'inquiry'],
    [second, 'P-2', '4000', 'needs_response'],
  ])
})
