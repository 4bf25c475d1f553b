// npm run bench [-- --orders 1000,10000,100000] [--json] [--profile FOLDER]
import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type BenchServer, openServer } from './bench-database.ts'
import { startChild } from './child.ts'
import {
  count,
  figuresOf,
  type SplitFigures,
  targetsOf,
  type ValidateFigures,
  validateFiguresOf,
} from './figures.ts'
import { type Conditions, type Report, reportText } from './report.ts'
import type { RunMeasured, RunTask } from './run-program.ts'
import type { World, WorldTask } from './world.ts'

const defaultSizes = [1_000, 10_000, 100_000]
const sellers = 200
const worldProgram = new URL('world-program.ts', import.meta.url)
const runProgram = new URL('run-program.ts', import.meta.url)

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

/** A world and a database of its own, and Tributary in a program of its own. */
async function measure(
  server: BenchServer,
  job: RunTask['job'],
  task: WorldTask,
  profile: string | undefined,
): Promise<{ world: World; run: RunMeasured }> {
  const label = `${job.replace('-', '_')}_${task.orders}`
  process.stderr.write(`${job} with ${count(task.orders)} orders ...\n`)
  const databaseUrl = await server.create(label)
  const world = await startChild<World>(worldProgram, task)
  try {
    const run: RunTask = { world: world.answer, databaseUrl, job }
    // With the flags that scripts/start.mjs gives to every program of ours.
    const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
    const flags = [...process.execArgv, ...profiling]
    const child = await startChild<RunMeasured>(runProgram, run, flags)
    await child.stop()
    return { world: world.answer, run: child.answer }
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
    for (const orders of sizes) {
      const task = { orders, sellers }
      const { world, run } = await measure(server, 'split-payments', task, profile)
      figures.push(figuresOf(orders, world.purchases, run))
    }
    const validatePayments = await benchValidation(server, sizes[0] ?? 1, profile)
    const targets = targetsOf(figures)
    const ok = targets.every(target => target.ok)
    return { conditions, splitPayments: figures, validatePayments, targets, ok }
  } finally {
    await server.close()
  }
}

/** At one size only: Mirakl takes one debit a call, and nothing in it grows with the number. */
async function benchValidation(
  server: BenchServer,
  orders: number,
  profile: string | undefined,
): Promise<ValidateFigures> {
  const task = { orders, sellers, undecided: true }
  const { world, run } = await measure(server, 'validate-payments', task, profile)
  return validateFiguresOf(orders, world.purchases, run)
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
