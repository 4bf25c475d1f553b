// npm run simulate -- --seeds N [--seed S] [--steps K] [--story] [--stop]: docs/simulation.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connect } from '../src/database/connection.ts'
import { openEmbedded } from '../src/database/embedded.ts'
import { migrate } from '../src/database/migrate.ts'
import { simulate } from '../test/simulation/simulate.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '120' },
    story: { type: 'boolean', default: false },
    stop: { type: 'boolean', default: false },
  },
})
const home = mkdtempSync(join(tmpdir(), 'tributary-simulation-'))
const server = await openEmbedded(home)
// One connection: one query in flight, so that the same seed meets the same order of queries.
const database = await connect(server.connectionString, { poolSize: 1 })
const started = performance.now()
const totals = new Map<string, number>()
let failed = 0
try {
  await database.pool.query('set synchronous_commit = off')
  await migrate(database)
  const first = Number(values.seed)
  for (let seed = first; seed < first + Number(values.seeds); seed += 1) {
    const outcome = await simulate(database, { seed, steps: Number(values.steps) })
    for (const [name, times] of outcome.counts) totals.set(name, (totals.get(name) ?? 0) + times)
    if (values.story) console.log(outcome.story.join('\n'))
    if (outcome.problems.length === 0) continue
    failed += 1
    console.log(`seed ${seed} FAILED after ${outcome.story.length} operations`)
    console.log(
      outcome.story
        .slice(-12)
        .map(line => `  ${line}`)
        .join('\n'),
    )
    for (const problem of outcome.problems.slice(0, 8)) console.log(`  ! ${problem}`)
    console.log(`  replay: ${outcome.replay}`)
    if (values.stop) break
  }
} finally {
  await database.close()
  await server.leave()
  rmSync(home, { recursive: true, force: true })
}
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(`${values.seeds} seeds, ${failed} failed, ${seconds} s`)
for (const [name, times] of [...totals].toSorted((a, b) => (a[0] < b[0] ? -1 : 1)))
  console.log(`  ${name.padEnd(24)} ${times}`)
process.exitCode = failed > 0 ? 1 : 0
