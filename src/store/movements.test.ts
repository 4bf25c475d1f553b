import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cycleOf } from '../../test/builders/cycle.ts'
import { twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import {
  forgetMovements,
  transferPlan,
  writeAll,
  writingOf,
} from '../../test/builders/movement-seeds.ts'
import { settlementFacts } from '../../test/builders/plan-facts.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import type { MovementStatus } from '../domain/lifecycle.ts'
import { planCycleParts } from '../domain/plan-settlement.ts'
import type { Plan } from '../domain/plan.ts'
import { type Observed, insertObserved } from './movement-observing.ts'
import {
  countHolds,
  countMovements,
  listMovements,
  movementById,
  movementsOfSources,
  remainderOf,
} from './movements.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 4 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(() => forgetMovements(database.queries))

const write = (plans: Plan[], prefix = '', now = at('09:00')) =>
  writeAll(database, writingOf(own, prefix, now), plans)
const ids = async (query: Partial<Parameters<typeof listMovements>[2]> = {}) =>
  (await listMovements(database.queries, own, { limit: 9, ...query })).map(each => each.id)

describe('lists of movements', () => {
  it('come newest first, page by page, by what they are about', async () => {
    await write([transferPlan('C1-A'), transferPlan('C1-B', { paused: true })], 'a')
    await write([transferPlan('C2-A')], 'b', at('09:30'))
    expect(await ids()).toEqual(['mv_b1', 'mv_a2', 'mv_a1'])
    expect(await ids({ limit: 2 })).toEqual(['mv_b1', 'mv_a2'])
    const before = { createdAt: at('09:00'), id: 'mv_a2' }
    expect(await ids({ before })).toEqual(['mv_a1'])
    expect(await ids({ status: 'on_hold' })).toEqual(['mv_a2'])
    expect(await ids({ kind: 'payout' })).toEqual([])
    expect(await ids({ orderId: 'C2-A' })).toEqual(['mv_b1'])
    expect(await ids({ purchaseId: 'C1', sellerId: '2001', status: 'pending' })).toEqual([
      'mv_b1',
      'mv_a1',
    ])
    expect(await ids({ cycleId: '7001' })).toEqual([])
    expect(await movementById(database.queries, other, 'mv_a1')).toBeNull()
  })

  it('of sources', async () => {
    await write([transferPlan('C1-A'), transferPlan('C1-B')])
    const of = async (kinds: string[], sources: string[]) =>
      (await movementsOfSources(database.queries, own, kinds, sources)).map(each => each.id)
    expect(await of(['transfer', 'payout'], ['C1-B', 'C9'])).toEqual(['mv_2'])
    expect(await of(['payout'], ['C1-B'])).toEqual([])
    expect(await of(['transfer'], [])).toEqual([])
  })

  it('are counted with what they owe, and holds by their reason', async () => {
    const held = ['C1-C', 'C1-D'].map(id => transferPlan(id, { paused: true }))
    await write([transferPlan('C1-A'), transferPlan('C1-B'), ...held])
    expect(await countMovements(database.queries, own)).toEqual([
      { kind: 'transfer', status: 'on_hold', currency: 'EUR', count: 2, amount: 18_000n },
      { kind: 'transfer', status: 'pending', currency: 'EUR', count: 2, amount: 18_000n },
    ])
    expect(await countHolds(database.queries, own)).toEqual([
      {
        kind: 'transfer',
        reason: 'paused',
        currency: 'EUR',
        count: 2,
        amount: 18_000n,
        oldest: at('09:00'),
      },
    ])
    expect(await countMovements(database.queries, other)).toEqual([])
  })
})

describe('what a provider could not express', () => {
  const down = (amount: bigint) => amount - (amount % 10n)

  /** A plan in KWD that owes one amount and asks for another. */
  function short(id: string, owed: bigint, sent: bigint): Plan {
    const plan = transferPlan(id)
    if (plan.decision.to !== 'move') throw new Error('the transfer is held')
    const instruction = { ...plan.decision.instruction, amount: sent, currency: 'KWD' }
    return { ...plan, currency: 'KWD', decision: { to: 'move', amount: owed, instruction } }
  }
  const remainder = (currency = 'KWD', environment = own, seller = '2001') =>
    remainderOf(database.queries, environment, seller, currency)
  const set = (id: string, status: MovementStatus) =>
    database.queries.updateTable('movements').set({ status }).where('id', '=', id).execute()
  const parts = (change: Parameters<typeof cycleOf>[0], open: bigint) => {
    const cycle = cycleOf({ currency: 'KWD', ...change })
    const platform = { available: { KWD: 10_000n }, pending: {} }
    return planCycleParts(
      settlementFacts({ cycle, platform, balance: platform, remainder: open }),
      down,
    )
  }

  it('is added up over the movements of a seller and taken off by its credit', async () => {
    expect(await remainder()).toBe(0n)
    await write([short('C1', 1_234n, 1_230n), short('C2', 1_234n, 1_230n)], 'a')
    await write([short('C3', 1_234n, 1_230n), short('C4', 1_230n, 1_230n)], 'b')
    expect(await remainder()).toBe(12n)
    expect(await remainder('EUR')).toBe(0n)
    expect(await remainder('KWD', other)).toBe(0n)
    expect(await remainder('KWD', own, '2002')).toBe(0n)
    await write(parts({}, 12n), 'c')
    expect(await remainder()).toBe(2n)
  })

  it('is owed by the seller when a collection was short, to the seller when a credit was', async () => {
    await write(parts({ subscription: 1_236n }, 0n), 'a')
    expect(await remainder()).toBe(-6n)
    await write(parts({ id: '7002', otherCredits: 1_239n }, 0n), 'b')
    expect(await remainder()).toBe(3n)
  })

  it.each([
    ['pending', 4n],
    ['submitted', 4n],
    ['accepted', 4n],
    ['succeeded', 4n],
    ['failed', 4n],
    ['canceled', 0n],
    ['on_hold', 0n],
  ] as const)('counts of a movement that is %s: %s', async (status, expected) => {
    await write([short('C1', 1_234n, 1_230n)])
    if (status === 'on_hold') {
      await database.queries.updateTable('movements').set({ reason: 'paused' }).execute()
    }
    await set('mv_1', status)
    expect(await remainder()).toBe(expected)
  })
})

describe('movements that somebody else made', () => {
  const observed = (id: string): Observed => ({
    id,
    kind: 'return',
    source: { type: 'movement', id: 'mv_1', part: '', sequence: 1 },
    parties: {
      sellerId: '2001',
      orderId: null,
      purchaseId: null,
      cycleId: '7001',
      paymentId: null,
    },
    status: 'succeeded',
    reason: null,
    currency: 'EUR',
    amount: 9_000n,
    account: 'acct_1',
    provider: 'stripe',
    providerId: 'po_1',
    failure: { code: 'account_closed', message: 'The account is closed.' },
    facts: { payout: 'po_1' },
    actor: 'apply-provider-event',
    now: at('10:00'),
  })

  it('are booked once, however often they are seen', async () => {
    const seen = ['mv_8', 'mv_9'].map(id => insertObserved(database.queries, own, observed(id)))
    expect((await Promise.all(seen)).filter(Boolean)).toHaveLength(1)
    const [movement, ...more] = await listMovements(database.queries, own, { limit: 9 })
    expect(more).toEqual([])
    expect(movement).toMatchObject({
      origin: 'observed',
      kind: 'return',
      status: 'succeeded',
      sentAmount: 9_000n,
      failure: { code: 'account_closed' },
    })
    const lines = await database.queries.selectFrom('movement_journal').selectAll().execute()
    expect(lines.map(line => [line.movement_id, line.from_status, line.to_status])).toEqual([
      [movement?.id, null, 'succeeded'],
    ])
  })
})
