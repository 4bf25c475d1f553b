import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { environmentOf, twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import {
  forgetMovements,
  transferPlan,
  writeAll,
  writingOf,
} from '../../test/builders/movement-seeds.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import type { Outcome } from '../domain/outcome.ts'
import { journalOf } from '../store/journal.ts'
import { claimPending } from '../store/movement-sending.ts'
import { movementById } from '../store/movements.ts'
import { createRecorder } from './record-outcome.ts'
import { createTally } from './tally.ts'

let database: Database
let own = ''
beforeAll(async () => {
  database = await openTestDatabase()
  ;[own] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(() => forgetMovements(database.queries))

async function claimed(count: number): Promise<Movement[]> {
  const plans = Array.from({ length: count }, (_, index) => transferPlan(`C${index}`))
  await writeAll(database, writingOf(own), plans)
  const claim = { limit: count, now: at('09:10'), leaseUntil: at('09:12'), actor: 'sender' }
  return database.inTransaction(queries => claimPending(queries, own, claim))
}

/** A recorder, and how many SQL transactions it asked for. */
function recorder() {
  let asked = 0
  const counting: Database = {
    ...database,
    inTransaction: work => {
      asked += 1
      return database.inTransaction(work)
    },
  }
  const record = createRecorder({
    database: counting,
    environment: environmentOf({ id: own }),
    clock: { now: () => at('09:11') },
    actor: 'sender',
    log: () => undefined,
    tally: createTally(),
  })
  return { record, asked: () => asked }
}

const done = (movement: Movement): Outcome => ({
  result: 'succeeded',
  providerId: `tr_${movement.id}`,
})
const statusOf = async (movement: Movement) =>
  (await movementById(database.queries, own, movement.id))?.status

describe('recording the outcomes of many movements', () => {
  it('shares an SQL transaction among those that arrive while another is written', async () => {
    const movements = await claimed(20)
    const { record, asked } = recorder()
    const moved = await Promise.all(movements.map(each => record(each, done(each))))
    expect(moved).toEqual(movements.map(() => true))
    expect(asked()).toBe(2)
    for (const movement of movements) {
      expect(await movementById(database.queries, own, movement.id)).toMatchObject({
        status: 'succeeded',
        providerId: `tr_${movement.id}`,
      })
      const lines = await journalOf(database.queries, own, movement.id)
      expect(lines.map(line => line.to_status)).toEqual(['pending', 'submitted', 'succeeded'])
    }
  })

  it('tells who was too late, and writes nothing for it', async () => {
    const [movement] = await claimed(1)
    if (movement === undefined) throw new Error('nothing was claimed')
    const { record } = recorder()
    const both = [record(movement, done(movement)), record(movement, done(movement))]
    expect(await Promise.all(both)).toEqual([true, false])
    expect(await journalOf(database.queries, own, movement.id)).toHaveLength(3)
  })

  it('records the others when one cannot be recorded', async () => {
    const [first, second, third, fourth] = await claimed(4)
    if (!first || !second || !third || !fourth) throw new Error('four were to be claimed')
    const { record } = recorder()
    const impossible: Movement = { ...third, status: 'canceled' }
    const results = await Promise.allSettled(
      [first, second, impossible, fourth].map(each => record(each, done(each))),
    )
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(await statusOf(second)).toBe('succeeded')
    expect(await statusOf(third)).toBe('submitted')
    expect(await statusOf(fourth)).toBe('succeeded')
  })
})
