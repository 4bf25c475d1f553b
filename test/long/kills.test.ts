import { expect, test } from 'vitest'
import { killRun } from '../kills/kill-run.ts'

const { KILLS = '300', DATABASE_KILLS = '30' } = process.env

test(
  `${KILLS} kills of workers and servers, ${DATABASE_KILLS} of PostgreSQL: nothing twice, nothing lost`,
  async () => {
    const wanted = { kills: Number(KILLS), databaseKills: Number(DATABASE_KILLS) }
    const figures = await killRun({ ...wanted, seed: 7, atOnce: 3 })
    console.log(JSON.stringify(figures))
    expect(figures.problems).toEqual([])
    expect(figures.kills).toBeGreaterThanOrEqual(wanted.kills)
    expect(figures.serverKills + figures.backendKills).toBeGreaterThanOrEqual(wanted.databaseKills)
  },
  4 * 3600 * 1000,
)
