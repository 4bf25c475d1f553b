// npm run simulate -- --seeds N [--seed S] [--steps K] [--workers W] [--story] [--stop]:
// docs/simulation.md.
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { createProgress } from '../src/cli/progress.ts'
import { playSeeds } from '../test/simulation/play-seeds.ts'
import type { Outcome } from '../test/simulation/simulate.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '120' },
    workers: { type: 'string', default: String(availableParallelism()) },
    story: { type: 'boolean', default: false },
    stop: { type: 'boolean', default: false },
  },
})
// Ended from outside, the embedded server is stopped too: it hears of an exit, not of a signal.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
const started = performance.now()
const first = Number(values.seed)
const seeds = Array.from({ length: Number(values.seeds) }, (_, at) => first + at)
const totals = new Map<string, number>()
const failed: Outcome[] = []
let played = 0
const bar = createProgress()

function told(outcome: Outcome): boolean {
  played += 1
  bar.tell('seeds', played, seeds.length)
  for (const [name, times] of outcome.counts) totals.set(name, (totals.get(name) ?? 0) + times)
  if (values.story) console.log(outcome.story.join('\n'))
  if (outcome.problems.length === 0) return true
  failed.push(outcome)
  bar.end()
  console.log(`seed ${outcome.seed} FAILED after ${outcome.story.length} operations`)
  for (const line of outcome.story.slice(-12)) console.log(`  ${line}`)
  for (const problem of outcome.problems.slice(0, 8)) console.log(`  ! ${problem}`)
  console.log(`  replay: ${outcome.replay}`)
  return !values.stop
}

const players = Math.max(1, Math.min(Number(values.workers), seeds.length))
await playSeeds({ seeds, steps: Number(values.steps), players, told })
bar.end()
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(`${played} seeds, ${failed.length} failed, ${seconds} s in ${players} programs`)
for (const [name, times] of [...totals].toSorted((a, b) => (a[0] < b[0] ? -1 : 1)))
  console.log(`  ${name.padEnd(24)} ${times}`)
if (failed.length > 0) console.log(`failed: ${failed.map(each => each.seed).join(' ')}`)
process.exitCode = failed.length > 0 ? 1 : 0
