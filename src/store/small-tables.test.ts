import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cycleOf } from '../../test/builders/cycle.ts'
import { environmentOf, twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import { debitOf } from '../../test/builders/payment.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import { defaultSettings } from '../domain/settings.ts'
import { cycleById, openCycles, saveCycles, setCycleOpen } from './cycles.ts'
import { debitsOfOrders, debitsSeenAt, saveDebits } from './debits.ts'
import { environmentBySlug, saveEnvironment } from './environments.ts'
import { countVisits, recordVisit } from './link-visits.ts'
import { endRun, latestRuns, startRun } from './runs.ts'
import { countSetAside, setAside, setAsideOf, takeBack } from './set-aside.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 2 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(async () => {
  for (const table of ['cycles', 'debits', 'set_aside'] as const) {
    await database.queries.deleteFrom(table).execute()
  }
})

describe('cycles', () => {
  const open = async (query: Partial<Parameters<typeof openCycles>[2]> = {}) =>
    (await openCycles(database.queries, own, { after: '', limit: 9, ...query })).map(
      each => each.id,
    )

  it('come back as the marketplace shows them last', async () => {
    const draft = cycleOf({ final: false, amount: -5n })
    await saveCycles(database.queries, own, [draft], at('09:00'))
    expect(await cycleById(database.queries, own, '7001')).toEqual(draft)
    const final = cycleOf({
      subscription: 1n,
      otherInvoices: 2n,
      otherCredits: 3n,
      payState: 'failed',
    })
    await saveCycles(database.queries, own, [draft, final], at('09:01'))
    expect(await cycleById(database.queries, own, '7001')).toEqual(final)
    expect(await cycleById(database.queries, other, '7001')).toBeNull()
    await saveCycles(database.queries, own, [], at('09:02'))
  })

  it('stay closed when they are read again, and open only when told so', async () => {
    const cycles = ['7001', '7002', '7003'].map(id => cycleOf({ id, sellerId: `seller of ${id}` }))
    await saveCycles(database.queries, own, cycles, at('09:00'))
    await setCycleOpen(database.queries, own, '7002', false)
    await saveCycles(database.queries, own, cycles, at('09:01'))
    expect(await open()).toEqual(['7001', '7003'])
    expect(await open({ after: '7001' })).toEqual(['7003'])
    expect(await open({ limit: 1 })).toEqual(['7001'])
    expect(await open({ sellerId: 'seller of 7003' })).toEqual(['7003'])
    await setCycleOpen(database.queries, own, '7002', true)
    expect(await open()).toEqual(['7001', '7002', '7003'])
  })
})

describe('debits', () => {
  it('are those that the last run saw, and add up by order', async () => {
    const { queries } = database
    const shipments = ['S1', 'S2'].map(id => debitOf({ id, entityType: 'SHIPMENT', amount: 400n }))
    await saveDebits(queries, own, [debitOf({ orderId: 'C9' }), ...shipments], at('09:00'))
    await saveDebits(queries, own, [debitOf({ id: 'S2', amount: 500n })], at('09:05'))
    await saveDebits(queries, own, [], at('09:06'))
    const seen = async (when: Date, after = '') =>
      (await debitsSeenAt(queries, own, when, after, 9)).map(each => each.id)
    expect(await seen(at('09:00'))).toEqual(['C1-A', 'S1'])
    expect(await seen(at('09:00'), 'C1-A')).toEqual(['S1'])
    expect(await seen(at('09:05'))).toEqual(['S2'])
    const sums = await debitsOfOrders(queries, own, ['C1-A', 'C9', 'C8'])
    expect(sums).toEqual(
      new Map([
        ['C1-A', 900n],
        ['C9', 10_000n],
      ]),
    )
    expect(await debitsOfOrders(queries, own, [])).toEqual(new Map())
    expect(await debitsOfOrders(queries, other, ['C1-A'])).toEqual(new Map())
  })
})

describe('what could not be read', () => {
  it('is kept with its field until it can be read', async () => {
    const { queries } = database
    const order = {
      kind: 'order',
      id: 'C1-A',
      purchaseId: 'C1',
      field: 'total_price',
      problem: 'too_many_digits',
      raw: { total_price: '10.075' },
    } as const
    const seller = {
      kind: 'seller',
      id: '2001',
      field: 'shop_name',
      problem: 'missing',
      raw: 'x',
    } as const
    await setAside(queries, own, [order, seller], at('09:00'))
    await setAside(queries, own, [{ ...order, field: 'price' }], at('09:10'))
    const row = { id: 'C1-A', purchaseId: 'C1', field: 'price', problem: 'too_many_digits' }
    expect(await setAsideOf(queries, own, 'order', { ids: ['C1-A'] })).toEqual(
      new Map([['C1-A', row]]),
    )
    expect(await setAsideOf(queries, own, 'order', { purchaseIds: ['C1'] })).toEqual(
      new Map([['C1', row]]),
    )
    expect(await setAsideOf(queries, own, 'seller', { ids: ['C1-A'] })).toEqual(new Map())
    expect(await setAsideOf(queries, own, 'order', { ids: [] })).toEqual(new Map())
    expect(await countSetAside(queries, own)).toEqual({ order: 1, seller: 1 })
    const since = await queries
      .selectFrom('set_aside')
      .select(['since', 'seen_at'])
      .where('kind', '=', 'order')
      .execute()
    expect(since).toEqual([{ since: at('09:00'), seen_at: at('09:10') }])
    await takeBack(queries, own, 'order', ['C1-A'])
    await takeBack(queries, own, 'seller', [])
    expect(await countSetAside(queries, own)).toEqual({ seller: 1 })
    expect(await countSetAside(queries, other)).toEqual({})
  })

  it('is kept whatever its texts hold, and two without an id are two', async () => {
    const { queries } = database
    const odd = (raw: string) => ({
      kind: 'order' as const,
      id: '',
      purchaseId: 'C\0'.repeat(2000),
      field: 'order_id',
      problem: 'missing\0',
      raw: { text: `${raw}\0\ud800` },
    })
    await setAside(queries, own, [odd('a'), odd('b')], at('09:00'))
    await setAside(queries, own, [odd('b'), { ...odd('c'), id: 'i\0'.repeat(9000) }], at('09:10'))
    expect(await countSetAside(queries, own)).toEqual({ order: 3 })
  })
})

describe('environments', () => {
  it('fill the gaps of older settings, and keep whether they are paused', async () => {
    const settings = { ...defaultSettings, nearExpiry: 'capture_confirmed' as const }
    const made = environmentOf({ id: 'env_3', slug: 'live', mode: 'live', settings })
    const live = { ...made, restore: null }
    await saveEnvironment(database.queries, live, 'A company', at('06:00'))
    expect(await environmentBySlug(database.queries, 'live')).toEqual(live)
    const paused = { paused: true, settings: '{"nearExpiry":"wait"}' }
    await database.queries
      .updateTable('environments')
      .set(paused)
      .where('id', '=', 'env_3')
      .execute()
    expect(await environmentBySlug(database.queries, 'live')).toMatchObject({
      paused: true,
      settings: defaultSettings,
    })
    const started = { ...live, startDate: at('00:00') }
    await saveEnvironment(database.queries, started, 'Another name', at('07:00'))
    expect(await environmentBySlug(database.queries, 'live')).toEqual({ ...started, paused: true })
    expect(await environmentBySlug(database.queries, 'nowhere')).toBeNull()
  })
})

describe('runs and visits', () => {
  it('shows the newest run of each job', async () => {
    const { queries } = database
    const start = (id: string, job: string, time: string) =>
      startRun(queries, own, { id, job, actor: 'operator', at: at(time) })
    await start('run_1', 'split-payments', '09:00')
    await start('run_2', 'split-payments', '09:05')
    await start('run_3', 'settle-sellers', '01:00')
    await endRun(queries, own, { id: 'run_2', at: at('09:06'), counts: { sent: 2 }, error: null })
    const runs = await latestRuns(queries, own)
    expect(runs.map(run => [run.id, run.ended_at, run.counts])).toEqual([
      ['run_3', null, {}],
      ['run_2', at('09:06'), { sent: 2 }],
    ])
  })

  it('counts the visits of a link since a moment', async () => {
    const visit = (id: string, time: string, sellerId = '2001') =>
      recordVisit(database.queries, own, {
        id,
        sellerId,
        at: at(time),
        outcome: 'onboarding',
        visitor: null,
      })
    await visit('v1', '09:00')
    await visit('v2', '09:30')
    await visit('v3', '09:30', '2002')
    expect(await countVisits(database.queries, own, '2001', at('08:00'))).toBe(2)
    expect(await countVisits(database.queries, own, '2001', at('09:00'))).toBe(1)
    expect(await countVisits(database.queries, other, '2001', at('08:00'))).toBe(0)
  })
})
