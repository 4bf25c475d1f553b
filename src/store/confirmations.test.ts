import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import {
  type Confirmation,
  type NewConfirmation,
  claimConfirmation,
  confirmationsOf,
  openConfirmations,
  planConfirmation,
  recordConfirmation,
} from './confirmations.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 6 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(() => database.queries.deleteFrom('confirmations').execute())

const toTell = (change: Partial<NewConfirmation> = {}): NewConfirmation => ({
  kind: 'debit',
  targetId: 'C1-A',
  sequence: 1,
  status: 'pending',
  says: 'paid',
  reason: null,
  sellerId: '2001',
  orderId: 'C1-A',
  purchaseId: 'C1',
  cycleId: null,
  amount: 10_000n,
  currency: 'EUR',
  reference: 'ch_1',
  facts: { authorized: '10000' },
  ...change,
})
const plan = (change: Partial<NewConfirmation> = {}) =>
  planConfirmation(database.queries, own, toTell(change), at('09:00'))
const claim = (now = at('09:10'), target = 'C1-A') =>
  claimConfirmation(database.queries, own, 'debit', target, 1, now, {
    unanswered: new Date(now.getTime() - 60_000),
    refused: new Date(now.getTime() - 3_600_000),
  })
const record = (confirmation: Confirmation, status: 'succeeded' | 'failed' | 'submitted') =>
  recordConfirmation(
    database.queries,
    own,
    confirmation,
    { status, reason: status === 'failed' ? 'confirmation_refused' : null, message: null },
    at('09:11'),
  )
const stored = async () =>
  (await confirmationsOf(database.queries, own, 'debit', { targetIds: ['C1-A'] }))[0]

/** The only confirmation, claimed. */
async function claimedOne(): Promise<Confirmation> {
  await plan()
  const confirmation = await claim()
  if (confirmation === null) throw new Error('nothing was claimed')
  return confirmation
}

describe('planning a confirmation', () => {
  it('keeps what is to be told', async () => {
    expect(await plan()).toBe(true)
    expect(await stored()).toEqual({ ...toTell(), attempt: 0, message: null })
  })

  it('replaces a hold, and what nobody has been told yet', async () => {
    await plan({ status: 'on_hold', says: null, reason: 'payment_pending', reference: null })
    expect(await plan()).toBe(true)
    expect(await plan({ says: 'refused', reason: 'payment_failed' })).toBe(true)
    expect(await stored()).toMatchObject({ says: 'refused', reason: 'payment_failed' })
  })

  it('replaces nothing that was told or is being told', async () => {
    const told = await claimedOne()
    expect(await plan({ says: 'refused' })).toBe(false)
    await record(told, 'succeeded')
    expect(await plan({ says: 'refused' })).toBe(false)
    expect(await stored()).toMatchObject({ says: 'paid', status: 'succeeded' })
  })

  it('may be replaced when the marketplace refused it', async () => {
    await record(await claimedOne(), 'failed')
    expect(await plan({ reference: 'ch_2' })).toBe(true)
    expect(await stored()).toMatchObject({ status: 'pending', reference: 'ch_2', attempt: 1 })
  })
})

describe('telling a confirmation', () => {
  it('is done by one of many workers, its attempt counted before the call', async () => {
    await plan()
    const claims = await Promise.all(Array.from({ length: 6 }, () => claim()))
    expect(claims.filter(each => each !== null)).toHaveLength(1)
    expect(await stored()).toMatchObject({ status: 'submitted', attempt: 1 })
  })

  it('is done again when it was not answered, and not before', async () => {
    await claimedOne()
    expect(await claim(at('09:11'))).toBeNull()
    expect(await claim(at('09:11:01'))).toMatchObject({ attempt: 2 })
  })

  it('is done again when it was refused, much later', async () => {
    await record(await claimedOne(), 'failed')
    expect(await claim(at('10:10'))).toBeNull()
    expect(await claim(at('10:10:01'))).toMatchObject({ attempt: 2 })
  })

  it('is not done for a hold, for what is over, or in another environment', async () => {
    await plan({ status: 'on_hold', reason: 'paused' })
    expect(await claim()).toBeNull()
    await plan()
    const { queries } = database
    const before = { unanswered: at('08:00'), refused: at('08:00') }
    expect(
      await claimConfirmation(queries, other, 'debit', 'C1-A', 1, at('09:10'), before),
    ).toBeNull()
    expect(
      await claimConfirmation(queries, own, 'debit', 'C1-A', 2, at('09:10'), before),
    ).toBeNull()
    const told = await claim()
    if (told !== null) await record(told, 'succeeded')
    expect(await claim(at('23:00'))).toBeNull()
  })

  it('is not answered by a late answer to an earlier attempt', async () => {
    const first = await claimedOne()
    await claim(at('09:20'))
    await record(first, 'failed')
    expect(await stored()).toMatchObject({ status: 'submitted', attempt: 2 })
  })
})

describe('finding confirmations', () => {
  it('by target, purchase and order, and those that are open', async () => {
    await plan()
    await plan({ targetId: 'C1-B', orderId: 'C1-B' })
    await plan({
      targetId: 'C2-A',
      orderId: 'C2-A',
      purchaseId: 'C2',
      status: 'on_hold',
      reason: 'x',
    })
    const { queries } = database
    const ids = (found: Confirmation[]) => found.map(each => each.targetId).toSorted()
    const by = async (query: Parameters<typeof confirmationsOf>[3]) =>
      ids(await confirmationsOf(queries, own, 'debit', query))
    expect(await by({ purchaseIds: ['C1'] })).toEqual(['C1-A', 'C1-B'])
    expect(await by({ purchaseIds: ['C1', 'C2'], orderId: 'C2-A' })).toEqual(['C2-A'])
    expect(await by({ targetIds: ['C1-B', 'C9'] })).toEqual(['C1-B'])
    expect(await by({ targetIds: [] })).toEqual([])
    expect(await by({ purchaseIds: [] })).toEqual([])
    expect(ids(await openConfirmations(queries, own, 'debit', '', 9))).toEqual(['C1-A', 'C1-B'])
    expect(ids(await openConfirmations(queries, own, 'debit', 'C1-A', 9))).toEqual(['C1-B'])
    expect(await openConfirmations(queries, own, 'cycle', '', 9)).toEqual([])
  })
})
