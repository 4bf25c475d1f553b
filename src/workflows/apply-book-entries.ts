import {
  closeBookEntry,
  matchBookEntries,
  openBookEntries,
  type StoredEntry,
} from '../store/book-entries.ts'
import { bookRateDifferences } from '../store/ledger-rate-differences.ts'
import { applySubject, waitsForPlan } from './apply-provider-event.ts'
import type { EventSubject } from './ports.ts'
import type { Work } from './work.ts'

const day = 24 * 3600 * 1000
/** A line that could not be looked into is tried again for so long; then it stays unmatched. */
const triedDays = 10
/** Objects asked for again in one run: those of lines that an earlier run has left. */
const askedMax = 50
const entriesMax = 100_000

interface Open {
  readonly account: string | null
  /** Where the stretch that was just read begins. */
  readonly since: Date
  /** What its lines told, by their ids. */
  readonly subjects: ReadonlyMap<string, EventSubject>
}

/**
 * Takes in what the open lines of the books tell, the oldest first, exactly as an event about the
 * same object does: whichever comes first books it, the other finds it known.
 */
export async function applyBookEntries(work: Work, open: Open): Promise<void> {
  const { queries } = work.database
  const { id } = work.environment
  const lately = new Date(work.clock.now().getTime() - triedDays * day)
  const since = open.since < lately ? open.since : lately
  const query = { since, account: open.account, limit: entriesMax }
  let asked = 0
  for (const entry of await openBookEntries(queries, id, query)) {
    if (work.stopping()) return
    if (isToldElsewhere(entry)) continue
    let subject = open.subjects.get(entry.id) ?? null
    if (subject === null && asked < askedMax) {
      asked += 1
      subject = await askAgain(work, entry)
    }
    if (subject !== null) await applyOne(work, entry, subject)
  }
  await matchBookEntries(queries, id, { since })
  // A seller's own books tell of no refund that the platform's escrow paid.
  if (open.account !== null) return
  await work.database.inTransaction(own =>
    bookRateDifferences(own, id, { since }, work.clock.now()),
  )
}

/** Whoever sent a transfer tells of it: a seller's books of a collection, the platform's of the rest. */
function isToldElsewhere({ account, kind }: StoredEntry): boolean {
  const sentBySeller = kind === 'collection' || kind === 'collection_reversal'
  const sentByPlatform = kind === 'transfer' || kind === 'reversal'
  return account === null ? sentBySeller : sentByPlatform
}

async function askAgain(work: Work, entry: StoredEntry): Promise<EventSubject | null> {
  const { account, sourceId } = entry
  if (sourceId === null) return { about: 'other' }
  try {
    const found = await work.provider.bookLines?.({ account, sourceId, after: null })
    return found?.lines.find(line => line.entry.id === entry.id)?.subject ?? null
  } catch (error) {
    work.log('warn', 'a line of the books could not be looked into', {
      line: entry.id,
      problem: String(error),
    })
    return null
  }
}

/** One that fails never stops those behind it; it stays open. */
async function applyOne(work: Work, entry: StoredEntry, subject: EventSubject): Promise<void> {
  const told = { account: entry.account, createdAt: work.clock.now() }
  try {
    const { status, reason } = await applySubject(work, told, subject)
    if (status === 'applied') {
      work.log('info', 'the books told what no event did', { line: entry.id, kind: entry.kind })
    }
    // It stays open, and is tried again: nothing may be lost by a restore.
    if (reason === waitsForPlan) return
    await closeBookEntry(work.database.queries, work.environment.id, entry.id, reason)
  } catch (error) {
    work.tally.failed()
    work.log('error', 'a line of the books could not be applied', {
      line: entry.id,
      problem: String(error),
    })
  }
}
