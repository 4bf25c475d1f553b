import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import type { Laboratory, LaboratoryOptions } from './laboratory.ts'
import { openShop, refundRows, sellOne } from './refund-shop.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute

/** A seller's cycle whose payout Stripe has called paid. */
async function paidOut(options: LaboratoryOptions = {}) {
  const { lab, shop } = await openShop(database, {
    ...options,
    settings: { settlementFeed: 'billing_cycles', ...options.settings },
  })
  await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  await lab.clock.advance(8 * day)
  lab.mirakl.closeCycle({ start: '2026-11-01', end: '2026-11-10' })
  await lab.run('settle-sellers')
  await lab.clock.advance(2 * day)
  await lab.receive()
  await lab.run('settle-sellers')
  const [payout] = await lab.movements('payout')
  expect(payout).toMatchObject({ status: 'succeeded', amount: 9_000n })
  return { lab, shop, payout: payout?.providerId ?? '' }
}

/** A refund of 30.00, after the split, that Stripe has called done. */
async function refunded(options: LaboratoryOptions = {}) {
  const { lab, shop } = await openShop(database, options)
  await lab.pay('P-OWN', 50_000, { capture_method: 'automatic' })
  const order = await sellOne(lab, shop, 'P-1')
  await lab.run('split-payments')
  const id = lab.mirakl.openRefund(`${order}-1`, { amount: '30.00', commission: '3.00' })
  await lab.run('refund-payments')
  const [refund] = await lab.movements('refund')
  expect(refund).toMatchObject({ status: 'succeeded' })
  return { lab, id, refund: refund?.providerId ?? '' }
}

const loseEvents = (lab: Laboratory) => lab.stripe.disturbDelivery({ action: 'drop', times: 1000 })

const looksAt = (lab: Laboratory, id: string) =>
  lab.calls.stripe.filter(call => call.startsWith('GET ') && call.endsWith(`/${id}`)).length

async function payoutStates(lab: Laboratory) {
  const states: string[] = []
  for await (const page of lab.marketplace.cycles({ feed: 'billing_cycles' })) {
    for (const reading of page.readings) if (reading.ok) states.push(reading.value.payState)
  }
  return states
}

describe('a payout that bounces after it was called paid', () => {
  test('is heard of without its event, and the marketplace with it', async () => {
    const { lab, payout } = await paidOut()
    expect(await payoutStates(lab)).toEqual(['paid'])
    loseEvents(lab)
    lab.stripe.bouncePayout(payout, 'account_closed')
    await lab.receive()
    expect(await lab.movements('return')).toEqual([])
    await lab.clock.advance(day)
    await lab.run('settle-sellers')
    const failure = { code: 'account_closed' }
    expect(await lab.movements('return')).toMatchObject([
      { amount: 9_000n, status: 'succeeded', reason: 'bank_refused', failure },
    ])
    const told = await database.queries
      .selectFrom('confirmations')
      .select(['says', 'status'])
      .where('environment_id', '=', lab.environment.id)
      .where('kind', '=', 'cycle')
      .orderBy('sequence')
      .execute()
    expect(new Set(told.map(({ says }) => says))).toEqual(new Set(['paid', 'refused']))
  })

  test('is observed once when event and look both come', async () => {
    const { lab, payout } = await paidOut()
    lab.stripe.bouncePayout(payout, 'account_closed')
    await lab.clock.advance(day)
    await lab.stripe.settled()
    await lab.run('validate-payments')
    await lab.receive()
    expect(await lab.movements('return')).toHaveLength(1)
    const looks = looksAt(lab, payout)
    await lab.clock.advance(3 * day)
    await lab.run('validate-payments')
    expect(looksAt(lab, payout)).toBe(looks)
  })

  test('is not asked about any more once its event has told', async () => {
    const { lab, payout } = await paidOut()
    const looks = looksAt(lab, payout)
    lab.stripe.bouncePayout(payout, 'account_closed')
    await lab.receive()
    await lab.clock.advance(3 * day)
    await lab.run('validate-payments')
    expect([looksAt(lab, payout), (await lab.movements('return')).length]).toEqual([looks, 1])
  })

  test('costs six looks in ten days, then none', async () => {
    const { lab, payout } = await paidOut()
    const before = looksAt(lab, payout)
    for (let hours = 0; hours < 14 * 24; hours += 6) {
      await lab.clock.advance(6 * 60 * minute)
      await lab.run('validate-payments')
    }
    expect(looksAt(lab, payout) - before).toBe(6)
  })

  test('is not looked for when the setting says 0 days', async () => {
    const { lab, payout } = await paidOut({ settings: { payoutLookDays: 0 } })
    const before = looksAt(lab, payout)
    await lab.clock.advance(5 * day)
    await lab.run('validate-payments')
    expect(looksAt(lab, payout)).toBe(before)
  })
})

describe('a refund that fails after it was called done', () => {
  test('is heard of without its event, and the seller gets back what was taken', async () => {
    const { lab, id, refund } = await refunded()
    loseEvents(lab)
    await lab.clock.advance(20 * day)
    lab.stripe.failRefund(refund)
    await lab.receive()
    await lab.clock.advance(10 * day)
    await lab.run('validate-payments')
    expect(await lab.movements('return')).toMatchObject([{ amount: 3_000n, status: 'succeeded' }])
    await lab.run('refund-payments')
    expect(await refundRows(lab)).toEqual([
      ['refund', id, 3_000n, 'succeeded', null],
      ['restitution', id, 2_700n, 'succeeded', null],
      ['reversal', id, 2_700n, 'succeeded', null],
    ])
  })

  test('a look without an answer says nothing and is made again within the hour', async () => {
    const { lab, refund } = await refunded()
    loseEvents(lab)
    await lab.clock.advance(day)
    lab.stripe.failRefund(refund)
    lab.faults.add({ side: 'stripe', kind: 'error_json', method: 'GET', path: '/v1/refunds' })
    await lab.run('validate-payments')
    expect(await lab.movements('return')).toEqual([])
    lab.faults.clear()
    await lab.clock.advance(61 * minute)
    await lab.run('validate-payments')
    expect(await lab.movements('return')).toHaveLength(1)
  })
})
