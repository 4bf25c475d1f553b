import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { defaultSettings } from '../../src/domain/settings.ts'
import type { JobName } from '../../src/workflows/run-job.ts'
import type { Marketplace, Page, Reading } from '../../src/workflows/ports.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, openLaboratory } from '../workflows/laboratory.ts'
import { type Change, changes } from './changes.ts'
import { type ListPath, serveMirakl } from './mirakl-server.ts'
import { fuzzing } from './runs.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const enable = {
  ...defaultSettings.enable,
  productSplit: true,
  productRefund: true,
  serviceSplit: true,
  serviceRefund: true,
}

/** Two shops, each with an order, a service, a refund of both, and a closed cycle. */
async function openMarket() {
  const lab = await openLaboratory(database, { settings: { enable } })
  const shops = [await lab.openSeller(), await lab.openSeller()]
  const services: string[] = []
  for (const [number, shopId] of shops.entries()) {
    const commercialId = `P-${number}`
    await lab.pay(commercialId, 20_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId,
      currency: 'EUR',
      orders: [{ shopId, lines: [{ price: '100.00', commission: '10.00', taxes: '5.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    const service = lab.mirakl.placeServiceOrder({
      commercialId,
      shopId,
      price: '80.00',
      tax: '16.00',
      commission: '8.50',
      commissionTax: '1.70',
    })
    lab.mirakl.acceptServiceOrder(service)
    services.push(service)
  }
  await lab.receive()
  return { lab, shops, services }
}

type Market = Awaited<ReturnType<typeof openMarket>>

/** Orders whose debits wait, two at a time: those that are confirmed leave the list. */
async function placeMore({ lab, shops }: Market): Promise<void> {
  for (const shopId of shops) {
    placed += 1
    const commercialId = `M-${placed}`
    await lab.pay(commercialId, 1_000)
    const orders = [{ shopId, lines: [{ price: '10.00', commission: '1.00' }] }]
    const [order = ''] = lab.mirakl.placePurchase({ commercialId, currency: 'EUR', orders })
    lab.mirakl.acceptOrder(order)
  }
  await lab.receive()
}
let placed = 0

/** A refund of each order and service, which leave their lists as well. */
async function refundMore({ lab, services }: Market): Promise<void> {
  for (const { lines } of lab.mirakl.orders()) {
    const [line] = lines
    if (line !== undefined) lab.mirakl.openRefund(line.lineId, { amount: '0.10' })
  }
  for (const service of services) lab.mirakl.openServiceRefund(service, { amount: '0.10' })
}

/** Confirmed debits, split orders, closed cycles. */
async function goOn({ lab }: Market): Promise<void> {
  await lab.run('validate-payments')
  await lab.run('split-payments')
  await lab.clock.advance(60 * minute)
  lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: lab.clock.now() })
}

type Read = (marketplace: Marketplace, lab: Laboratory) => AsyncIterable<Page<{ id: string }>>

const lists: readonly (readonly [ListPath, 'at once' | 'later', Read, JobName])[] = [
  ['/api/orders', 'at once', market => market.orders({}), 'validate-payments'],
  ['/api/payment/debit', 'at once', market => market.debits(), 'validate-payments'],
  ['/api/mms/orders', 'at once', market => market.serviceOrders({}), 'validate-payments'],
  ['/api/mms/debits', 'at once', (market, lab) => serviceDebits(market, lab), 'validate-payments'],
  ['/api/shops', 'at once', market => market.shops({}), 'onboard-sellers'],
  ['/api/payment/refund', 'later', market => market.refunds(), 'refund-payments'],
  ['/api/mms/refunds', 'later', market => market.serviceRefunds(), 'refund-payments'],
  ['/api/invoices', 'later', market => market.cycles({ feed: 'invoices' }), 'settle-sellers'],
  [
    '/api/seller-billing-cycles',
    'later',
    market => market.cycles({ feed: 'billing_cycles' }),
    'settle-sellers',
  ],
]

function serviceDebits(market: Marketplace, lab: Laboratory) {
  return market.serviceDebits(lab.mirakl.serviceOrders().map(each => each.orderId))
}

async function readingsOf(pages: AsyncIterable<Page<{ id: string }>>) {
  const readings: Reading<{ id: string }>[] = []
  for await (const page of pages) readings.push(...page.readings)
  return readings
}

const more: Partial<Record<ListPath, (market: Market) => Promise<void>>> = {
  '/api/payment/debit': placeMore,
  '/api/payment/refund': refundMore,
  '/api/mms/refunds': refundMore,
}

test.each(lists)('%s: one bad row never stops the others (%s)', async (path, when, read, job) => {
  const market = await openMarket()
  const { lab } = market
  if (when === 'later') await goOn(market)
  const server = await serveMirakl(lab)
  const { marketplace } = server
  const reading = () => readingsOf(read(marketplace, lab))
  const once = async (list: readonly Change[]) => {
    await more[path]?.(market)
    server.disturb(null)
    const last = (await reading()).at(-1)
    if (last?.ok !== true) throw new Error('nothing to read')
    server.disturb({ path, changes: list })
    const readings = await reading()
    expect(readings.flatMap(each => (each.ok ? [each.value.id] : []))).toContain(last.value.id)
    for (const each of readings) if (!each.ok) expect(each.problem).toMatch(/\S: \S/)
    await lab.clock.advance(10 * minute)
    await lab.run(job, { marketplace })
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  }
  try {
    await fc.assert(fc.asyncProperty(changes, once), fuzzing(5))
    expect(server.changedRows()).toBeGreaterThan(0)
    server.disturb(null)
    expect((await reading()).filter(each => !each.ok)).toEqual([])
    await lab.run(job, { marketplace })
  } finally {
    await server.close()
  }
})
