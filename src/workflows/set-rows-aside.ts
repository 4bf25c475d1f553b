import { type SetAsideKind, setAside, takeBack } from '../store/set-aside.ts'
import type { UnreadRow } from './ports.ts'
import type { Work } from './work.ts'

/** Sets aside the rows of a provider's list that could not be read, and takes back those that were. */
export async function setRowsAside(
  work: Work,
  kind: Extract<SetAsideKind, 'payment' | 'dispute' | 'book_entry'>,
  rows: { readonly unread: readonly UnreadRow[]; readonly readIds: readonly string[] },
): Promise<void> {
  const { queries } = work.database
  const { id } = work.environment
  await takeBack(queries, id, kind, rows.readIds)
  const unreadable = rows.unread.map(row => ({ ...row, kind }))
  await setAside(queries, id, unreadable, work.clock.now())
  work.tally.setAside(unreadable.length)
  for (const { id: row, field, problem } of unreadable) {
    work.log('warn', 'a row of the provider is set aside', { kind, row, field, problem })
  }
}
