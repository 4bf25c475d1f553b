import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, type LaboratoryOptions, openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const servicesOn: LaboratoryOptions = {
  settings: { enable: { ...defaultSettings.enable, productSplit: true, serviceSplit: true } },
}

type ServiceInput = Parameters<Laboratory['mirakl']['placeServiceOrder']>[0]

/** A service order that its seller accepted, its payment captured when it was made. */
async function accepted(
  lab: Laboratory,
  service: ServiceInput,
  paid: number,
  patch: Record<string, unknown> | null = null,
): Promise<string> {
  await lab.pay(service.commercialId, paid, { capture_method: 'automatic' })
  const id = lab.mirakl.placeServiceOrder(service)
  lab.mirakl.corruptOrder(id, patch)
  lab.mirakl.acceptServiceOrder(id)
  return id
}

interface SpaDebit {
  readonly id: string
  readonly amount: number
}

async function call(lab: Laboratory, method: string, path: string, body?: unknown) {
  const answer = await lab.mirakl.handler(
    new Request(`https://tenant.example${path}`, {
      method,
      headers: { authorization: 'front-key', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
  expect(answer.status).toBe(200)
  return answer.text()
}

/** The shop front tells the marketplace what became of a service's payment (SPA01). */
async function settle(lab: Laboratory, orderId: string, state: 'OK' | 'REFUSED'): Promise<number> {
  const listed = await call(lab, 'GET', `/api/mms/debits?order_id=${orderId}`)
  const { data: found } = JSON.parse(listed) as { data: SpaDebit[] }
  const [debit] = found
  if (debit === undefined) throw new Error(`${orderId} has no debit`)
  const { id, amount } = debit
  const row = { id, order_id: orderId, amount, currency_code: 'EUR', state }
  const told = await call(lab, 'PUT', '/api/mms/debits', [row])
  expect(JSON.parse(told)).toMatchObject({ success: { debits: [{ id }] } })
  return amount
}

async function transfers(lab: Laboratory) {
  const movements = await lab.movements('transfer')
  return movements
    .map(each => [each.source.id, each.status, each.reason, each.amount] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

function countOf(lab: Laboratory, text: string): number {
  return lab.calls.mirakl.filter(each => each === text).length
}

const taxes = [{ code: 'VAT20', amount: 4 }]

describe('defect 17: the price of a service', () => {
  test.each<[string, Partial<ServiceInput>, Record<string, unknown> | null, number]>([
    ['quantity 3 and its tax', { price: '80', quantity: 3, tax: '48' }, null, 288],
    [
      'a BOOLEAN option with tax',
      { price: '80', tax: '16', options: [{ code: 'EXPRESS', amount: '5', tax: '1' }] },
      null,
      102,
    ],
    [
      'a VALUE_LIST option with taxes',
      { price: '80', tax: '16', options: [{ code: 'ROOMS', amount: '20', tax: '4' }] },
      {
        price: {
          type: 'FIXED_PRICE',
          amount: 80,
          quantity: 1,
          taxes: [{ code: 'VAT20', amount: 16 }],
          options: [
            { type: 'VALUE_LIST', code: 'ROOMS', values: [{ code: 'TWO', amount: 20, taxes }] },
          ],
        },
      },
      120,
    ],
    ['ESTIMATED_PRICE', { price: '80', quantity: 2, priceType: 'ESTIMATED_PRICE' }, null, 160],
    [
      'FIXED_PRICE_MULTI, which has no amount',
      { price: '25', quantity: 3, tax: '15', priceType: 'FIXED_PRICE_MULTI' },
      null,
      90,
    ],
    [
      'ESTIMATED_PRICE_MULTI, whose units name another amount',
      { price: '25', quantity: 3, tax: '15' },
      {
        price: {
          type: 'ESTIMATED_PRICE_MULTI',
          ordered_service_units: [
            { code: 'H', type: 'HOUR', values: [{ code: 'H', amount: 1, ordered_quantity: 9 }] },
          ],
        },
      },
      90,
    ],
  ])('defect 17: %s: one transfer of the debit less the commission', async (...row) => {
    const [, price, patch, debit] = row
    const lab = await openLaboratory(database, servicesOn)
    const shopId = await lab.openSeller()
    const order = await accepted(
      lab,
      {
        commercialId: 'SRV',
        shopId,
        price: '0',
        commission: '8.50',
        commissionTax: '1.70',
        ...price,
      },
      debit * 100,
      patch,
    )
    await lab.receive()
    const waiting = await lab.run('split-payments')
    expect(waiting).toMatchObject({ error: null, sent: 0, holds: { order_not_debited: 1 } })
    expect(await settle(lab, order, 'OK')).toBe(debit)
    await lab.clock.advance(5 * minute)
    expect(await lab.run('split-payments')).toMatchObject({ error: null, sent: 1, succeeded: 1 })
    const share = BigInt(debit) * 100n
    expect(await transfers(lab)).toEqual([[order, 'succeeded', null, share - 1_020n]])
    expect(lab.stripe.books().totals['eur']?.transferred).toBe(debit * 100 - 1_020)
    expect(await lab.movements('collection')).toEqual([])
    await lab.run('split-payments')
    expect(await lab.movements('transfer')).toHaveLength(1)
  })

  test('defect 17: a refused debit, an expired and a refused order move nothing', async () => {
    const lab = await openLaboratory(database, servicesOn)
    const shopId = await lab.openSeller()
    const price = { shopId, price: '80', tax: '16', commission: '10' }
    const after = { ...price, workflow: 'PAY_AFTER_CONSUMPTION' as const }
    const canceled = await accepted(lab, { ...price, commercialId: 'A' }, 9_600)
    await settle(lab, canceled, 'REFUSED')
    const consumed = await accepted(lab, { ...after, commercialId: 'B' }, 9_600)
    lab.mirakl.consumeServiceOrder(consumed)
    await settle(lab, consumed, 'REFUSED')
    const expired = await accepted(lab, { ...price, commercialId: 'C' }, 9_600, {
      state: 'ORDER_EXPIRED',
    })
    const refused = lab.mirakl.placeServiceOrder({ ...price, commercialId: 'D' })
    lab.mirakl.refuseServiceOrder(refused)
    await lab.receive()
    const report = await lab.run('split-payments')
    expect(report).toMatchObject({ error: null, sent: 0, holds: { order_not_debited: 1 } })
    expect(await transfers(lab)).toMatchObject([
      [canceled, 'canceled', 'order_canceled', 8_600n],
      [consumed, 'on_hold', 'order_not_debited', 8_600n],
      [expired, 'canceled', 'order_canceled', 8_600n],
      [refused, 'canceled', 'order_refused', null],
    ])
    expect(lab.stripe.books().totals['eur']?.transferred ?? 0).toBe(0)
  })

  test('defect 17: a refund that is already paid, its tax and commission, is taken off', async () => {
    const lab = await openLaboratory(database, servicesOn)
    const shopId = await lab.openSeller()
    const service = { commercialId: 'SRV', shopId, price: '80', tax: '16', commission: '9.60' }
    const order = await accepted(lab, service, 9_600)
    await settle(lab, order, 'OK')
    const refund = { amount: '24', tax: '4', commission: '2.40' }
    const id = lab.mirakl.openServiceRefund(order, refund)
    const row = { id, order_id: order, amount: 24, currency_code: 'EUR', state: 'OK' }
    await call(lab, 'PUT', '/api/mms/refunds', [row])
    lab.mirakl.openServiceRefund(order, { ...refund, amount: '12' })
    await lab.receive()
    await lab.run('split-payments')
    // 96.00 - 24.00 paid back - (9.60 - 2.40) commission; the second refund still waits.
    expect(await transfers(lab)).toEqual([[order, 'succeeded', null, 6_480n]])
  })

  test('defect 17: a debit that cannot be read holds its own order, until it can', async () => {
    const lab = await openLaboratory(database, servicesOn)
    const shopId = await lab.openSeller()
    const service = { shopId, price: '80', commission: '8' }
    const bad = await accepted(lab, { ...service, commercialId: 'A' }, 8_000)
    const good = await accepted(lab, { ...service, commercialId: 'B' }, 8_000)
    const late = await accepted(lab, { ...service, commercialId: 'C' }, 8_000)
    for (const id of [bad, good, late]) await settle(lab, id, 'OK')
    lab.mirakl.corruptOrder(bad, { currency_code: 'GBP' })
    lab.mirakl.corruptOrder(late, { commission: { amount_including_taxes: 8.005 } })
    await lab.receive()
    const first = await lab.run('split-payments')
    expect(first).toMatchObject({ error: null, setAside: 2, succeeded: 1 })
    expect(await transfers(lab)).toMatchObject([
      [bad, 'on_hold', 'set_aside', null],
      [good, 'succeeded', null, 7_200n],
    ])
    lab.mirakl.corruptOrder(bad, null)
    lab.mirakl.corruptOrder(late, null)
    await lab.clock.advance(2 * minute)
    await lab.run('split-payments')
    expect(await transfers(lab)).toMatchObject([
      [bad, 'succeeded', null, 7_200n],
      [good, 'succeeded', null, 7_200n],
      [late, 'succeeded', null, 7_200n],
    ])
  })
})

describe('defect 17: captures look at services', () => {
  test('defect 17: an authorised payment of a refused service is voided', async () => {
    const lab = await openLaboratory(database, servicesOn)
    const shopId = await lab.openSeller()
    await lab.pay('SRV', 8_000)
    const refused = lab.mirakl.placeServiceOrder({ commercialId: 'SRV', shopId, price: '80' })
    lab.mirakl.refuseServiceOrder(refused)
    await lab.receive()
    await lab.run('split-payments')
    expect(await lab.run('validate-payments')).toMatchObject({ error: null, sent: 1 })
    expect(await lab.movements('capture')).toEqual([])
    expect(await lab.movements('void')).toMatchObject([{ status: 'succeeded' }])
    expect(lab.stripe.books().totals['eur']?.captured ?? 0).toBe(0)
  })
})

describe('defect 17: what services cost in calls', () => {
  const orders = 'GET /api/mms/orders'
  const debits = 'GET /api/mms/debits'

  test('defect 17: 120 waiting orders cost no look-up of orders and two of debits', async () => {
    const lab = await openLaboratory(database, servicesOn)
    const shopId = await lab.openSeller()
    for (let count = 0; count < 120; count += 1) {
      const id = lab.mirakl.placeServiceOrder({ commercialId: `S-${count}`, shopId, price: '10' })
      lab.mirakl.acceptServiceOrder(id)
    }
    await lab.clock.advance(10 * minute)
    await lab.run('split-payments')
    expect([countOf(lab, orders), countOf(lab, debits)]).toEqual([2, 2])
    await lab.clock.advance(60 * minute)
    lab.calls.mirakl.length = 0
    await lab.run('split-payments')
    // One call finds that nothing changed; two ask for the debits of a hundred orders each.
    expect([countOf(lab, orders), countOf(lab, debits)]).toEqual([1, 2])
    await settle(lab, 'S-77-1', 'OK')
    await lab.pay('S-77', 1_000, { capture_method: 'automatic' })
    await lab.receive()
    lab.calls.stripe.length = 0
    expect(await lab.run('split-payments')).toMatchObject({ sent: 1, succeeded: 1 })
    expect(lab.calls.stripe.filter(each => each === 'POST /v1/transfers')).toHaveLength(1)
  })

  test('defect 17: with the flag off nothing of services is read', async () => {
    const lab = await openLaboratory(database)
    const shopId = await lab.openSeller()
    const order = await accepted(lab, { commercialId: 'SRV', shopId, price: '80' }, 8_000)
    await settle(lab, order, 'OK')
    await lab.receive()
    await lab.run('split-payments')
    expect([countOf(lab, orders), countOf(lab, debits)]).toEqual([0, 0])
    expect(await lab.movements()).toEqual([])
  })
})
