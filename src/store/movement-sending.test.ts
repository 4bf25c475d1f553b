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
import { movementStatuses } from '../domain/lifecycle.ts'
import type { Movement } from '../domain/movement.ts'
import { journalOf } from './journal.ts'
import {
  type Move,
  claimAccepted,
  claimPending,
  claimUnanswered,
  moveMovement,
  postponeUnanswered,
} from './movement-sending.ts'
import { movementById, movementsByProviderId } from './movements.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 6 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(() => forgetMovements(database.queries))

async function seed(count: number, environment = own): Promise<void> {
  const plans = Array.from({ length: count }, (_, index) => transferPlan(`C${index}`))
  await writeAll(database, writingOf(environment), plans)
}

const claim = { now: at('09:10'), leaseUntil: at('09:11'), actor: 'send-movement' }
const take = (limit: number, environment = own) =>
  database.inTransaction(queries => claimPending(queries, environment, { limit, ...claim }))
const read = (id: string) => movementById(database.queries, own, id)
const move = (movement: Movement, to: Move['to'], change: Partial<Move> = {}) =>
  moveMovement(database.queries, own, movement, {
    to,
    actor: 'send-movement',
    now: at('09:12'),
    reason: null,
    facts: {},
    ...change,
  })

/** The only movement, claimed. */
async function claimedOne(): Promise<Movement> {
  await seed(1)
  const [movement] = await take(1)
  if (movement === undefined) throw new Error('nothing was claimed')
  return movement
}

describe('claiming what is pending', () => {
  it('writes attempt and time before anything is asked', async () => {
    expect(await claimedOne()).toMatchObject({ status: 'submitted', attempt: 1 })
    expect(await read('mv_1')).toMatchObject({
      status: 'submitted',
      attempt: 1,
      attemptedAt: at('09:10'),
    })
    const lines = await journalOf(database.queries, own, 'mv_1')
    expect(lines.at(-1)).toMatchObject({
      from_status: 'pending',
      to_status: 'submitted',
      attempt: 1,
      actor: 'send-movement',
    })
  })

  it('takes no more than the limit, and not what is not pending', async () => {
    await seed(5)
    await writeAll(database, writingOf(own, 'held'), [transferPlan('C9', { paused: true })])
    expect((await take(3)).map(each => each.id).toSorted()).toEqual(['mv_1', 'mv_2', 'mv_3'])
    expect((await take(9)).map(each => each.id).toSorted()).toEqual(['mv_4', 'mv_5'])
    expect(await take(9)).toEqual([])
  })

  it('gives each movement to one of many workers', async () => {
    await seed(60)
    const workers = Array.from({ length: 6 }, async () => {
      const taken: string[] = []
      for (let batch = await take(7); batch.length > 0; batch = await take(7)) {
        taken.push(...batch.map(each => each.id))
      }
      return taken
    })
    const taken = (await Promise.all(workers)).flat()
    expect(new Set(taken).size).toBe(taken.length)
    // A worker may find nothing while another holds the rest: that one takes it.
    taken.push(...(await take(60)).map(each => each.id))
    expect(new Set(taken).size).toBe(60)
    expect(taken).toHaveLength(60)
  })

  it('does not wait for a row that somebody holds', async () => {
    await seed(2)
    await database.inTransaction(async queries => {
      const first = await claimPending(queries, own, { limit: 1, ...claim })
      expect(first.map(each => each.id)).toEqual(['mv_1'])
      expect((await take(9)).map(each => each.id)).toEqual(['mv_2'])
    })
  })

  it('gives back what was claimed when its SQL transaction fails', async () => {
    await seed(1)
    const failing = database.inTransaction(async queries => {
      await claimPending(queries, own, { limit: 1, ...claim })
      throw new Error('crash')
    })
    await expect(failing).rejects.toThrow('crash')
    expect(await read('mv_1')).toMatchObject({ status: 'pending', attempt: 0 })
  })

  it('keeps environments apart', async () => {
    await seed(1)
    await seed(1, other)
    expect(await take(9)).toHaveLength(1)
    expect(await take(9, other)).toHaveLength(1)
  })
})

describe('moving a movement', () => {
  const allowed = [
    ['submitted', 'succeeded'],
    ['submitted', 'accepted'],
    ['submitted', 'failed'],
    ['accepted', 'succeeded'],
    ['failed', 'pending'],
    ['failed', 'canceled'],
  ]

  it('throws for every move that the lifecycle does not have', async () => {
    const movement = await claimedOne()
    for (const from of ['submitted', 'succeeded', 'canceled', 'on_hold', 'failed'] as const) {
      for (const to of movementStatuses) {
        if (allowed.some(([left, right]) => left === from && right === to)) continue
        if (from === 'on_hold' && (to === 'pending' || to === 'canceled')) continue
        await expect(move({ ...movement, status: from }, to)).rejects.toThrow(RangeError)
      }
    }
    expect(await read('mv_1')).toMatchObject({ status: 'submitted' })
  })

  it('writes the answer and its line', async () => {
    const movement = await claimedOne()
    const failure = { code: 'account_closed', message: 'No.' }
    const change = { reason: 'account_refused', failure, nextLookAt: at('10:00') } as const
    expect(await move(movement, 'failed', change)).toBe(true)
    const failed = await read('mv_1')
    expect(failed).toMatchObject({ status: 'failed', failure, nextLookAt: at('10:00') })
    if (failed === null) return
    expect(await move(failed, 'pending')).toBe(true)
    const [again] = await take(1)
    expect(again).toMatchObject({ attempt: 2, failure, nextLookAt: null })
    if (again === undefined) return
    await move(again, 'succeeded', { providerId: 'tr_1', providerStatus: 'paid', failure: null })
    expect(await read('mv_1')).toMatchObject({ providerId: 'tr_1', failure: null })
    const found = await movementsByProviderId(database.queries, own, 'tr_1')
    expect(found.map(each => each.id)).toEqual(['mv_1'])
    expect(await movementsByProviderId(database.queries, other, 'tr_1')).toEqual([])
    const lines = await journalOf(database.queries, own, 'mv_1')
    expect(lines.map(line => line.to_status).join(' ')).toBe(
      'pending submitted failed pending submitted succeeded',
    )
  })

  it('is done by one of those who saw the same', async () => {
    const movement = await claimedOne()
    const results = await Promise.all([
      move(movement, 'succeeded'),
      move(movement, 'failed', { reason: 'provider_refused' }),
      move(movement, 'accepted'),
    ])
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await journalOf(database.queries, own, 'mv_1')).toHaveLength(3)
  })

  it('is not done by a late answer to an earlier attempt', async () => {
    const first = await claimedOne()
    await move(first, 'failed', { reason: 'insufficient_funds' })
    const failed = await read('mv_1')
    if (failed !== null) await move(failed, 'pending')
    await take(1)
    expect(await move(first, 'succeeded', { providerId: 'tr_late' })).toBe(false)
    expect(await read('mv_1')).toMatchObject({ status: 'submitted', attempt: 2, providerId: null })
  })
})

describe('what was asked and not answered', () => {
  const unanswered = (now: Date) =>
    database.inTransaction(queries =>
      claimUnanswered(queries, own, { limit: 9, now, leaseUntil: at('09:30') }),
    )

  it('is taken once its lease is over, by one worker, with the same attempt', async () => {
    await claimedOne()
    expect(await unanswered(at('09:10'))).toEqual([])
    const taken = await Promise.all([unanswered(at('09:11')), unanswered(at('09:11'))])
    expect(taken.flat().map(each => [each.id, each.attempt])).toEqual([['mv_1', 1]])
    expect(await unanswered(at('09:29'))).toEqual([])
  })

  it('waits for its time or for a person, and remembers that only a look-up helps', async () => {
    const movement = await claimedOne()
    const later = { needsReview: false, lookUp: true, message: 'HTTP 500', now: at('09:12') }
    const postpone = (change: Partial<Parameters<typeof postponeUnanswered>[3]> = {}) =>
      postponeUnanswered(database.queries, own, movement, {
        leaseUntil: at('09:20'),
        ...later,
        ...change,
      })
    await postpone()
    expect(await unanswered(at('09:19'))).toEqual([])
    await postpone({ lookUp: false, message: 'timeout' })
    const [again] = await unanswered(at('09:20'))
    expect(again?.failure).toEqual({ code: 'look_up', message: 'timeout' })
    await postpone({ needsReview: true })
    expect(await unanswered(at('23:00'))).toEqual([])
    expect(await read('mv_1')).toMatchObject({ status: 'submitted', needsReview: true })
    await move(movement, 'succeeded')
    expect(await read('mv_1')).toMatchObject({ needsReview: false })
    await postpone({ needsReview: true })
    expect(await read('mv_1')).toMatchObject({ status: 'succeeded', needsReview: false })
  })
})

describe('what the provider has accepted', () => {
  it('is asked about at its time, once', async () => {
    const movement = await claimedOne()
    await move(movement, 'accepted', { providerId: 'po_1', nextLookAt: at('10:00') })
    const look = (now: Date) =>
      claimAccepted(database.queries, own, { limit: 9, now, nextLookAt: at('11:00') })
    expect(await look(at('09:59'))).toEqual([])
    expect((await look(at('10:00'))).map(each => each.id)).toEqual(['mv_1'])
    expect(await look(at('10:59'))).toEqual([])
    expect(await look(at('11:00'))).toHaveLength(1)
  })
})
