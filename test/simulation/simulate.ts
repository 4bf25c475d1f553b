import type { Database } from '../../src/database/connection.ts'
import { unbalanced } from '../ledger-audit.ts'
import { auditEnd } from './audit-end.ts'
import { auditStep } from './audit-step.ts'
import { observe } from './observation.ts'
import { settleDown } from './settle-down.ts'
import { type Play, count, takeStep } from './steps.ts'
import { openWorld, start } from './world.ts'

/** What one seed came to. */
export interface Outcome {
  readonly seed: number
  /** What did not hold; empty: all is well. */
  readonly problems: readonly string[]
  /** The command that plays exactly this again. */
  readonly replay: string
  /** What was done, oldest first. */
  readonly story: readonly string[]
  /** Operations, faults by kind, crashes and the like. */
  readonly counts: ReadonlyMap<string, number>
}

/** Plays one seed: so many steps with an audit after each, then peace, then the last audit. */
export async function simulate(
  database: Database,
  options: { readonly seed: number; readonly steps: number },
): Promise<Outcome> {
  const world = await openWorld(database, options.seed)
  const counts = new Map<string, number>()
  const play: Play = {
    world,
    shops: [world.mirakl.addShop({ currency: 'EUR', country: 'FRA' })],
    purchases: new Map(),
    counts,
    faulty: false,
    cycleStart: start,
    cycles: [],
  }
  if (world.dice.chance(70)) world.stripe.configure({ fees: {} })
  const story: string[] = []
  /** Movements whose answer never came at first. */
  const doubted = new Set<string>()
  const end = (problems: readonly string[]): Outcome => {
    for (const [kind, times] of Object.entries(world.faults.counts())) count(counts, kind, times)
    const replay = `npm run simulate -- --seed ${options.seed} --steps ${options.steps}`
    return { seed: options.seed, replay, problems, story, counts }
  }
  const audited = async (told: string): Promise<string[]> => {
    story.push(`${world.clock.now().toISOString().slice(0, 16)} ${told}`)
    count(counts, 'operations')
    for (const { message, fields } of world.logs) {
      if (message === 'a movement has no answer yet')
        doubted.add(JSON.stringify(fields, ['movement']))
    }
    const books = await unbalanced(world.database.queries, world.environment.id)
    return [...auditStep(world, await observe(world), play.purchases), ...books]
  }
  try {
    for (let step = 0; step < options.steps; step += 1) {
      const told = await takeStep(play)
      if (told === null) continue
      const problems = await audited(told)
      if (problems.length > 0) return end(problems)
    }
    const problems = await settleDown(play, audited)
    if (problems.length > 0) return end(problems)
    const seen = await observe(world)
    const inReview = seen.movements.filter(movement => movement.needsReview).length
    count(counts, 'unknowns resolved', doubted.size - inReview)
    count(counts, 'unknowns for a person', inReview)
    count(counts, 'movements', seen.movements.length)
    return end(await auditEnd(play, seen))
  } catch (error) {
    return end([error instanceof Error ? (error.stack ?? error.message) : String(error)])
  }
}
