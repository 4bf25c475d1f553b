import type { Queries } from '../database/connection.ts'
import { booksCheckpoint } from './book-accounts.ts'
import { readCheckpoint } from './checkpoints.ts'

/**
 * Were these books read from one moment to another? Only then does a missing line say something.
 * @param account whose books; null: the platform's own
 */
export type Coverage = (account: string | null, from: Date, to: Date) => Promise<boolean>

/** As many accounts are remembered at a time; then it is asked again. */
const rememberedMax = 1000

/** Books count as read from their oldest line on, up to their checkpoint. */
export function coverageOf(queries: Queries, environmentId: string): Coverage {
  const known = new Map<string | null, { from: Date; to: Date } | null>()
  const read = async (account: string | null) => {
    const name = account === null ? booksCheckpoint : `${booksCheckpoint}:${account}`
    const to = await readCheckpoint(queries, environmentId, name)
    const row = await queries
      .selectFrom('book_entries')
      .select('at')
      .where('environment_id', '=', environmentId)
      .where('account', account === null ? 'is' : '=', account)
      .orderBy('at')
      .limit(1)
      .executeTakeFirst()
    return to === null || row === undefined ? null : { from: row.at, to }
  }
  return async (account, from, to) => {
    let books = known.get(account)
    if (books === undefined) {
      if (known.size >= rememberedMax) known.clear()
      books = await read(account)
      known.set(account, books)
    }
    return books !== null && books.from <= from && to <= books.to
  }
}
