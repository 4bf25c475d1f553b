import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, openLaboratory } from './laboratory.ts'

// One test for each defect of the connector that Tributary replaces, named after its number.

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000

/** An accepted order of one line whose payment is authorised. Amounts in major units. */
async function accepted(
  lab: Laboratory,
  shopId: number,
  purchase: string,
  price: string,
  more: { minor: number; currency?: string; commission?: string },
): Promise<string> {
  const currency = more.currency ?? 'EUR'
  await lab.pay(purchase, more.minor, { currency: currency.toLowerCase() })
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: purchase,
    currency,
    orders: [{ shopId, lines: [{ price, commission: more.commission ?? '0' }] }],
  })
  lab.mirakl.acceptOrder(order)
  return order
}

async function statuses(lab: Laboratory, kind: string) {
  const movements = await lab.movements(kind)
  return movements.map(each => [each.source.id, each.status, each.reason])
}

describe('defect 1: an amount with more digits than its currency has', () => {
  test('sets that one order aside with its reason, the run and the checkpoint go on', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    const bad = await accepted(lab, shop, 'P-BAD', '10.00', { minor: 1_000 })
    const good = await accepted(lab, shop, 'P-GOOD', '20.00', { minor: 2_000 })
    lab.mirakl.corruptOrder(bad, { total_commission: 10.075 })
    await lab.receive()
    const validated = await lab.run('validate-payments')
    const split = await lab.run('split-payments')
    expect(validated.error).toBeNull()
    expect(split).toMatchObject({ error: null, setAside: 1, succeeded: 1, failed: 0 })
    expect((await lab.movements('transfer')).map(each => each.source.id)).toEqual([good])
    const aside = await database.queries
      .selectFrom('set_aside')
      .select(['id', 'field', 'problem', 'purchase_id'])
      .where('environment_id', '=', lab.environment.id)
      .execute()
    expect(aside).toMatchObject([{ id: bad, field: 'total_commission', purchase_id: 'P-BAD' }])
    expect(aside[0]?.problem).toContain('10.075')

    lab.mirakl.corruptOrder(bad, null)
    await lab.clock.advance(10 * minute)
    await lab.run('validate-payments')
    await lab.run('split-payments')
    expect((await lab.movements('transfer')).map(each => each.status)).toEqual([
      'succeeded',
      'succeeded',
    ])
  })

  test('does not capture the purchase of an order that cannot be read', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    const order = await accepted(lab, shop, 'P-1', '10.00', { minor: 1_000 })
    lab.mirakl.corruptOrder(order, { total_price: 'ten' })
    await lab.receive()
    await lab.run('validate-payments')
    expect(await statuses(lab, 'capture')).toMatchObject([
      [expect.any(String), 'on_hold', 'set_aside'],
    ])
    expect(lab.stripe.books().totals['eur']?.captured ?? 0).toBe(0)
  })
})

describe('defect 2: currencies without two decimals', () => {
  test('moves JPY 5000 as 5000, KWD 1.234 as 1230 with its remainder, EUR 19.99 as 1999', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    await accepted(lab, shop, 'P-EUR', '19.99', { minor: 1_999 })
    await accepted(lab, shop, 'P-JPY', '5000', { minor: 5_000, currency: 'JPY' })
    await accepted(lab, shop, 'P-KWD', '1.234', { minor: 1_240, currency: 'KWD' })
    await lab.receive()
    await lab.run('validate-payments')
    await lab.run('split-payments')
    const transfers = await lab.movements('transfer')
    const sent = transfers.map(each => [each.currency, each.amount, each.sentAmount, each.status])
    expect(sent.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['EUR', 1_999n, 1_999n, 'succeeded'],
      ['JPY', 5_000n, 5_000n, 'succeeded'],
      ['KWD', 1_234n, 1_230n, 'succeeded'],
    ])
    expect(lab.stripe.books().totals['kwd']?.transferred).toBe(1_230)
  })
})

describe('defect 3: no idempotency key', () => {
  test.each(['cut_after', 'cut_before', 'error_html'] as const)(
    'a transfer whose answer is lost (%s) is asked again with its key and moves once',
    async kind => {
      const lab = await openLaboratory(database)
      const shop = await lab.openSeller()
      await accepted(lab, shop, 'P-1', '10.00', { minor: 1_000, commission: '1.00' })
      await lab.receive()
      await lab.run('validate-payments')
      lab.faults.add({ side: 'stripe', kind, method: 'POST', path: '/v1/transfers', times: 3 })
      const first = await lab.run('split-payments')
      expect(first).toMatchObject({ sent: 1, succeeded: 0, unknown: 1, failed: 0 })
      expect(await statuses(lab, 'transfer')).toMatchObject([['P-1-A', 'submitted', null]])
      const again = await lab.run('split-payments')
      expect(again).toMatchObject({ sent: 0, planned: 0 })
      await lab.clock.advance(5 * minute)
      await lab.run('split-payments')
      expect(await statuses(lab, 'transfer')).toMatchObject([['P-1-A', 'succeeded', null]])
      expect(lab.stripe.books().totals['eur']?.transferred).toBe(900)
    },
  )

  test('after the provider forgot the key the transfer is looked up, not sent anew', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    await accepted(lab, shop, 'P-1', '10.00', { minor: 1_000 })
    await lab.receive()
    await lab.run('validate-payments')
    lab.faults.add({
      side: 'stripe',
      kind: 'cut_after',
      method: 'POST',
      path: '/v1/transfers',
      times: 3,
    })
    await lab.run('split-payments')
    await lab.clock.advance(30 * 3600 * 1000)
    const before = lab.calls.stripe.filter(call => call === 'POST /v1/transfers').length
    await lab.run('split-payments')
    expect(lab.calls.stripe.filter(call => call === 'POST /v1/transfers')).toHaveLength(before)
    expect(await statuses(lab, 'transfer')).toMatchObject([['P-1-A', 'succeeded', null]])
    expect(lab.stripe.books().totals['eur']?.transferred).toBe(1_000)
  })

  test('what is found nowhere after that is given to a person, never sent anew', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    await accepted(lab, shop, 'P-1', '10.00', { minor: 1_000 })
    await lab.receive()
    await lab.run('validate-payments')
    lab.faults.add({
      side: 'stripe',
      kind: 'cut_before',
      method: 'POST',
      path: '/v1/transfers',
      times: 3,
    })
    await lab.run('split-payments')
    await lab.clock.advance(30 * 3600 * 1000)
    await lab.run('split-payments')
    await lab.clock.advance(30 * 3600 * 1000)
    await lab.run('split-payments')
    const [transfer] = await lab.movements('transfer')
    expect(transfer).toMatchObject({ status: 'submitted', needsReview: true })
    expect(lab.stripe.books().totals['eur']?.transferred ?? 0).toBe(0)
  })
})

describe('defect 4: a decided row whose message is lost', () => {
  test('is sent by the next run', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    await accepted(lab, shop, 'P-1', '10.00', { minor: 1_000 })
    await lab.receive()
    await lab.run('validate-payments')
    // The program ends behind the decision: nothing of it lives anywhere but in the table.
    let steps = 0
    await lab.run('split-payments', {
      progress: step => {
        if (step === 'planning transfers') steps += 1
      },
      stopping: () => steps > 0,
    })
    expect(await statuses(lab, 'transfer')).toMatchObject([['P-1-A', 'pending', null]])
    const next = await lab.run('split-payments')
    expect(next).toMatchObject({ planned: 0, sent: 1, succeeded: 1 })
  })
})

describe('defect 11: a capture that fails', () => {
  test('is a failed movement with its reason, not a line in a log', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    const intent = await lab.pay('P-1', 1_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [{ price: '10.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    await lab.receive()
    await lab.sdk.paymentIntents.cancel(intent.id)
    // The news of it is lost, and payments cannot be listed just now.
    lab.faults.add({
      side: 'stripe',
      kind: 'error_json',
      method: 'GET',
      path: '/v1/charges',
      times: 3,
    })
    const report = await lab.run('validate-payments')
    expect(report).toMatchObject({ sent: 1, failed: 1 })
    const [capture] = await lab.movements('capture')
    expect(capture).toMatchObject({ status: 'failed', reason: expect.any(String) })
    expect(capture?.failure?.message).toBeTruthy()
  })
})

describe('defect 12: a payment that failed', () => {
  test('is told to Mirakl as REFUSED, which cancels the order', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    const intent = await lab.pay('P-1', 1_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [{ price: '10.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    await lab.sdk.paymentIntents.cancel(intent.id)
    await lab.receive()
    const report = await lab.run('validate-payments')
    expect(report).toMatchObject({ confirmed: 1, failed: 0 })
    expect(lab.mirakl.orders('P-1')).toMatchObject([{ state: 'CANCELED' }])
    expect(lab.stripe.books().totals['eur']?.captured ?? 0).toBe(0)
    const split = await lab.run('split-payments')
    expect(split).toMatchObject({ planned: 0, onHold: 0 })
    // Nothing is left of the order: an amount of 0 writes no movement.
    expect(await statuses(lab, 'transfer')).toEqual([])
  })
})

describe('defect 13: a charge captured up front', () => {
  test('needs no capture, is not looked at for ever, and what was refused is refunded once', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    const other = await lab.openSeller()
    await lab.pay('P-1', 5_000, { capture_method: 'automatic' })
    const [kept = '', refused = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: [
        { shopId: shop, lines: [{ price: '30.00', commission: '3.00' }] },
        { shopId: other, lines: [{ price: '20.00', commission: '2.00' }] },
      ],
    })
    lab.mirakl.acceptOrder(kept)
    await lab.receive()
    await lab.run('validate-payments')
    expect(await lab.movements('refund')).toEqual([])
    lab.mirakl.refuseOrder(refused)
    await lab.clock.advance(10 * minute)
    await lab.run('validate-payments')
    await lab.run('validate-payments')
    await lab.run('split-payments')
    expect(await lab.movements('capture')).toEqual([])
    const refunds = await lab.movements('refund')
    expect(refunds.map(each => [each.amount, each.status])).toEqual([[2_000n, 'succeeded']])
    expect(lab.stripe.books().totals['eur']).toMatchObject({ refunded: 2_000, transferred: 2_700 })
    const open = await database.queries
      .selectFrom('payments')
      .select('id')
      .where('environment_id', '=', lab.environment.id)
      .where('open_for_capture', '=', true)
      .execute()
    expect(open).toEqual([])
  })
})

describe('defect 16: cancelled lines, their shipping and partial cancelations', () => {
  test.each(['TAX_INCLUDED', 'TAX_EXCLUDED'] as const)('are not captured (%s)', async taxMode => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    const taxes = taxMode === 'TAX_EXCLUDED' ? 3_000 : 0
    await lab.pay('P-1', 15_000 + 1_500 + taxes)
    const line = (price: string, tax: string) => ({
      price,
      shipping: '5.00',
      quantity: 2,
      taxes: tax,
      commission: '1.00',
    })
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      taxMode,
      orders: [
        {
          shopId: shop,
          lines: [line('50.00', '10.00'), line('50.00', '10.00'), line('50.00', '10.00')],
        },
      ],
    })
    lab.mirakl.acceptOrder(order, { refuseLines: [`${order}-1`] })
    lab.mirakl.cancelLine(`${order}-2`)
    lab.mirakl.cancelLine(`${order}-3`, {
      amount: '20.00',
      shippingAmount: '2.00',
      quantity: 1,
    })
    await lab.receive()
    const report = await lab.run('validate-payments')
    expect(report).toMatchObject({ failed: 0, error: null })
    const owed = lab.mirakl.orders('P-1')[0]?.customerOwes
    const [capture] = await lab.movements('capture')
    expect(capture?.status).toBe('succeeded')
    const decimal = (Number(capture?.amount ?? 0n) / 100).toFixed(2)
    expect(decimal).toBe(Number(owed).toFixed(2))
    await lab.run('split-payments')
    expect(await statuses(lab, 'transfer')).toEqual([[order, 'succeeded', null]])
  })
})
