import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { twoEnvironments } from '../../test/builders/environment.ts'
import { at } from '../../test/builders/moments.ts'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from '../database/connection.ts'
import { advanceCheckpoint, readCheckpoint } from './checkpoints.ts'

let database: Database
let [own, other] = ['', '']
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 4 })
  ;[own, other] = await twoEnvironments(database)
})
afterAll(() => database.close())

const advance = (name: string, to: Date, environment = own) =>
  advanceCheckpoint(database.queries, environment, name, to, at('12:00'))
const read = (name: string, environment = own) =>
  readCheckpoint(database.queries, environment, name)

test('a checkpoint stands where it was set, by name and environment', async () => {
  expect(await read('orders')).toBeNull()
  await advance('orders', at('09:00'))
  await advance('payments', at('10:00'))
  await advance('orders', at('11:00'), other)
  expect(await read('orders')).toEqual(at('09:00'))
  expect(await read('orders', other)).toEqual(at('11:00'))
})

test('it never goes back, whoever writes last', async () => {
  const moments = fc.array(fc.integer({ min: 0, max: 4_000_000_000 }), {
    minLength: 1,
    maxLength: 6,
  })
  let round = 0
  await fc.assert(
    fc.asyncProperty(moments, async seconds => {
      const name = `feed ${(round += 1)}`
      const dates = seconds.map(each => new Date(each * 1000 + (each % 1000)))
      await Promise.all(dates.map(date => advance(name, date)))
      const last = Math.max(...dates.map(date => date.getTime()))
      expect(await read(name)).toEqual(new Date(last))
    }),
    { numRuns: 30 },
  )
})
