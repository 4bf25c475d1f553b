import { type CycleLine, contentsOf, unexplainedOf } from '../domain/cycle-contents.ts'
import { MarketplaceError } from '../domain/errors.ts'
import type { Cycle } from '../domain/settlement.ts'
import { convertedCycles, saveContents } from '../store/cycle-contents.ts'
import type { Work } from './work.ts'

/** More than the marketplace lets anybody read in a day. */
const cyclesMax = 2000

/**
 * Reads what final cycles hold (TL02), only of those in which sales may have been converted: the
 * marketplace lets it be read 60 times an hour. What accounts for the whole cycle is read once; the
 * rest is read again by each run, as its lines may not all have been there.
 */
export async function readCycleContents(work: Work): Promise<void> {
  const { database, environment } = work
  const query = { limit: cyclesMax, sellerId: work.scope.sellerId }
  const found = await convertedCycles(database.queries, environment.id, query)
  const wanted = found.filter(
    ({ cycle, contents }) => contents === null || unexplainedOf(cycle, contents) !== 0n,
  )
  for (const [done, { cycle }] of wanted.entries()) {
    if (work.stopping()) return
    try {
      await readOne(work, cycle)
    } catch (error) {
      const isSpent = error instanceof MarketplaceError && error.kind === 'rate_limited'
      const left = isSpent ? wanted.length - done : 1
      work.log('warn', 'what cycles hold could not be read', {
        cycle: cycle.id,
        cycles: left,
        problem: String(error),
      })
      if (isSpent) return
    }
    work.progress('reading what cycles hold', done + 1)
  }
}

async function readOne(work: Work, cycle: Cycle): Promise<void> {
  const lines: CycleLine[] = []
  for await (const page of work.marketplace.cycleLines(cycle)) {
    for (const reading of page.readings) {
      // A sum that lacks a line would be a wrong payout: then nothing is known.
      if (!reading.ok) throw new Error(`line ${reading.id}: ${reading.problem}`)
      lines.push(reading.value)
    }
  }
  await saveContents(work.database.queries, work.environment.id, cycle.id, contentsOf(lines))
}
