import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import {
  forgetMovements,
  transferPlan,
  writeAll,
  writingOf,
} from '../../test/builders/movement-seeds.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import type { Plan } from '../domain/plan.ts'
import { journalOf } from './journal.ts'
import { claimPending, moveMovement } from './movement-sending.ts'
import { writePlans } from './movement-plans.ts'
import { listMovements, movementById } from './movements.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 6 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(() => forgetMovements(database.queries))

const write = (plans: Plan[], writing = writingOf(own)) => writeAll(database, writing, plans)
const all = (environment = own) => listMovements(database.queries, environment, { limit: 100 })
const journal = async (id: string) =>
  (await journalOf(database.queries, own, id)).map(line => [
    line.from_status,
    line.to_status,
    line.reason,
  ])

describe('writing plans', () => {
  it('keeps everything that a plan says', async () => {
    const plan = transferPlan('C1-A')
    expect(await write([plan])).toEqual([{ plan, status: 'pending', changed: true }])
    expect(await movementById(database.queries, own, 'mv_1')).toMatchObject({
      kind: 'transfer',
      origin: 'planned',
      source: plan.source,
      parties: plan.parties,
      status: 'pending',
      reason: null,
      currency: 'EUR',
      amount: 9_000n,
      sentAmount: 9_000n,
      account: 'acct_1',
      instruction: plan.decision.to === 'move' ? plan.decision.instruction : null,
      facts: plan.facts,
      attempt: 0,
      createdAt: at('09:00'),
    })
    expect(await journal('mv_1')).toEqual([[null, 'pending', null]])
  })

  it('writes nothing when the same facts are planned again', async () => {
    const plans = [transferPlan('C1-A'), transferPlan('C1-B', { paused: true })]
    await write(plans)
    const before = await all()
    const again = await write(plans, writingOf(own, 'again', at('10:00')))
    expect(again.map(each => [each.status, each.changed])).toEqual([
      ['pending', false],
      ['on_hold', false],
    ])
    expect(await all()).toEqual(before)
    expect(await journal('mv_1')).toHaveLength(1)
  })

  it('writes nothing of what nobody owes', async () => {
    const plan: Plan = { ...transferPlan('C1-A'), decision: { to: 'nothing' } }
    expect(await write([plan])).toEqual([{ plan, status: null, changed: false }])
    expect(await write([])).toEqual([])
    expect(await all()).toEqual([])
  })

  it('follows a hold through its reasons to its end, line by line', async () => {
    const steps = [
      { paused: true },
      { payment: null },
      { debited: 1n },
      {},
      { paused: true },
      { movedBefore: true },
      {},
    ]
    for (const step of steps) await write([transferPlan('C1-A', step)])
    expect(await journal('mv_1')).toEqual([
      [null, 'on_hold', 'paused'],
      ['on_hold', 'on_hold', 'payment_unknown'],
      ['on_hold', 'on_hold', 'amount_differs'],
      ['on_hold', 'pending', null],
      ['pending', 'on_hold', 'paused'],
      ['on_hold', 'canceled', 'already_moved'],
    ])
    const [movement] = await all()
    expect(movement).toMatchObject({ status: 'canceled', reason: 'already_moved' })
    expect(movement?.instruction).toBeNull()
  })

  it('never touches what was asked', async () => {
    await write([transferPlan('C1-A')])
    await claimed('C1-A')
    const before = await all()
    const changed = [{ debited: 1n }, { paused: true }, { movedBefore: true }]
    for (const change of changed) await write([transferPlan('C1-A', change)])
    expect(await all()).toEqual(before)
  })

  it('keeps environments apart', async () => {
    await write([transferPlan('C1-A')])
    await write([transferPlan('C1-A', { paused: true })], writingOf(other))
    expect((await all()).map(each => each.status)).toEqual(['pending'])
    expect((await all(other)).map(each => each.status)).toEqual(['on_hold'])
  })
})

/** The pending movement, claimed. */
async function claimed(orderId: string) {
  const claim = { limit: 9, now: at('09:10'), leaseUntil: at('09:11'), actor: 'send' }
  const movements = await database.inTransaction(queries => claimPending(queries, own, claim))
  const found = movements.find(each => each.source.id === orderId)
  if (found === undefined) throw new Error(`${orderId} was not claimed`)
  return found
}

describe('two runs at once', () => {
  it('make each movement once', async () => {
    const orders = Array.from({ length: 20 }, (_, index) => `C${index}`)
    const plans = orders.map(id => transferPlan(id))
    const turned = plans.toReversed()
    const runs = ['a', 'b', 'c', 'd'].map((prefix, index) =>
      write(index % 2 === 0 ? plans : turned, writingOf(own, prefix)),
    )
    const written = (await Promise.all(runs)).flat()
    expect(written.filter(each => each.changed)).toHaveLength(20)
    const movements = await all()
    expect(movements.map(each => each.source.id).toSorted()).toEqual(orders.toSorted())
    const lines = await database.queries.selectFrom('movement_journal').selectAll().execute()
    expect(lines).toHaveLength(20)
  })

  it('decide one after the other about what is stored', async () => {
    await write([transferPlan('C1-A', { paused: true })])
    const second = await database.inTransaction(async queries => {
      await writePlans(queries, writingOf(own), [transferPlan('C1-A')])
      const written = write([transferPlan('C1-A', { movedBefore: true })])
      expect(await Promise.race([written, waitingForLock()])).toBe('waits')
      return { written }
    })
    expect((await second.written)[0]).toMatchObject({ status: 'canceled', changed: true })
    expect(await journal('mv_1')).toEqual([
      [null, 'on_hold', 'paused'],
      ['on_hold', 'pending', null],
      ['pending', 'canceled', 'already_moved'],
    ])
  })

  it('a plan that comes behind a claim leaves it alone', async () => {
    await write([transferPlan('C1-A')])
    const movement = await claimed('C1-A')
    const late = write([transferPlan('C1-A', { movedBefore: true })])
    const answer = { actor: 'send', now: at('09:12'), reason: null, facts: {}, providerId: 'tr_1' }
    const moved = moveMovement(database.queries, own, movement, { to: 'succeeded', ...answer })
    expect(await moved).toBe(true)
    expect((await late)[0]?.changed).toBe(false)
    expect((await all())[0]).toMatchObject({ status: 'succeeded', providerId: 'tr_1' })
  })
})

/** Answers once some session of this database waits for a lock. */
async function waitingForLock(): Promise<'waits'> {
  for (;;) {
    const { rows } = await database.pool.query<{ count: bigint }>(
      `select count(*) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    )
    if ((rows[0]?.count ?? 0n) > 0n) return 'waits'
  }
}
