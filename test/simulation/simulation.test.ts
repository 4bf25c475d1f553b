import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { simulate } from './simulate.ts'

let database: Database
beforeAll(async () => {
  // One query in flight: the same seed meets the same order of queries.
  database = await openTestDatabase({ poolSize: 1 })
})
afterAll(() => database.close())

const today = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''))
const fixed = Array.from({ length: 15 }, (_, at) => at + 1)
const drawn = Array.from({ length: 5 }, (_, at) => today * 10 + at)

describe('a marketplace under faults, drawn from a seed', () => {
  test.each([...fixed, ...drawn])('seed %i', async seed => {
    const { problems, replay, story } = await simulate(database, { seed, steps: 40 })
    const replaying = problems.length === 0 ? [] : [replay, ...story.slice(-10)]
    expect([...problems, ...replaying]).toEqual([])
  })

  test('the same seed plays the same story', async () => {
    const first = await simulate(database, { seed: 3, steps: 60 })
    const second = await simulate(database, { seed: 3, steps: 60 })
    expect(second.story).toEqual(first.story)
  })
})
