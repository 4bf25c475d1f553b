import { answerMovement } from '../../src/workflows/answer-movement.ts'
import { retryMovement } from '../../src/workflows/change-movement.ts'
import { createGate, lives } from './gate.ts'
import type { Ran } from './program.ts'
import { accountsByShop, answerOne } from './sellers.ts'
import { type Play, closeCycle, count, runAll } from './steps.ts'

const jobs: readonly Ran['job'][] = [
  'apply-events',
  'onboard-sellers',
  'validate-payments',
  'split-payments',
  'refund-payments',
  'settle-sellers',
  'monitor-kyc',
  // Fees, which the audit of the ledger counts.
  'read-books',
]
const hour = 3_600_000
const roundsMax = 40

/**
 * Peace: no faults, everybody does what is asked of them, time passes, and the jobs run until
 * nothing changes any more. Returns the problems of the first audit that finds one.
 */
export async function settleDown(
  play: Play,
  audited: (told: string) => Promise<string[]>,
): Promise<string[]> {
  const { world } = play
  world.faults.clear()
  play.faulty = false
  world.serveThrough(createGate(lives))
  while (answerOne(world, 'accept') !== null);
  let before = ''
  let isBilled = false
  for (let round = 0; round < roundsMax; round += 1) {
    const told: string[] = []
    for (const name of jobs) told.push(await runAll(play, [{ name, fate: lives }]))
    const problems = await audited(`peace: ${told.join('; ')}`)
    if (problems.length > 0) return problems
    await completeAll(play)
    await answerAll(play)
    if (round === 3) closeCycle(play)
    const after = await statuses(play)
    // A payout needs days to land.
    if (round > 6 && after === before && !after.includes(' accepted ')) {
      // Refunds since the last cycle are in no statement yet, and their sellers lack them already.
      if (isBilled || !closesAny(play)) return []
      isBilled = true
    }
    before = after
    // Beyond every back-off, every lease and every key's life.
    await world.clock.advance((round < 3 ? 2 : 26) * hour)
    await world.stripe.settled()
  }
  return ['the jobs do not come to rest: something changes in every round']
}

/** Closes a cycle for whatever no cycle has billed yet. False: there was nothing. */
function closesAny(play: Play): boolean {
  const before = play.cycles.length
  closeCycle(play)
  return play.cycles.length > before
}

async function completeAll({ world }: Play): Promise<void> {
  for (const account of (await accountsByShop(world)).values()) {
    world.stripe.completeOnboarding(account)
  }
}

/** A person looks at Stripe for what nobody could find, says so, and sends it again. */
async function answerAll({ world, counts }: Play): Promise<void> {
  const { database, environment, clock } = world
  const inReview = await database.queries
    .selectFrom('movements')
    .select('id')
    .where('environment_id', '=', environment.id)
    .where('needs_review', '=', true)
    .orderBy('id')
    .execute()
  for (const { id } of inReview) {
    const log = () => undefined
    const acting = { database, environment, clock, log, actor: 'operator:anna' }
    const answered = await answerMovement(acting, id, { notThere: true })
    const changed = answered.ok ? await retryMovement(acting, id) : answered
    if (!changed.ok) throw new Error(changed.message)
    count(counts, 'answered by a person')
  }
}

/** The standing of every movement, as one text: when it stays the same, nothing moves any more. */
async function statuses({ world }: Play): Promise<string> {
  const rows = await world.database.queries
    .selectFrom('movements')
    .select(['id', 'status', 'attempt'])
    .where('environment_id', '=', world.environment.id)
    .orderBy('id')
    .execute()
  return rows.map(row => `${row.id} ${row.status} ${row.attempt}`).join()
}
