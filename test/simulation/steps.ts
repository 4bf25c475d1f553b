import type { CycleReport } from '../../src/sandbox/mirakl/control.ts'
import type { JobName } from '../../src/workflows/run-job.ts'
import { type Purchase, buy } from './customers.ts'
import { breakInside, breakNetwork, disturbWebhooks, forge } from './disturbances.ts'
import { createGate, type Fate, lives } from './gate.ts'
import { type Ran, runProgram } from './program.ts'
import {
  answerOne,
  bounceOne,
  cancelOne,
  changeKyc,
  failRefundOne,
  refundOne,
  shipOne,
  writeDocument,
} from './sellers.ts'
import type { World } from './world.ts'

/** What a run of the simulation keeps between its steps. */
export interface Play {
  readonly world: World
  readonly shops: number[]
  readonly purchases: Map<string, Purchase>
  readonly counts: Map<string, number>
  /** Are faults of the network still around? A run may end early only then. */
  faulty: boolean
  cycleStart: Date
  readonly cycles: CycleReport[]
}

const jobs: readonly JobName[] = [
  'onboard-sellers',
  'validate-payments',
  'split-payments',
  'refund-payments',
  'settle-sellers',
  'monitor-kyc',
  'read-books',
]
const minute = 60_000

type Step = (play: Play) => Promise<string | null> | string | null

/** Steps with their weights: how often each comes, of all the weights together. */
const steps: readonly (readonly [number, Step])[] = [
  [2, openShop],
  [12, buyOne],
  [14, ({ world }) => answerOne(world)],
  [2, ({ world }) => cancelOne(world)],
  [5, ({ world }) => shipOne(world)],
  [6, ({ world }) => refundOne(world)],
  [8, ({ world }) => changeKyc(world)],
  [3, ({ world }) => bounceOne(world)],
  [1, ({ world }) => failRefundOne(world)],
  [2, ({ world, shops }) => writeDocument(world, shops)],
  [30, runOne],
  [5, runTwo],
  [5, runWithEvents],
  [9, play => run(play, ['apply-events'])],
  [13, passTime],
  [4, closeCycle],
  [8, disturb],
  [2, ({ world }) => disturbWebhooks(world)],
  [3, ({ world }) => breakInside(world)],
  [2, ({ world }) => forge(world)],
  [2, calm],
]
const weights = steps.reduce((sum, [weight]) => sum + weight, 0)

/** One step that the seed chooses. Returns what was done; null when there was nothing to do. */
export async function takeStep(play: Play): Promise<string | null> {
  let roll = play.world.dice.between(1, weights)
  for (const [weight, step] of steps) {
    roll -= weight
    if (roll > 0) continue
    const told = await step(play)
    const word = /^(webhooks: \w+|500 inside Stripe|a forged webhook|the bank bounces)/.exec(
      told ?? '',
    )
    if (word !== null) count(play.counts, word[0])
    return told
  }
  return null
}

function openShop({ world, shops }: Play): string | null {
  if (shops.length >= 4) return null
  const id = world.mirakl.addShop({ currency: 'EUR', country: 'FRA' })
  shops.push(id)
  return `shop ${id} opens`
}

async function buyOne({ world, shops, purchases }: Play): Promise<string> {
  const purchase = await buy(world, shops, purchases.size + 1)
  purchases.set(purchase.id, purchase)
  await world.stripe.settled()
  return `${purchase.id} is bought for ${purchase.authorised}${purchase.upFront ? ', up front' : ''}${purchase.declined ? ', declined' : ''}`
}

function drawFate({ dice }: World): Fate {
  const after = dice.chance(50)
  if (dice.chance(22)) return { ...lives, dieAt: dice.between(1, dice.oneOf([12, 40, 120])), after }
  if (dice.chance(8)) return { ...lives, failQueryAt: dice.between(1, 60), after }
  return lives
}

async function runOne(play: Play): Promise<string> {
  return run(play, [play.world.dice.oneOf(jobs)])
}

/** Two workers at once: on the same job, or on two. */
async function runTwo(play: Play): Promise<string> {
  const { dice } = play.world
  const job = dice.oneOf(jobs)
  return run(play, [job, dice.chance(70) ? job : dice.oneOf([...jobs, 'apply-events' as const])])
}

/** A job while another worker applies events, one batch after the other, until it is through. */
async function runWithEvents(play: Play): Promise<string> {
  let runs = true
  const job = runOne(play).finally(() => {
    runs = false
  })
  const applying = async (): Promise<void> => {
    while (runs) await runAll(play, [{ name: 'apply-events', fate: lives }])
  }
  const [told] = await Promise.all([job, applying()])
  return `${told}, with events`
}

async function run(play: Play, names: readonly Ran['job'][]): Promise<string> {
  const { world } = play
  const fated = names.map(name => ({ name, fate: drawFate(world) }))
  const told = await runAll(play, fated)
  return told
}

/** Runs programs side by side. Throws when one ends early and nobody disturbed it. */
export async function runAll(
  play: Play,
  fated: readonly { name: Ran['job']; fate: Fate }[],
): Promise<string> {
  const { world, counts } = play
  const ran = await Promise.all(fated.map(({ name, fate }) => runProgram(world, name, fate)))
  await world.stripe.settled()
  for (const each of ran) {
    count(counts, 'runs')
    if (each.crashed) count(counts, 'crashes')
    if (each.queryFailed) count(counts, 'failed queries')
    count(counts, 'calls', each.calls)
    const excused = each.crashed || each.queryFailed || play.faulty
    const problem = each.thrown?.stack ?? each.report?.error ?? null
    if (problem !== null && !excused) throw new Error(`${each.job} ended early: ${problem}`)
  }
  return ran
    .map(each => {
      const end = each.crashed ? ' †' : each.queryFailed ? ' (a query failed)' : ''
      const { report } = each
      const sums = report === null ? '' : ` sent ${report.sent} ok ${report.succeeded}`
      const error = report?.error ? ` (${report.error.slice(0, 80)})` : ''
      return `${each.job}${sums}${error}${end}, ${each.calls} calls`
    })
    .join(' | ')
}

export function count(counts: Map<string, number>, name: string, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by)
}

async function passTime({ world }: Play): Promise<string> {
  const minutes = world.dice.oneOf([1, 3, 10, 10, 60, 60, 360, 1_500, 4_320])
  await world.clock.advance(minutes * minute)
  await world.stripe.settled()
  return `${minutes} minutes pass`
}

export function closeCycle(play: Play): string | null {
  const end = play.world.clock.now()
  if (end.getTime() - play.cycleStart.getTime() < minute) return null
  const closed = play.world.mirakl.closeCycle({ start: play.cycleStart, end })
  play.cycleStart = end
  play.cycles.push(...closed)
  return `cycles close: ${closed.map(each => `${each.invoiceId} ${each.toSeller}`).join(', ')}`
}

function disturb(play: Play): string {
  const { world } = play
  if (world.dice.chance(15)) {
    const fate = { ...lives, failQueryAt: world.dice.between(1, 6), after: world.dice.chance(50) }
    world.serveThrough(createGate(fate))
    return 'the server loses a query'
  }
  play.faulty = true
  return breakNetwork(world)
}

function calm(play: Play): string {
  play.world.faults.clear()
  play.faulty = false
  return 'the network is well again'
}
