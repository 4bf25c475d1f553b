// npm run bench [-- --orders 1000,10000,100000] [--json] [--profile FOLDER]
import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type BenchServer, openServer } from './bench-database.ts'
import { startChild } from './child.ts'
import { count, figuresOf, type SplitFigures, targetsOf } from './figures.ts'
import { type Conditions, type Report, reportText } from './report.ts'
import type { RunMeasured, RunTask } from './run-program.ts'
import type { World, WorldTask } from './world.ts'

const defaultSizes = [1_000, 10_000, 100_000]
const sellers = 200

const usage = `npm run bench -- [--orders 1000,10000,100000] [--json] [--profile FOLDER]
  --orders   how many orders are split, one measurement for each number
  --json     one JSON document in place of the tables
  --profile  a folder that takes a CPU profile of each measured run`

interface Choices {
  readonly sizes: readonly number[]
  readonly json: boolean
  readonly profile: string | undefined
}

function readChoices(): Choices {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string' },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  })
  const sizes = values.orders?.split(',').map(Number) ?? defaultSizes
  if (sizes.some(size => !Number.isSafeInteger(size) || size < 1)) {
    throw new TypeError(`--orders is ${values.orders}: write whole numbers, as 1000,10000`)
  }
  return { sizes: sizes.toSorted((a, b) => a - b), json: values.json, profile: values.profile }
}

function conditionsOn(server: BenchServer): Conditions {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    node: process.versions.node,
    database: server.name,
    loadAtStart: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    note:
      'Both simulators and PostgreSQL share the cores with the measured program. The limits of the ' +
      'simulators and the pacing of the Stripe adapter are off: at Stripe 25 transfers a second is the limit.',
  }
}

/** One size: a world and a database of its own, and Tributary in a program of its own. */
async function measure(
  server: BenchServer,
  orders: number,
  profile: string | undefined,
): Promise<SplitFigures> {
  const label = `split_${orders}`
  const databaseUrl = await server.create(label)
  const task: WorldTask = { orders, sellers }
  const world = await startChild<World>('world-program.ts', task)
  try {
    const run: RunTask = { world: world.answer, databaseUrl, job: 'split-payments' }
    // With the flags that scripts/start.mjs gives to every program of ours.
    const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
    const flags = [...process.execArgv, ...profiling]
    const child = await startChild<RunMeasured>('run-program.ts', run, flags)
    await child.stop()
    return figuresOf(orders, world.answer.purchases, child.answer)
  } finally {
    await world.stop()
    await server.drop(label)
  }
}

async function bench({ sizes, profile }: Choices): Promise<Report> {
  const server = await openServer(process.env['DATABASE_URL'])
  try {
    const conditions = conditionsOn(server)
    const figures: SplitFigures[] = []
    for (const size of sizes) {
      process.stderr.write(`split-payments with ${count(size)} orders ...\n`)
      figures.push(await measure(server, size, profile))
    }
    const targets = targetsOf(figures)
    const ok = targets.every(target => target.ok)
    return { conditions, splitPayments: figures, targets, ok }
  } finally {
    await server.close()
  }
}

let choices: Choices
try {
  choices = readChoices()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
  process.exit(2)
}
const report = await bench(choices)
process.stdout.write(`${choices.json ? JSON.stringify(report, null, 2) : reportText(report)}\n`)
process.exitCode = report.ok ? 0 : 1
