import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory } from './laboratory.ts'
import { openShop, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

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
