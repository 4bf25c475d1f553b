// Plays the seeds that its parent names, one after the other, each in the order its seed decides.
// Arguments: the server's address, this player's name, the steps of a seed.
import type { Database } from '../../src/database/connection.ts'
import { simulate } from '../simulation/simulate.ts'
import { openCopy } from '../simulation/template.ts'

/** Seeds that share a database; each has an environment of its own. */
const seedsOfDatabase = 20

const [url = '', player = '', steps = ''] = process.argv.slice(2)
let database: Database | null = null
let played = 0

async function play(seed: number): Promise<void> {
  if (played % seedsOfDatabase === 0) {
    await database?.close()
    database = await openCopy(url, `simulation_${player}_${played}`)
  }
  played += 1
  if (database === null) return
  const outcome = await simulate(database, { seed, steps: Number(steps) })
  process.send?.({ ...outcome, counts: [...outcome.counts] })
}

process.on('message', (seed: number) => {
  play(seed).catch((error: unknown) => {
    console.error(error)
    process.exit(1)
  })
})
// Without a parent nobody names a seed any more.
process.on('disconnect', () => process.exit())
