import { z } from 'zod'
import type { Json } from '../../domain/json.ts'
import { idMax, storableText } from '../../domain/storable.ts'
import type { UnreadRow } from '../../workflows/ports.ts'
import { UnreadableAmount } from './amounts.ts'

/** The rows of a list that could be read, and those that are set aside. */
export interface Rows<T> {
  readonly read: readonly T[]
  readonly unread: readonly UnreadRow[]
}

/** Reads each row for itself: one of an unknown shape keeps nobody from the others. */
export async function rowsOf<Row, T>(
  rows: readonly Row[],
  read: (row: Row) => readonly T[] | Promise<readonly T[]>,
): Promise<Rows<T>> {
  const [done, unread]: [T[], UnreadRow[]] = [[], []]
  for (const row of rows) {
    try {
      done.push(...(await read(row)))
    } catch (error) {
      if (!isAboutShape(error)) throw error
      unread.push(setAside(row, error))
    }
  }
  return { read: done, unread }
}

/** A wrong shape, an amount that is none, a currency that is no text: nothing else is passed over. */
function isAboutShape(error: unknown): error is z.ZodError | UnreadableAmount {
  return error instanceof z.ZodError || error instanceof UnreadableAmount
}

function setAside(row: unknown, error: z.ZodError | UnreadableAmount): UnreadRow {
  const issue = error instanceof z.ZodError ? error.issues[0] : undefined
  const field = issue?.path.join('.') ?? 'amount'
  const { id } = (row ?? {}) as { readonly id?: unknown }
  return {
    id: typeof id === 'string' ? storableText(id.slice(0, idMax)) : '',
    field,
    problem: `${field}: ${issue?.message ?? error.message}`,
    raw: row as Json,
  }
}

/** Where the next page begins; null: this was the last. @throws UnreadableRow a row without an id */
export function nextAfter(page: { has_more: boolean; data: readonly { id: string }[] }) {
  if (!page.has_more) return null
  const last: { readonly id?: unknown } | undefined = page.data.at(-1)
  if (typeof last?.id === 'string') return last.id
  throw new UnreadableRow('The last row of a page has no id, so that nothing leads to the next.')
}

class UnreadableRow extends Error {}
