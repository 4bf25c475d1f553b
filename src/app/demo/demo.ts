import type { Log } from '../../workflows/work.ts'
import { checkBooks } from './check-books.ts'
import { type DemoReport, reportOf } from './demo-report.ts'
import { checkLedger } from './check-ledger.ts'
import { daysOfSecondCompany, openSecondCompany } from './second-company.ts'
import { type DemoWorld, openDemoWorld } from './demo-world.ts'
import { type PlayedWeek, playWeek, type WeekListener } from './play-week.ts'
import { keptAtStripe, readSimulatorBooks } from './simulator-books.ts'
import { keptInLedger, readTributaryBooks } from './tributary-books.ts'

export type { DemoReport } from './demo-report.ts'
export type { WeekListener } from './play-week.ts'
export { demoText } from './demo-text.ts'

export interface DemoOptions {
  /** Any integer; the same seed plays the same week. */
  readonly seed: number
  readonly calm: boolean
  /** Where the status page is to be; 0 takes any free port. */
  readonly port: number
  /** Does the status page go on after the week? Said in the report. */
  readonly keepsServing: boolean
  readonly log: Log
  readonly listener: WeekListener
  /** Told once, before the week begins: where the status page, the mailbox and the sandbox's control are. */
  readonly opened: (urls: { status: string; mailbox: string; control: string }) => void
}

/** A week that was played; the status page goes on until `close`. */
export interface PlayedDemo {
  readonly report: DemoReport
  close(): Promise<void>
}

/** Starts the simulators and Tributary, plays the week and checks both sets of books. */
export async function runDemo(options: DemoOptions): Promise<PlayedDemo> {
  const began = performance.now()
  const { seed, calm } = options
  const world = await openDemoWorld(options)
  try {
    const { mailbox, controlUrl } = world.sandbox
    options.opened({ status: world.url, mailbox: mailbox.url, control: controlUrl })
    const played = await playWeek(world, seed, options.listener)
    const second = await playSecondCompany(world, options)
    const seconds = Math.round((performance.now() - began) / 100) / 10
    const about = { seed, calm, seconds, serving: options.keepsServing }
    const report = await closeBooks(world, played, about, [second])
    return { report, close: () => world.close() }
  } catch (error) {
    await world.close()
    throw error
  }
}

/** The beginning of another week, by another company in the same database. */
async function playSecondCompany(first: DemoWorld, options: DemoOptions): Promise<DemoReport> {
  const began = performance.now()
  const seed = options.seed + 1
  const world = await openSecondCompany(first, { seed, log: options.log })
  try {
    const played = await playWeek(world, seed, options.listener, daysOfSecondCompany)
    const seconds = Math.round((performance.now() - began) / 100) / 10
    const about = { seed, calm: true, seconds, serving: options.keepsServing }
    return await closeBooks(world, played, about, [])
  } finally {
    await world.close()
  }
}

async function closeBooks(
  world: DemoWorld,
  { mapped, trials }: PlayedWeek,
  about: { seed: number; calm: boolean; seconds: number; serving: boolean },
  others: readonly DemoReport[],
): Promise<DemoReport> {
  const { app, sandbox, taxAccount } = world
  const simulators = await readSimulatorBooks(sandbox, { mapped, taxAccount })
  const tributary = await readTributaryBooks(app.database.queries, app.environment.id)
  const verdict = checkBooks(simulators, tributary)
  const ledger = checkLedger(trials, {
    booked: await keptInLedger(app.database.queries, app.environment.id),
    there: keptAtStripe(sandbox),
  })
  return reportOf({ world, ...about, simulators, tributary, verdict, ledger, others })
}
