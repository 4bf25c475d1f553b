import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import {
  type EventStatus,
  type InboundEvent,
  countOpenEvents,
  openEvents,
  settleEvent,
  storeEvent,
} from './inbound-events.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 6 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())
beforeEach(() => database.queries.deleteFrom('inbound_events').execute())

const eventOf = (id: string, change: Partial<InboundEvent> = {}): InboundEvent => ({
  provider: 'stripe',
  id,
  type: 'charge.captured',
  account: null,
  live: false,
  body: { id, list: [1, 'two', null] },
  createdAt: at('09:00'),
  ...change,
})
const store = (event: InboundEvent, environment = own) =>
  storeEvent(database.queries, environment, event, at('09:01'))
const open = async (limit = 9, triesMax = 3) =>
  (await openEvents(database.queries, own, limit, triesMax)).map(each => each.id)
const settle = (id: string, status: EventStatus) =>
  settleEvent(database.queries, own, 'stripe', id, { status, reason: null }, at('09:02'))

test('an event is stored once, however often it is delivered', async () => {
  const deliveries = Array.from({ length: 6 }, () => store(eventOf('evt_1')))
  expect((await Promise.all(deliveries)).filter(Boolean)).toHaveLength(1)
  expect(await store(eventOf('evt_1', { body: 'another' }))).toBe(false)
  const [event] = await openEvents(database.queries, own, 9, 3)
  expect(event).toEqual({ id: 'evt_1', provider: 'stripe', body: eventOf('evt_1').body })
})

test('the same id of another environment or provider is another event', async () => {
  await store(eventOf('evt_1'))
  expect(await store(eventOf('evt_1'), other)).toBe(true)
  expect(await store(eventOf('evt_1', { provider: 'hipay' }))).toBe(true)
  expect(await countOpenEvents(database.queries, own)).toBe(2)
})

test('events are applied in the order in which they happened', async () => {
  await store(eventOf('evt_3', { createdAt: at('09:02') }))
  await store(eventOf('evt_1'))
  await store(eventOf('evt_2', { createdAt: at('09:01') }))
  expect(await open()).toEqual(['evt_1', 'evt_2', 'evt_3'])
  expect(await open(2)).toEqual(['evt_1', 'evt_2'])
})

test.each(['applied', 'ignored', 'refused'] as const)('one that was %s is over', async status => {
  await store(eventOf('evt_1'))
  await settle('evt_1', status)
  expect(await open()).toEqual([])
  // A second worker that was slower changes nothing.
  await settle('evt_1', 'failed')
  expect(await countOpenEvents(database.queries, own)).toBe(0)
})

test('one that failed is tried again, a few times', async () => {
  await store(eventOf('evt_1'))
  for (let tries = 0; tries < 3; tries += 1) {
    expect(await open()).toEqual(['evt_1'])
    await settle('evt_1', 'failed')
  }
  expect(await open()).toEqual([])
  expect(await countOpenEvents(database.queries, own)).toBe(1)
})

test('an event is stored whatever its texts hold and however deep it is', async () => {
  const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as InboundEvent['body']
  expect(await store(eventOf('evt_1', { body: { text: 'a\0b\ud800', deep } }))).toBe(true)
  const [event] = await openEvents(database.queries, own, 9, 3)
  expect(event?.body).toMatchObject({ text: 'a\uFFFDb\uFFFD' })
  const result = { status: 'failed', reason: 'a\0b' } as const
  await settleEvent(database.queries, own, 'stripe', 'evt_1', result, at('09:02'))
  expect(await countOpenEvents(database.queries, own)).toBe(1)
})
