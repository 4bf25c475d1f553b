import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute

async function twoSellers(lab: Laboratory, minor: number, more = {}): Promise<[string, string]> {
  const first = await lab.openSeller()
  const second = await lab.openSeller()
  await lab.pay('P-1', minor, more)
  const [a = '', b = ''] = lab.mirakl.placePurchase({
    commercialId: 'P-1',
    currency: 'EUR',
    orders: [
      { shopId: first, lines: [{ price: '30.00', commission: '3.00' }] },
      { shopId: second, lines: [{ price: '20.00', commission: '2.00' }] },
    ],
  })
  await lab.receive()
  return [a, b]
}

const captured = (lab: Laboratory) => lab.stripe.books().totals['eur']?.captured ?? 0

describe('validate-payments', () => {
  test('waits for every order of the purchase, then captures once what is kept', async () => {
    const lab = await openLaboratory(database)
    const [kept, refused] = await twoSellers(lab, 5_000)
    lab.mirakl.acceptOrder(kept)
    const early = await lab.run('validate-payments')
    expect(early).toMatchObject({ confirmed: 1, holds: { order_not_decided: 1 } })
    expect(captured(lab)).toBe(0)
    lab.mirakl.refuseOrder(refused)
    await lab.clock.advance(10 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ sent: 1, succeeded: 1 })
    expect(captured(lab)).toBe(3_000)
    expect(await lab.run('validate-payments')).toMatchObject({ planned: 0, sent: 0, onHold: 0 })
  })

  test('goods of the operator in the same basket are captured with it', async () => {
    const lab = await openLaboratory(database)
    const [first, second] = await twoSellers(lab, 15_000)
    lab.mirakl.acceptOrder(first)
    lab.mirakl.refuseOrder(second)
    await lab.run('validate-payments')
    expect(captured(lab)).toBe(13_000)
  })

  test('cancels the authorisation when nothing is left', async () => {
    const lab = await openLaboratory(database)
    const [first, second] = await twoSellers(lab, 5_000)
    lab.mirakl.refuseOrder(first)
    expect(await lab.run('validate-payments')).toMatchObject({ holds: { order_not_decided: 1 } })
    lab.mirakl.refuseOrder(second)
    await lab.clock.advance(10 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ sent: 1, succeeded: 1 })
    const rows = (await lab.movements()).map(each => [each.kind, each.status])
    expect(rows.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['capture', 'canceled'],
      ['void', 'succeeded'],
    ])
    expect(captured(lab)).toBe(0)
  })

  test('works without any webhook: payments are found by listing', async () => {
    const lab = await openLaboratory(database, { webhooks: false })
    const [first, second] = await twoSellers(lab, 5_000)
    lab.mirakl.acceptOrder(first)
    lab.mirakl.acceptOrder(second)
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 2, succeeded: 1 })
    expect(await lab.run('split-payments')).toMatchObject({ succeeded: 2 })
  })

  test('a PA01 whose answer is lost is read back from the order and told once', async () => {
    const lab = await openLaboratory(database)
    const [first, second] = await twoSellers(lab, 5_000)
    lab.mirakl.acceptOrder(first)
    lab.mirakl.acceptOrder(second)
    lab.faults.add({
      side: 'mirakl',
      kind: 'cut_after',
      method: 'PUT',
      path: '/api/payment/debit',
      times: 1,
    })
    const report = await lab.run('validate-payments')
    expect(report).toMatchObject({ confirmed: 2, failed: 0, succeeded: 1 })
    expect(lab.calls.mirakl.filter(call => call === 'PUT /api/payment/debit')).toHaveLength(2)
  })

  test('a customer who authorised twice is charged once; the other payment is held', async () => {
    const lab = await openLaboratory(database)
    const [first, second] = await twoSellers(lab, 5_000)
    await lab.clock.advance(minute)
    await lab.pay('P-1', 5_000)
    lab.mirakl.acceptOrder(first)
    lab.mirakl.acceptOrder(second)
    await lab.receive()
    const report = await lab.run('validate-payments')
    expect(report).toMatchObject({ succeeded: 1, holds: { payment_ambiguous: 1 } })
    await lab.run('validate-payments')
    expect(captured(lab)).toBe(5_000)
  })

  test('a PA01 that was heard though neither answer nor reading came is settled by the next run', async () => {
    const lab = await openLaboratory(database)
    const [first, second] = await twoSellers(lab, 5_000)
    lab.mirakl.acceptOrder(first)
    lab.mirakl.acceptOrder(second)
    lab.faults.add({ side: 'mirakl', kind: 'cut_after', method: 'PUT', path: '/api/payment/debit' })
    const cuts = { side: 'mirakl', kind: 'cut_before', method: 'GET', path: '/api/orders' } as const
    await lab.run('validate-payments', {
      progress: step => {
        if (step === 'reading debits') lab.faults.add(cuts)
      },
    })
    lab.faults.clear()
    await lab.clock.advance(10 * minute)
    expect(await lab.run('validate-payments')).toMatchObject({ confirmed: 2, succeeded: 1 })
    expect(lab.calls.mirakl.filter(call => call === 'PUT /api/payment/debit')).toHaveLength(2)
    expect(captured(lab)).toBe(5_000)
  })

  test('a purchase whose debits exceed its authorisation is held with both figures', async () => {
    const lab = await openLaboratory(database)
    const [first, second] = await twoSellers(lab, 4_000)
    lab.mirakl.acceptOrder(first)
    lab.mirakl.acceptOrder(second)
    const report = await lab.run('validate-payments')
    expect(report).toMatchObject({ confirmed: 1, sent: 0 })
    expect(report.holds['amount_differs']).toBe(1)
    expect(captured(lab)).toBe(0)
  })

  test('warns of an authorisation that is about to end, and waits by default', async () => {
    const lab = await openLaboratory(database)
    const [first] = await twoSellers(lab, 5_000)
    lab.mirakl.acceptOrder(first)
    await lab.clock.advance(6 * day)
    const report = await lab.run('validate-payments')
    expect(report.holds).toMatchObject({ order_not_decided: 1 })
    expect(lab.logs.map(each => each.message)).toContain('an authorisation is about to expire')
    expect(captured(lab)).toBe(0)
  })

  test('with capture_confirmed, what is confirmed is captured near the end and the rest refused', async () => {
    const lab = await openLaboratory(database, { settings: { nearExpiry: 'capture_confirmed' } })
    const [first, second] = await twoSellers(lab, 5_000)
    lab.mirakl.acceptOrder(first)
    await lab.run('validate-payments')
    await lab.clock.advance(6 * day)
    await lab.run('validate-payments')
    expect(captured(lab)).toBe(3_000)
    lab.mirakl.acceptOrder(second)
    await lab.clock.advance(10 * minute)
    const late = await lab.run('validate-payments')
    expect(late).toMatchObject({ confirmed: 1, failed: 0 })
    expect(lab.mirakl.orders('P-1').map(order => order.state)).toEqual(['SHIPPING', 'CANCELED'])
    expect(captured(lab)).toBe(3_000)
  })

  test('an authorisation that ended while Mirakl believes in it is a capture lost', async () => {
    const lab = await openLaboratory(database)
    const [first] = await twoSellers(lab, 5_000)
    lab.mirakl.acceptOrder(first)
    await lab.run('validate-payments')
    await lab.clock.advance(8 * day)
    await lab.receive()
    const report = await lab.run('validate-payments')
    expect(report.holds).toMatchObject({ capture_lost: 1 })
  })
})

describe('events', () => {
  test('defect 19: a seller’s event never touches another seller’s order', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    const account = await lab.accountOf(shop)
    const victim = await lab.openSeller()
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-VICTIM',
      currency: 'EUR',
      orders: [{ shopId: victim, lines: [{ price: '10.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    // A charge on the rogue seller's own account names the victim's purchase.
    const charge = {
      id: 'ch_rogue',
      object: 'charge',
      amount: 1_000,
      amount_captured: 1_000,
      amount_refunded: 0,
      captured: true,
      paid: true,
      refunded: false,
      status: 'succeeded',
      currency: 'eur',
      created: Math.floor(lab.clock.now().getTime() / 1000),
      livemode: false,
      metadata: { mirakl_commercial_order_id: 'P-VICTIM' },
      payment_intent: null,
    }
    await deliver(lab, { type: 'charge.succeeded', account, data: { object: charge } })
    expect(await lab.run('validate-payments')).toMatchObject({
      confirmed: 0,
      holds: { payment_unknown: 1 },
    })
    const [event] = await events(lab, 'charge.succeeded')
    expect(event?.status).not.toBe('applied')
  })

  test('a payout event counts only when it comes from the payout’s own account', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    const rogue = await lab.accountOf(await lab.openSeller())
    await lab.pay('P-1', 1_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [{ price: '10.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    await lab.receive()
    await lab.run('validate-payments')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-30T00:00:00Z' })
    await lab.run('settle-sellers')
    const [payout] = await lab.movements('payout')
    const forged = {
      id: payout?.providerId ?? '',
      object: 'payout',
      amount: 1_000,
      currency: 'eur',
      status: 'paid',
      metadata: { tributary_movement: payout?.id ?? '' },
    }
    await deliver(lab, { type: 'payout.paid', account: rogue, data: { object: forged } })
    expect(await lab.movements('payout')).toMatchObject([{ status: 'accepted' }])
  })

  test('an event of the other mode is never applied', async () => {
    const lab = await openLaboratory(database)
    const account = await lab.accountOf(await lab.openSeller())
    await deliver(lab, {
      type: 'account.application.deauthorized',
      account,
      livemode: true,
      data: { object: { id: 'ca_1', object: 'application' } },
    })
    const row = await database.queries
      .selectFrom('accounts')
      .select('standing')
      .where('environment_id', '=', lab.environment.id)
      .where('id', '=', account)
      .executeTakeFirst()
    expect(row?.standing).toBe('open')
  })
})

let deliveries = 0

async function deliver(lab: Laboratory, event: Record<string, unknown>): Promise<void> {
  const timestamp = Math.floor(lab.clock.now().getTime() / 1000)
  deliveries += 1
  const id = `evt_forged_${deliveries}`
  const body = JSON.stringify({
    id,
    object: 'event',
    created: timestamp,
    livemode: false,
    ...event,
  })
  const [, secret = ''] = lab.secrets
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
  await lab.store({ body, signature })
  await lab.receive()
}

async function events(lab: Laboratory, type: string) {
  return database.queries
    .selectFrom('inbound_events')
    .select(['status', 'reason'])
    .where('environment_id', '=', lab.environment.id)
    .where('type', '=', type)
    .execute()
}
