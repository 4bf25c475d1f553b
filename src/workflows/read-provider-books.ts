import { accountsToRead, booksCheckpoint } from '../store/book-accounts.ts'
import { matchBookEntries, openOf, saveBookEntries } from '../store/book-entries.ts'
import { advanceCheckpoint, readCheckpoint } from '../store/checkpoints.ts'
import { applyBookEntries } from './apply-book-entries.ts'
import { bookCosts } from './book-costs.ts'
import type { BookLine, BookPage, EventSubject, PaymentProvider } from './ports.ts'
import { setRowsAside } from './set-rows-aside.ts'
import type { Work } from './work.ts'

const second = 1000
const day = 24 * 3600 * second
/** The newest lines are read again: one of the same second may have come behind them. */
const overlap = 600 * second
/** The provider's clock may be ahead of ours: what it dates after our present belongs to it too. */
const ahead = 600 * second
/** Without a start date (a test environment), and for a seller's books, a first reading goes so far. */
const firstDays = 10
/** Sellers' books read in one run: those paid out in the last days, then the others in turn. */
const accountsMax = 200
const pagesMax = 20_000

type BookLines = NonNullable<PaymentProvider['bookLines']>

/**
 * Reads the provider's own books, day by day from where the last run has come to, and takes in what
 * no event told: the platform's books, then sellers', as many as one run may read. A run that is
 * killed reads its day again; what it had stored stays, and nothing is booked twice.
 * @throws ProviderError when the platform's books cannot be read
 */
export async function readProviderBooks(work: Work): Promise<void> {
  const lines = work.provider.bookLines
  if (lines === undefined || work.mode !== 'move') return
  if (work.environment.mode === 'live' && work.environment.startDate === null) {
    work.log('info', 'the books are not read before there is a start date')
    return
  }
  const read = (account: string | null) => readBooksOf(work, lines, account)
  await read(null)
  const { queries } = work.database
  const since = new Date(work.clock.now().getTime() - firstDays * day)
  const wanted = { since, limit: accountsMax }
  for (const account of await accountsToRead(queries, work.environment.id, wanted)) {
    if (work.stopping()) return
    try {
      await read(account)
    } catch (error) {
      // A seller who has left keeps nobody from reading the others.
      work.log('warn', 'the books of an account could not be read', {
        account,
        problem: String(error),
      })
    }
  }
}

async function readBooksOf(work: Work, lines: BookLines, account: string | null): Promise<void> {
  const { queries } = work.database
  const { id } = work.environment
  const name = account === null ? booksCheckpoint : `${booksCheckpoint}:${account}`
  let from = work.scope.since ?? (await readCheckpoint(queries, id, name)) ?? first(work, account)
  while (!work.stopping()) {
    const now = work.clock.now()
    // Whole seconds, as the provider counts; the present one belongs to it.
    const end = new Date((Math.floor(now.getTime() / second) + 1) * second + ahead)
    const until = earlier(new Date(from.getTime() + day), end)
    if (until <= from) return
    const read = await readStretch(work, lines, { account, from, until })
    if (read === null) return
    await applyBookEntries(work, { account, since: from, subjects: read.subjects })
    // Never past the provider's clock: what it books next must lie behind the checkpoint.
    const to = earlier(until, new Date((read.at ?? now).getTime() - overlap))
    await advanceCheckpoint(queries, id, name, to, work.clock.now())
    await bookCosts(work, account, to)
    if (until >= end || to <= from) return
    from = to
  }
}

function first(work: Work, account: string | null): Date {
  const days = new Date(work.clock.now().getTime() - firstDays * day)
  const { startDate } = work.environment
  if (startDate === null) return days
  return account === null || startDate > days ? startDate : days
}

function earlier(left: Date, right: Date): Date {
  return left < right ? left : right
}

interface Stretch {
  readonly account: string | null
  readonly from: Date
  readonly until: Date
}

/** What a stretch's open lines tell, by their ids, and the provider's clock when it was first asked. */
interface ReadStretch {
  readonly subjects: ReadonlyMap<string, EventSubject>
  readonly at: Date | null
}

/** Stores every line of a stretch; null: the run was told to stop before its end. */
async function readStretch(
  work: Work,
  lines: BookLines,
  stretch: Stretch,
): Promise<ReadStretch | null> {
  const subjects = new Map<string, EventSubject>()
  let after: string | null = null
  let at: Date | null = null
  for (let page = 0; page < pagesMax; page += 1) {
    if (work.stopping()) return null
    const found: BookPage = await lines({ ...stretch, after })
    at ??= found.at
    const readIds = found.lines.map(({ entry }) => entry.id)
    await setRowsAside(work, 'book_entry', { unread: found.unread, readIds })
    for (const { entry, subject } of await storePage(work, found.lines)) {
      if (subject !== null) subjects.set(entry.id, subject)
    }
    work.progress('reading the books', page + 1)
    after = found.next
    if (after === null) return { subjects, at }
  }
  throw new Error(`A day of the provider's books has more than ${pagesMax} pages.`)
}

/** Returns the lines of which nobody knows yet what they are. */
async function storePage(work: Work, lines: readonly BookLine[]): Promise<BookLine[]> {
  const { id } = work.environment
  const now = work.clock.now()
  const ids = lines.map(({ entry }) => entry.id)
  const read = lines.map(({ entry, subject }) => ({ entry, named: namedBy(subject) }))
  const open = await work.database.inTransaction(async queries => {
    await saveBookEntries(queries, id, work.provider.name, read, now)
    await matchBookEntries(queries, id, { ids })
    return openOf(queries, id, ids)
  })
  return lines.filter(({ entry }) => open.has(entry.id))
}

function namedBy(subject: EventSubject | null): string | null {
  return subject?.about === 'movement' ? subject.movementId : null
}
