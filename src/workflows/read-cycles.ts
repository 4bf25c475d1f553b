import type { Cycle } from '../domain/settlement.ts'
import { advanceCheckpoint, readCheckpoint } from '../store/checkpoints.ts'
import { openCycles, saveCycles, sellersOfOpenCycles } from '../store/cycles.ts'
import { saveSellers } from '../store/sellers.ts'
import { setAside, takeBack } from '../store/set-aside.ts'
import type { Page } from './ports.ts'
import { type Work, batchSize } from './work.ts'

/** A day: the feed may be read once a day only, and the same cycle twice costs nothing. */
const overlapSeconds = 24 * 3600

/**
 * Reads new cycles (IV01 or SBC11, by date of creation) and, of those that are still open here,
 * what the marketplace says now: one may have been paid by hand meanwhile.
 */
export async function readCycles(work: Work): Promise<void> {
  const { environment, database } = work
  const feed = environment.settings.settlementFeed
  const { sellerId } = work.scope
  const stored = await readCheckpoint(database.queries, environment.id, `cycles:${feed}`)
  const since = work.scope.since ?? stored ?? environment.startDate
  const open = await openIds(work)
  const read = new Set<string>()
  let newest: Date | null = null
  const query = {
    feed,
    ...(since === null ? {} : { createdSince: since }),
    ...(sellerId === undefined ? {} : { sellerId }),
  }
  for await (const page of work.marketplace.cycles(query)) {
    await storePage(work, page)
    for (const reading of page.readings) {
      if (!reading.ok) continue
      read.add(reading.value.id)
      const at = reading.value.createdAt
      if (newest === null || at > newest) newest = at
    }
    work.progress('reading cycles', read.size)
  }
  await refresh(
    work,
    feed,
    open.filter(id => !read.has(id)),
  )
  await refreshShops(work)
  if (newest === null || sellerId !== undefined || work.scope.since !== undefined) return
  const to = new Date(newest.getTime() - overlapSeconds * 1000)
  await advanceCheckpoint(database.queries, environment.id, `cycles:${feed}`, to, work.clock.now())
}

/** A shop may have been blocked since its last reading: those that are to be paid are read anew. */
async function refreshShops(work: Work): Promise<void> {
  const ids = await sellersOfOpenCycles(work.database.queries, work.environment.id)
  if (ids.length === 0) return
  try {
    for await (const page of work.marketplace.shops({ ids })) {
      const sellers = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
      await saveSellers(work.database.queries, work.environment.id, sellers)
    }
  } catch (error) {
    work.log('warn', 'the shops of open cycles could not be read', { problem: String(error) })
  }
}

async function openIds(work: Work): Promise<string[]> {
  const ids: string[] = []
  for (let after = ''; ;) {
    const query = { after, limit: batchSize, sellerId: work.scope.sellerId }
    const cycles = await openCycles(work.database.queries, work.environment.id, query)
    const last = cycles.at(-1)
    if (last === undefined) return ids
    after = last.id
    ids.push(...cycles.map(cycle => cycle.id))
  }
}

async function refresh(work: Work, feed: Cycle['feed'], ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  try {
    for await (const page of work.marketplace.cycles({ feed, ids })) await storePage(work, page)
  } catch (error) {
    work.log('warn', 'open cycles could not be read anew', { problem: String(error) })
  }
}

async function storePage(work: Work, page: Page<Cycle>): Promise<void> {
  const now = work.clock.now()
  const cycles = page.readings.flatMap(reading => (reading.ok ? [reading.value] : []))
  const unreadable = page.readings.flatMap(reading =>
    reading.ok ? [] : [{ ...reading, kind: 'cycle' as const }],
  )
  await work.database.inTransaction(async queries => {
    await saveCycles(queries, work.environment.id, cycles, now)
    await takeBack(
      queries,
      work.environment.id,
      'cycle',
      cycles.map(cycle => cycle.id),
    )
    await setAside(queries, work.environment.id, unreadable, now)
  })
  work.tally.setAside(unreadable.length)
}
