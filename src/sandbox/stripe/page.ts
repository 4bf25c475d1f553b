import { invalidParameter } from './failure.ts'
import * as p from './parameters.ts'
import type { PageQuery, Range, Shelf, Stored } from './shelf.ts'
import type { Call } from './route.ts'

const limit: p.Reader<number> = (value, name) => {
  const read = p.integer(value, name)
  if (read >= 1 && read <= 100) return read
  throw invalidParameter(`Invalid limit: ${read}. It must be between 1 and 100.`, name)
}

const readRange = p.shape({}, { gt: p.integer, gte: p.integer, lt: p.integer, lte: p.integer })

/** A Unix second, or bounds of it. */
export const range: p.Reader<Range> = (value, name) => {
  if (typeof value !== 'string') return readRange(value, name)
  const exact = p.integer(value, name)
  return { gte: exact, lte: exact }
}

/** The parameters of every list, for `shape`. */
export const pageParameters = {
  limit,
  starting_after: p.text,
  ending_before: p.text,
  created: range,
}

interface PageParameters {
  limit?: number
  starting_after?: string
  ending_before?: string
  created?: Range
}

/** Only the paging part of what a list request said. */
export function readPage(read: PageParameters): PageParameters {
  if (read.starting_after !== undefined && read.ending_before !== undefined) {
    const message = 'You cannot use both `starting_after` and `ending_before`.'
    throw invalidParameter(message, 'ending_before')
  }
  return {
    ...(read.limit === undefined ? {} : { limit: read.limit }),
    ...(read.starting_after === undefined ? {} : { starting_after: read.starting_after }),
    ...(read.ending_before === undefined ? {} : { ending_before: read.ending_before }),
    ...(read.created === undefined ? {} : { created: read.created }),
  }
}

/** Stripe's list object with one page of the shelf. */
export function listPage<T extends Stored>(
  call: Call,
  shelf: Shelf<T>,
  url: string,
  query: PageQuery<T>,
): object {
  const { objects, hasMore } = shelf.page(call.owner, query)
  return { object: 'list', data: objects, has_more: hasMore, url }
}

/** Whether the second lies within the bounds. */
export function within(second: number, bounds: Range | undefined): boolean {
  if (!bounds) return true
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = bounds
  return second > gt && second >= gte && second < lt && second <= lte
}
