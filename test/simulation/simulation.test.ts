import { availableParallelism } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { playSeeds } from './play-seeds.ts'
import { type Outcome, simulate } from './simulate.ts'
import { type Template, openCopy, openTemplate } from './template.ts'

const steps = 30
const today = Number(new Date().toISOString().slice(0, 10).replaceAll('-', ''))
const fixed = Array.from({ length: 35 }, (_, at) => at + 1)
const drawn = Array.from({ length: 5 }, (_, at) => today * 10 + at)

describe('a marketplace under faults, drawn from a seed', () => {
  test('forty seeds hold, five of them drawn from the date', { timeout: 300_000 }, async () => {
    const outcomes: Outcome[] = []
    await playSeeds({
      seeds: [...fixed, ...drawn],
      steps,
      players: Math.min(2, availableParallelism()),
      told: outcome => outcomes.push(outcome) > 0,
    })
    const failed = outcomes.filter(outcome => outcome.problems.length > 0)
    const shown = failed.map(({ problems, replay, story }) => ({
      replay,
      problems,
      story: story.slice(-10),
    }))
    expect(shown).toEqual([])
    expect(outcomes).toHaveLength(40)
  })
})

describe('a seed', () => {
  let template: Template
  let database: Database
  beforeAll(async () => {
    template = await openTemplate()
    database = await openCopy(template.url, 'replay')
  })
  afterAll(async () => {
    await database.close()
    await template.close()
  })

  test('plays the same story again', async () => {
    const first = await simulate(database, { seed: 3, steps })
    const second = await simulate(database, { seed: 3, steps })
    expect(second.story).toEqual(first.story)
  })
})
