import { beforeEach, describe, expect, it } from 'vitest'
import { createMirakl, type MiraklOptions } from '../../src/adapters/mirakl/mirakl.ts'
import { createClock, type VirtualClock } from '../../src/sandbox/clock.ts'
import { createFaultPlan, type Fault, type FaultPlan } from '../../src/sandbox/faults.ts'
import { fetchOf, listen, withFaults } from '../../src/sandbox/http.ts'
import { createMiraklSandbox, type MiraklSandbox } from '../../src/sandbox/mirakl/sandbox.ts'
import type { Marketplace, Page, Reading } from '../../src/workflows/ports.ts'
import { contentsOf, unexplainedOf } from '../../src/domain/cycle-contents.ts'

/** The Mirakl adapter against a tenant that keeps its own books, over a network that fails. */

let clock: VirtualClock
let faults: FaultPlan
let tenant: MiraklSandbox
let mirakl: Marketplace
let shop: number
let waits: number[]

const oauth = { clientId: 'client', clientSecret: 'secret' }

beforeEach(() => {
  clock = createClock(new Date('2026-03-01T10:00:00.250Z'))
  faults = createFaultPlan(3)
  tenant = createMiraklSandbox({ clock, seed: 11, apiKey: 'front-key', bearerToken: 'long', oauth })
  tenant.defineField({ code: 'pay-link', label: 'Link', type: 'LINK', required: false })
  tenant.defineField({ code: 'pay-ignored', label: 'Ignored', type: 'BOOLEAN', required: false })
  waits = []
  mirakl = connect()
  shop = tenant.addShop({ name: 'Atelier Nord' })
})

function connect(changes: Partial<MiraklOptions> = {}): Marketplace {
  return createMirakl({
    baseUrl: 'https://tenant.example',
    auth: { kind: 'apiKey', key: 'front-key' },
    customFieldCode: 'pay-link',
    ignoredFieldCode: 'pay-ignored',
    fetch: fetchOf(withFaults('mirakl', tenant.handler, faults, () => clock.now())),
    clock,
    countBudgets: false,
    wait: async seconds => {
      waits.push(seconds)
      await clock.advance(seconds * 1000)
    },
    ...changes,
  })
}

function fail(kind: Fault['kind'], more: Partial<Fault> = {}): void {
  faults.add({ side: 'mirakl', kind, times: 1, ...more })
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

/** Places a purchase of one order and lets the seller accept it; returns the order's id. */
function sell(commercialId: string, price: string, currency = 'EUR'): string {
  const lines = [{ price, commission: '1' }]
  const [id = ''] = tenant.placePurchase({
    commercialId,
    currency,
    orders: [{ shopId: shop, lines }],
  })
  tenant.acceptOrder(id)
  return id
}

async function onlyDebit() {
  const [debit] = await values(mirakl.debits())
  if (debit === undefined) throw new Error('no debit')
  return debit
}

describe('shops', () => {
  it('pages through a tenant and sees what it wrote', async () => {
    for (let count = 0; count < 240; count += 1) tenant.addShop()
    const shops = await values(mirakl.shops({}))
    expect(new Set(shops.map(one => one.id)).size).toBe(241)
    const changes = [
      { sellerId: String(shop), link: 'https://connect.example/x' },
      { sellerId: '999999', link: 'https://connect.example/y' },
      { sellerId: String(shop), kyc: { status: 'REFUSED', reason: 'blurred' } },
    ]
    const results = await mirakl.updateShops(changes)
    expect(results.map(one => one.result)).toEqual(['told', 'refused', 'told'])
    const [after] = await values(mirakl.shops({ ids: [String(shop)] }))
    expect(after).toMatchObject({
      country: 'FR',
      linkShown: 'https://connect.example/x',
      kyc: { status: 'REFUSED', reason: 'blurred' },
    })
  })

  it('reads only what changed', async () => {
    await clock.advance(60_000)
    const other = tenant.addShop({ additionalFields: { 'pay-ignored': 'true' } })
    const changed = await values(mirakl.shops({ updatedSince: clock.now() }))
    expect(changed.map(one => [one.id, one.ignored])).toEqual([[String(other), true]])
  })

  it('knows a tenant without KYC', async () => {
    tenant.changeSettings({ kycPerSeller: false })
    expect((await values(mirakl.shops({})))[0]?.kyc).toBeNull()
    expect((await mirakl.features()).kyc).toBe(false)
  })
})

describe('orders', () => {
  it('defect 15: page size 100, 429 honoured', async () => {
    for (let count = 0; count < 205; count += 1) sell(`P-${count}`, '10.00')
    fail('rate_limited', { retryAfterSeconds: 30 })
    const pages: number[] = []
    for await (const page of mirakl.orders({})) pages.push(page.readings.length)
    expect(pages).toEqual([100, 100, 5])
    expect(waits).toEqual([30])
    const purchaseIds = Array.from({ length: 205 }, (_, count) => `P-${count}`)
    expect(await values(mirakl.orders({ purchaseIds }))).toHaveLength(205)
  })

  it('defect 1: an amount of 10.075 EUR sets that one order aside, and the run goes on', async () => {
    const ids = [sell('P-1', '10.00'), sell('P-2', '20.00'), sell('P-3', '30.00')]
    tenant.corruptOrder(ids[1] ?? '', { total_price: '10.075' })
    const readings = await all(mirakl.orders({}))
    expect(readings.map(reading => reading.ok)).toEqual([true, false, true])
    expect(readings[1]).toMatchObject({ id: ids[1], field: 'total_price' })
  })

  it('defect 2: JPY 5000 and KWD 1.234 keep their value, there and back', async () => {
    for (const [currency, price, amount] of [
      ['JPY', '5000', 5000n],
      ['KWD', '1.234', 1234n],
      ['EUR', '54.00', 5400n],
    ] as const) {
      const id = sell(`P-${currency}`, price, currency)
      expect(await values(mirakl.orders({ ids: [id] }))).toMatchObject([
        { total: amount, currency },
      ])
      const debit = await onlyDebit()
      expect(debit).toMatchObject({ orderId: id, amount, currency })
      // The tenant refuses any other amount.
      const at = clock.now()
      const told = await mirakl.confirmDebit({ debit, paid: true, reference: 'ch_1', at })
      expect(told).toEqual({ result: 'told' })
    }
  })

  it('tolerates fields and words that it does not know', async () => {
    tenant.changeSettings({ extraFields: true, unknownEnums: true })
    sell('P-1', '10.00')
    expect(await values(mirakl.orders({}))).toHaveLength(1)
    expect(await values(mirakl.debits())).toHaveLength(1)
    expect(await values(mirakl.shops({}))).toHaveLength(1)
  })

  it('names the page cap', async () => {
    for (let count = 0; count < 101; count += 1) sell(`P-${count}`, '10.00')
    const capped = connect({ pagesMax: 1 })
    await expect(all(capped.orders({}))).rejects.toThrow('more than 1 pages')
  })

  it('keeps to the documented rates when runs are counted', async () => {
    tenant.changeSettings({ strictLimits: true })
    const scheduled = connect({ countBudgets: true })
    for (let run = 0; run < 3; run += 1) {
      await all(scheduled.orders({ updatedSince: clock.now() }))
      await expect(all(scheduled.orders({}))).rejects.toMatchObject({ retryAfterSeconds: 55 })
      await clock.advance(60_000)
    }
    expect(waits).toEqual([])
  })
})

describe('debits', () => {
  it.each(['empty_array', 'no_key'] as const)('finds none (%s)', async emptyListVariant => {
    tenant.changeSettings({ emptyListVariant })
    expect(await all(mirakl.debits())).toEqual([])
  })

  it('confirms while it reads, without skipping any', async () => {
    for (let count = 0; count < 150; count += 1) sell(`P-${count}`, '10.00')
    let confirmed = 0
    for await (const page of mirakl.debits()) {
      for (const reading of page.readings) {
        if (!reading.ok) throw new Error(reading.problem)
        const told = await mirakl.confirmDebit({
          debit: reading.value,
          paid: true,
          reference: `ch_${confirmed}`,
          at: clock.now(),
        })
        if (told.result === 'told') confirmed += 1
      }
    }
    expect(confirmed).toBe(150)
    expect(await all(mirakl.debits())).toEqual([])
  })

  it('tells a payment that was refused, and the order is canceled', async () => {
    const id = sell('P-1', '10.00')
    const debit = await onlyDebit()
    await mirakl.confirmDebit({ debit, paid: false, reference: null, at: clock.now() })
    expect(tenant.orders('P-1')).toMatchObject([{ orderId: id, state: 'CANCELED' }])
  })

  it('does not know whether a confirmation arrived whose answer was lost; then it is refused', async () => {
    const id = sell('P-1', '10.00')
    const debit = await onlyDebit()
    const confirmation = { debit, paid: true, reference: 'ch_1', at: clock.now() }
    fail('cut_after', { method: 'PUT' })
    expect(await mirakl.confirmDebit(confirmation)).toMatchObject({ result: 'unknown' })
    const again = await mirakl.confirmDebit(confirmation)
    expect(again).toMatchObject({ result: 'refused' })
    const [order] = await values(mirakl.orders({ ids: [id] }))
    expect(order).toMatchObject({ transactionNumber: 'ch_1' })
    expect(order?.debitedAt).not.toBeNull()
  })

  it.each(['error_html', 'error_json', 'cut_before', 'rate_limited'] as const)(
    'asks once, whatever happens: %s',
    async kind => {
      sell('P-1', '10.00')
      const debit = await onlyDebit()
      fail(kind, { method: 'PUT', retryAfterSeconds: 9 })
      const confirmation = { debit, paid: true, reference: 'ch_1', at: clock.now() }
      const told = await mirakl.confirmDebit(confirmation)
      expect(told.result).toBe('unknown')
      expect(told).toMatchObject(kind === 'rate_limited' ? { retryAfterSeconds: 9 } : {})
      expect(await mirakl.confirmDebit(confirmation)).toEqual({ result: 'told' })
    },
  )
})

describe('cycles', () => {
  async function close() {
    const id = sell('P-1', '100.00')
    const debit = await onlyDebit()
    await mirakl.confirmDebit({ debit, paid: true, reference: 'ch_1', at: clock.now() })
    tenant.shipOrder(id)
    tenant.receiveOrder(id)
    tenant.setSubscription(shop, { amount: '30', tax: '6' })
    tenant.addManualDocument(shop, { type: 'CREDIT', amount: '10', tax: '2' })
    tenant.addManualDocument(shop, { type: 'INVOICE', amount: '5', tax: '1' })
    await clock.advance(3_600_000)
    const [report] = tenant.closeCycle({ start: '2026-03-01T00:00:00Z', end: clock.now() })
    if (report === undefined) throw new Error('no cycle')
    return report
  }

  it.each([
    ['invoices', false],
    ['invoices', true],
    ['billing_cycles', false],
    ['billing_cycles', true],
  ] as const)('reads and confirms %s (signs reversed: %s)', async (feed, reversedManualSigns) => {
    tenant.changeSettings({ reversedManualSigns })
    const report = await close()
    const [cycle, ...others] = await values(mirakl.cycles({ feed }))
    if (cycle === undefined) throw new Error('no cycle')
    expect(others).toEqual([])
    const amount = BigInt(report.toSeller.replace('.', ''))
    expect(cycle).toMatchObject({
      id: feed === 'invoices' ? String(report.invoiceId) : report.cycleId,
      final: true,
      payState: 'pending',
      sellerId: String(shop),
      amount,
      subscription: 3600n,
      otherCredits: 1200n,
      otherInvoices: 600n,
    })
    const contents = contentsOf(await values(mirakl.cycleLines(cycle)))
    expect(Object.keys(contents.orders)).not.toEqual([])
    expect(unexplainedOf(cycle, contents)).toBe(0n)
    const at = clock.now()
    const told = await mirakl.confirmCycle({ cycle, paid: true, reference: 'po_1', at })
    expect(told).toEqual({ result: 'told' })
    const [after] = await values(mirakl.cycles({ feed, ids: [cycle.id] }))
    expect(after?.payState).toBe('paid')
  })

  it.each(['invoices', 'billing_cycles'] as const)('tells failures of %s', async feed => {
    await close()
    const [cycle] = await values(mirakl.cycles({ feed, sellerId: String(shop) }))
    if (cycle === undefined) throw new Error('no cycle')
    const failure = { cycle, paid: false, reference: null, at: clock.now() }
    const bare = await mirakl.confirmCycle(failure)
    expect(bare.result).toBe(feed === 'invoices' ? 'refused' : 'told')
    const failureReason = 'INCOMPLETE_KYC'
    expect(await mirakl.confirmCycle({ ...failure, failureReason })).toEqual({ result: 'told' })
    expect((await values(mirakl.cycles({ feed })))[0]?.payState).toBe('failed')
  })

  it('says what Mirakl says when confirmations are switched off', async () => {
    await close()
    const [cycle] = await values(mirakl.cycles({ feed: 'invoices' }))
    if (cycle === undefined) throw new Error('no cycle')
    tenant.changeSettings({ paymentConfirmation: false })
    const told = await mirakl.confirmCycle({ cycle, paid: true, reference: 'po', at: clock.now() })
    expect(told.result).toBe('refused')
    expect((await mirakl.features()).paymentConfirmation).toBe(false)
  })
})

describe('the network and the key', () => {
  it('outlasts two failures of a read, and not three', async () => {
    sell('P-1', '10.00')
    fail('error_html')
    fail('cut_before')
    expect(await values(mirakl.orders({}))).toHaveLength(1)
    expect(waits).toEqual([1, 3])
    fail('error_json', { times: 3 })
    await expect(all(mirakl.orders({}))).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('does not wait for an answer for ever', async () => {
    fail('slow', { times: 3, delayMilliseconds: 300 })
    const impatient = connect({ timeoutSeconds: 0.05 })
    await expect(impatient.version()).rejects.toThrow('did not answer within 0.05 seconds')
  })

  it('takes every kind of credential and names a wrong one', async () => {
    expect(await connect({ auth: { kind: 'bearer', token: 'long' } }).version()).toBe('3.210')
    const authUrl = 'https://auth.example/oauth/token'
    const byToken = connect({ auth: { kind: 'oauth', authUrl, ...oauth } })
    expect(await byToken.version()).toBe('3.210')
    // The token has ended by then.
    await clock.advance(2 * 3_600_000)
    expect(await byToken.version()).toBe('3.210')
    const wrong = connect({ auth: { kind: 'apiKey', key: 'other' } })
    await expect(wrong.version()).rejects.toMatchObject({ kind: 'unauthorized' })
  })

  it('works over real HTTP', async () => {
    sell('P-1', '10.00')
    const server = await listen(tenant.handler)
    try {
      const overHttp = connect({ baseUrl: `${server.url}/`, fetch })
      expect(await values(overHttp.orders({}))).toHaveLength(1)
      expect((await overHttp.customFields()).map(field => field.code)).toContain('pay-link')
    } finally {
      await server.close()
    }
  })

  it('takes the time of Mirakl, not ours', async () => {
    const ours = new Date('2030-01-01T00:00:00Z')
    const ahead = connect({ clock: { now: () => ours } })
    for await (const page of ahead.shops({}))
      expect(page.at.toISOString()).toBe('2026-03-01T10:00:00.000Z')
  })
})
