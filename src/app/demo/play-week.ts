import { createWeek } from '../../sandbox/scenario/week.ts'
import type { OperatorWish, Step } from '../../sandbox/scenario/stage.ts'
import { mapSeller } from '../../workflows/map-seller.ts'
import type { JobName } from '../../workflows/run-job.ts'
import type { MessageJob } from '../../workflows/run-messages.ts'
import { type RunReport, runNow } from '../run-now.ts'
import { trialBalance } from '../../store/ledger.ts'
import type { DayTrial } from './check-ledger.ts'
import type { DemoWorld } from './demo-world.ts'

/** Told as the week goes on. */
export interface WeekListener {
  day(name: string, number: number, of: number): void
  happened(at: Date, title: string, told: string): void
  ran(report: RunReport): void
  /** True ends the week before its next step. */
  stopping(): boolean
}

/** Somebody ended the demo before its week was over. */
export class DemoStopped extends Error {
  constructor() {
    super('The demo was stopped before its week was over.')
    this.name = 'DemoStopped'
  }
}

const minute = 60_000
/** The mail that is read with the first coffee. */
const digestHour = 8

/** Jobs that run all day long. */
const everyMinutes: readonly JobName[] = [
  'onboard-sellers',
  'validate-payments',
  'split-payments',
  'refund-payments',
]

/** What the check of the books has to know of a week that was played. */
export interface PlayedWeek {
  readonly mapped: readonly OperatorWish[]
  /** The ledger after each day; the last once nothing was open any more. */
  readonly trials: readonly DayTrial[]
}

/** Plays every day of the scenario; after each step the jobs run as their schedule would have it. */
export async function playWeek(
  world: DemoWorld,
  seed: number,
  listener: WeekListener,
  lastDay = Infinity,
): Promise<PlayedWeek> {
  const { sandbox } = world
  const mapped: OperatorWish[] = []
  const trials: DayTrial[] = []
  const days = createWeek(sandbox.stage, seed).filter(day => day.number <= lastDay)
  for (const day of days) {
    listener.day(day.name, day.number, days.length)
    // Nothing has been billed before the first morning.
    let settled = day.number === 1
    let digested = false
    for (const step of day.steps) {
      if (listener.stopping()) throw new DemoStopped()
      // The night's settlement comes before whatever happens in the morning.
      if (!settled && step.at.getUTCHours() >= 1) {
        settled = true
        await runAt(world, step.at, 1, 'settle-sellers', listener)
      }
      if (!digested && step.at.getUTCHours() >= digestHour) {
        digested = true
        await runAt(world, step.at, digestHour, 'send-digest', listener)
      }
      await sandbox.clock.moveTo(laterOf(step.at, sandbox.clock.now()))
      mapped.push(...(await playStep(world, step, listener)))
      await runJobs(world, everyMinutes, listener)
    }
    trials.push(await trialAfter(world, day.number))
  }
  await finish(world, listener)
  trials.push(await trialAfter(world, days.length))
  return { mapped, trials }
}

async function trialAfter({ app }: DemoWorld, day: number): Promise<DayTrial> {
  return { day, lines: await trialBalance(app.database.queries, app.environment.id) }
}

async function playStep(
  world: DemoWorld,
  step: Step,
  listener: WeekListener,
): Promise<readonly OperatorWish[]> {
  const { told, wishes = [] } = await step.play()
  listener.happened(step.at, step.title, told)
  await world.sandbox.stripe.settled()
  for (const { mapShop, toAccount } of wishes) {
    const work = await world.app.workFor({ actor: 'operator:demo', mode: 'move', scheduled: false })
    const mapping = await mapSeller(work, String(mapShop), toAccount)
    if (!mapping.ok) throw new Error(mapping.message)
  }
  return wishes
}

/** Runs a daily job at its hour, or now when that has passed. */
async function runAt(
  world: DemoWorld,
  day: Date,
  hour: number,
  job: JobName | MessageJob,
  listener: WeekListener,
): Promise<void> {
  const { clock } = world.sandbox
  const oClock = new Date(day)
  oClock.setUTCHours(hour, 0, 0, 0)
  await clock.moveTo(laterOf(oClock, clock.now()))
  await runJobs(world, [job], listener)
}

/** Minutes pass between the jobs: Mirakl lets orders be read once a minute. */
async function runJobs(
  world: DemoWorld,
  jobs: readonly (JobName | MessageJob)[],
  listener: WeekListener,
): Promise<void> {
  for (const job of jobs) {
    const report = await runNow(world.app, { job, mode: 'move' })
    listener.ran(report)
    await world.sandbox.stripe.settled()
    await world.sandbox.clock.advance(3 * minute)
  }
}

/** What the network left unanswered is looked up until nothing is open, at most for some hours. */
async function finish(world: DemoWorld, listener: WeekListener): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await world.sandbox.clock.advance(60 * minute)
    await runJobs(world, [...everyMinutes, 'settle-sellers'], listener)
  }
}

function laterOf(left: Date, right: Date): Date {
  return left > right ? left : right
}
