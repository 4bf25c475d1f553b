import { expect, test } from 'vitest'
import { killRun } from '../kills/kill-run.ts'

/** The small one; `npm run test:long` kills hundreds. */
test('workers, servers and the database are killed in their work: nothing twice, nothing lost', async () => {
  const figures = await killRun({ kills: 5, databaseKills: 1, seed: 1, atOnce: 2 })
  expect(figures.problems).toEqual([])
  expect(figures.kills).toBeGreaterThanOrEqual(5)
  expect(figures.serverKills + figures.backendKills).toBeGreaterThanOrEqual(1)
}, 240_000)
