import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import type { Movement } from '../../src/domain/movement.ts'
import { readCheckpoint } from '../../src/store/checkpoints.ts'
import { journalOf } from '../../src/store/journal.ts'
import { writePlans } from '../../src/store/movement-plans.ts'
import { claimPending, moveMovement } from '../../src/store/movement-sending.ts'
import { environmentOf, twoEnvironments } from '../builders/environment.ts'
import { at } from '../builders/moments.ts'
import { forgetMovements, transferPlan, writeAll, writingOf } from '../builders/movement-seeds.ts'
import { openTestDatabase } from '../database.ts'
import { recordOutcome } from '../../src/workflows/record-outcome.ts'
import { createTally } from '../../src/workflows/tally.ts'
import { openLaboratory } from './laboratory.ts'

let database: Database
let own = ''
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 4 })
  ;[own] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(() => forgetMovements(database.queries))

const record = (movement: Movement, providerId: string) =>
  recordOutcome(
    {
      database,
      environment: environmentOf({ id: own }),
      clock: { now: () => at('09:11') },
      actor: 'somebody',
      log: () => undefined,
      tally: createTally(),
    },
    movement,
    { result: 'succeeded', providerId },
  )

async function claimed(): Promise<Movement> {
  const claim = { limit: 1, now: at('09:10'), leaseUntil: at('09:12'), actor: 'sender' }
  const [movement] = await database.inTransaction(queries => claimPending(queries, own, claim))
  if (movement === undefined) throw new Error('nothing was pending')
  return movement
}

const journal = async () =>
  (await journalOf(database.queries, own, 'mv_1')).map(
    line => `${line.from_status} ${line.to_status}`,
  )

/** Until somebody waits for a row that another SQL transaction has locked. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ waiting: bigint }>`
      select count(*) as waiting from pg_locks l join pg_stat_activity a using (pid)
      where not l.granted and a.datname = current_database()`.execute(database.queries)
    if (rows[0]?.waiting !== 0n) return
  }
}

describe('two that know the same movement', () => {
  test('the event and the answer of the call: who comes second records nothing', async () => {
    await writeAll(database, writingOf(own), [transferPlan('C1-A')])
    const seen = await claimed()
    const both = await Promise.all([record(seen, 'tr_1'), record(seen, 'tr_1')])
    expect(both.toSorted()).toEqual([false, true])
    expect(await journal()).toEqual(['null pending', 'pending submitted', 'submitted succeeded'])
  })

  test('the late answer of an earlier attempt does not end the next one', async () => {
    await writeAll(database, writingOf(own), [transferPlan('C1-A')])
    const first = await claimed()
    const refused = { actor: 'sender', now: at('09:11'), reason: null, facts: {} }
    await database.inTransaction(async queries => {
      await moveMovement(queries, own, first, { ...refused, to: 'failed' })
      const failed: Movement = { ...first, status: 'failed' }
      await moveMovement(queries, own, failed, { ...refused, to: 'pending' })
    })
    expect((await claimed()).attempt).toBe(2)
    expect(await record(first, 'tr_late')).toBe(false)
  })

  test('two runs decide on the same hold one after the other', async () => {
    const plan = transferPlan('C1-A')
    await writeAll(database, writingOf(own), [transferPlan('C1-A', { paused: true })])
    const wrote = Promise.withResolvers<void>()
    const mayEnd = Promise.withResolvers<void>()
    const first = database.inTransaction(async queries => {
      await writePlans(queries, writingOf(own, 'first'), [plan])
      wrote.resolve()
      await mayEnd.promise
    })
    await wrote.promise
    const second = writeAll(database, writingOf(own, 'second'), [plan])
    await somebodyWaits()
    mayEnd.resolve()
    await first
    expect(await second).toMatchObject([{ status: 'pending', changed: false }])
    expect(await journal()).toEqual(['null on_hold', 'on_hold pending'])
  })
})

test('a reading that was cut short begins at the same place again', async () => {
  const lab = await openLaboratory(database)
  const shop = await lab.openSeller()
  const before = await readCheckpoint(database.queries, lab.environment.id, 'orders')
  await lab.clock.advance(3_600_000)
  const lines = [{ price: '10.00' }]
  lab.mirakl.placePurchase({
    commercialId: 'P-1',
    currency: 'EUR',
    orders: [{ shopId: shop, lines }],
  })
  let isGone = true
  const losing: Database = {
    ...database,
    inTransaction: writing => {
      if (!isGone) return database.inTransaction(writing)
      isGone = false
      return Promise.reject(new Error('the connection is gone'))
    },
  }
  const report = await lab.run('validate-payments', { database: losing })
  expect(report.error).toContain('the connection is gone')
  expect(await readCheckpoint(database.queries, lab.environment.id, 'orders')).toEqual(before)
})
