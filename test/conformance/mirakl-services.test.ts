import { beforeEach, describe, expect, it } from 'vitest'
import { createMirakl, type MiraklOptions } from '../../src/adapters/mirakl/mirakl.ts'
import { createClock, type VirtualClock } from '../../src/sandbox/clock.ts'
import { createFaultPlan, type FaultPlan } from '../../src/sandbox/faults.ts'
import { fetchOf, withFaults } from '../../src/sandbox/http.ts'
import { createMiraklSandbox, type MiraklSandbox } from '../../src/sandbox/mirakl/sandbox.ts'
import type { Marketplace, Page, Reading } from '../../src/workflows/ports.ts'

/** Service orders and their debits, against a tenant that keeps its own books. */

let clock: VirtualClock
let faults: FaultPlan
let tenant: MiraklSandbox
let mirakl: Marketplace
let shop: number
let asked: URL[]
let waits: number[]

beforeEach(() => {
  clock = createClock(new Date('2026-03-01T10:00:00.250Z'))
  faults = createFaultPlan(5)
  tenant = createMiraklSandbox({ clock, seed: 7, apiKey: 'front-key' })
  asked = []
  waits = []
  mirakl = connect()
  shop = tenant.addShop({ name: 'Petit Atelier' })
})

function connect(changes: Partial<MiraklOptions> = {}): Marketplace {
  const answer = withFaults('mirakl', tenant.handler, faults, () => clock.now())
  return createMirakl({
    baseUrl: 'https://tenant.example',
    auth: { kind: 'apiKey', key: 'front-key' },
    customFieldCode: 'pay-link',
    ignoredFieldCode: 'pay-ignored',
    fetch: fetchOf(request => {
      asked.push(new URL(request.url))
      return answer(request)
    }),
    clock,
    countBudgets: false,
    wait: async seconds => {
      waits.push(seconds)
      await clock.advance(seconds * 1000)
    },
    ...changes,
  })
}

async function all<T>(pages: AsyncIterable<Page<T>>): Promise<Reading<T>[]> {
  const readings: Reading<T>[] = []
  for await (const page of pages) readings.push(...page.readings)
  return readings
}

async function values<T>(pages: AsyncIterable<Page<T>>): Promise<T[]> {
  return (await all(pages)).map(reading => {
    if (!reading.ok) throw new Error(reading.problem)
    return reading.value
  })
}

type Service = Parameters<MiraklSandbox['placeServiceOrder']>[0]

function book(commercialId: string, more: Partial<Service> = {}): string {
  const service = { price: '80', tax: '16', commission: '8.50', commissionTax: '1.70' }
  return tenant.placeServiceOrder({ commercialId, shopId: shop, ...service, ...more })
}

function accept(commercialId: string, more: Partial<Service> = {}): string {
  const id = book(commercialId, more)
  tenant.acceptServiceOrder(id)
  return id
}

/** SPA01 by somebody else. */
async function pay(orderId: string, more: Record<string, unknown> = {}): Promise<void> {
  const [debit] = await values(mirakl.serviceDebits([orderId]))
  if (debit === undefined) throw new Error('no debit')
  const amount = Number(debit.amount) / 100
  const row = { id: debit.id, order_id: orderId, amount, currency_code: 'EUR', state: 'OK' }
  const answer = await tenant.handler(
    new Request('https://tenant.example/api/mms/debits', {
      method: 'PUT',
      headers: { authorization: 'front-key', 'content-type': 'application/json' },
      body: JSON.stringify([{ ...row, ...more }]),
    }),
  )
  expect(answer.status).toBe(200)
}

describe('service orders', () => {
  it('reads one without an amount of its own, whatever its price looks like', async () => {
    const multi = { priceType: 'FIXED_PRICE_MULTI', quantity: 3 } as const
    accept('SRV-1', { ...multi, imprintNumber: 'pi_3SRV' })
    const [order] = await values(mirakl.serviceOrders({}))
    expect(order).toMatchObject({
      id: 'SRV-1-1',
      purchaseId: 'SRV-1',
      sellerId: String(shop),
      domain: 'service',
      state: 'ORDER_ACCEPTED',
      currency: 'EUR',
      workflow: 'PAY_ON_ACCEPTANCE',
      imprintNumber: 'pi_3SRV',
      transactionNumber: null,
      debitedAt: null,
      commission: 1_020n,
      total: 0n,
      payOutPspCode: 'NOT_SPECIFIED',
    })
  })

  it('follows the pages by token: each order once, a 429 honoured', async () => {
    const ids = Array.from({ length: 205 }, (_, count) => book(`S-${count}`))
    faults.add({ side: 'mirakl', kind: 'rate_limited', times: 1, retryAfterSeconds: 30 })
    const pages: number[] = []
    for await (const page of mirakl.serviceOrders({})) pages.push(page.readings.length)
    expect(pages).toEqual([100, 100, 5])
    expect(waits).toEqual([30])
    const read = await values(mirakl.serviceOrders({}))
    expect(new Set(read.map(order => order.id))).toEqual(new Set(ids))
  })

  it('finds what changed, and orders by id and by purchase, a hundred per call', async () => {
    const ids = Array.from({ length: 130 }, (_, count) => book(`S-${count}`))
    await clock.advance(60_000)
    tenant.acceptServiceOrder('S-7-1')
    const changed = await values(mirakl.serviceOrders({ updatedSince: clock.now() }))
    expect(changed.map(order => order.id)).toEqual(['S-7-1'])
    asked = []
    expect(await values(mirakl.serviceOrders({ ids }))).toHaveLength(130)
    expect(asked.map(url => url.searchParams.getAll('order_id').length)).toEqual([100, 30])
    const [one] = await values(mirakl.serviceOrders({ purchaseIds: ['S-3'] }))
    expect(one?.id).toBe('S-3-1')
    asked = []
    expect(await values(mirakl.serviceOrders({ ids: [] }))).toEqual([])
    expect(asked).toEqual([])
  })

  it('defect 1: a commission of 10.075 EUR sets that one order aside', async () => {
    const ids = [accept('S-1'), accept('S-2'), accept('S-3')]
    const bad = ids[1] ?? ''
    tenant.corruptOrder(bad, { commission: { amount_including_taxes: '10.075' } })
    const readings = await all(mirakl.serviceOrders({}))
    expect(readings.filter(reading => reading.ok)).toHaveLength(2)
    expect(readings.find(reading => !reading.ok)).toMatchObject({
      id: bad,
      purchaseId: 'S-2',
      field: 'commission.amount_including_taxes',
    })
  })

  it('tolerates fields and words that it does not know', async () => {
    tenant.changeSettings({ extraFields: true, unknownEnums: true })
    accept('S-1')
    expect(await values(mirakl.serviceOrders({}))).toHaveLength(1)
  })
})

describe('service debits', () => {
  it('defect 17: their amount counts quantity, options and taxes', async () => {
    const options = [{ code: 'EXPRESS', amount: '5', tax: '1' }]
    const id = accept('SRV-1', { quantity: 3, options })
    expect(await values(mirakl.serviceDebits([id]))).toMatchObject([
      { orderId: id, amount: 26_200n, currency: 'EUR', state: 'waiting', paidAt: null },
    ])
  })

  it('stay listed once they are paid, with their date and number', async () => {
    const id = accept('SRV-1')
    const told = { transaction_number: 'ch_1', transaction_date: '2026-03-01T09:59:00Z' }
    await pay(id, told)
    expect(await values(mirakl.serviceDebits([id]))).toMatchObject([
      { state: 'paid', paidAt: new Date('2026-03-01T09:59:00Z'), reference: 'ch_1' },
    ])
    const [order] = await values(mirakl.serviceOrders({ ids: [id] }))
    expect(order?.state).toBe('ORDER_PENDING')
  })

  it('are refused', async () => {
    const id = accept('SRV-1')
    await pay(id, { state: 'REFUSED' })
    expect(await values(mirakl.serviceDebits([id]))).toMatchObject([
      { state: 'refused', paidAt: null, reference: null },
    ])
  })

  it('are asked for by a hundred orders; an order that is named twice is asked for once', async () => {
    const ids = Array.from({ length: 250 }, (_, count) => accept(`S-${count}`))
    asked = []
    expect(await values(mirakl.serviceDebits([...ids, ...ids]))).toHaveLength(250)
    expect(asked.map(url => url.pathname)).toEqual(Array(3).fill('/api/mms/debits'))
    expect(asked.map(url => url.searchParams.getAll('order_id').length)).toEqual([100, 100, 50])
  })

  it('are not asked for when no order is named', async () => {
    expect(await values(mirakl.serviceDebits([]))).toEqual([])
    expect(asked).toEqual([])
  })
})

describe('service refunds', () => {
  it('show what SPA12 asks for: the tax is beside the amount in SOR11', async () => {
    const id = accept('SRV-1')
    await pay(id)
    tenant.openServiceRefund(id, { amount: '12', tax: '2', commission: '1', commissionTax: '0.20' })
    const [order] = await values(mirakl.serviceOrders({ ids: [id] }))
    expect(order?.lines).toMatchObject([
      { refunds: [{ paid: false, amount: 1_200n, taxes: 200n, commission: 120n }] },
    ])
  })
})
