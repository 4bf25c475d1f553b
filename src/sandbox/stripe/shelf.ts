import { invalidParameter } from './failure.ts'

/** What every stored object has: its id and the Unix second of its creation. */
export interface Stored {
  readonly id: string
  readonly created: number
}

interface Entry<T> {
  readonly sequence: number
  readonly owner: string
  readonly object: T
}

/** A comparison with a Unix second. */
export interface Range {
  gt?: number
  gte?: number
  lt?: number
  lte?: number
}

/** What a list request asks for: `limit` 1..100, default 10; the newest first. */
export interface PageQuery<T> {
  limit?: number
  starting_after?: string
  ending_before?: string
  created?: Range
  /** An index key given to `add`, e.g. `transfer_group:abc`. */
  key?: string
  where?: (object: T) => boolean
}

/** Objects of one kind, of every account: found by id, listed by account and key in order of creation. */
export interface Shelf<T extends Stored> {
  readonly noun: string
  add(owner: string, object: T, keys?: readonly (string | null)[]): T
  /** Lists the object under a further key. */
  addKey(owner: string, id: string, key: string): void
  /** The object, when it belongs to that account. */
  find(owner: string, id: string): T | undefined
  /** The object of whatever account, with its owner. */
  locate(id: string): { owner: string; object: T } | undefined
  page(owner: string, query: PageQuery<T>): { objects: T[]; hasMore: boolean }
  /** All of an account under a key, the oldest first; without a key all. */
  all(owner: string, key?: string): readonly T[]
  /** Forgets the oldest objects beyond so many; only for shelves without index keys. */
  keepNewest(count: number): void
}

/** @param noun Stripe's word for the kind in its sentences, e.g. `transfer` */
export function createShelf<T extends Stored>(noun: string): Shelf<T> {
  const byId = new Map<string, Entry<T>>()
  const lists = new Map<string, Entry<T>[]>()
  let sequence = 0

  const append = (name: string, entry: Entry<T>): void => {
    const list = lists.get(name)
    if (list) list.push(entry)
    else lists.set(name, [entry])
  }
  const listOf = (owner: string, key?: string): readonly Entry<T>[] =>
    lists.get(key === undefined ? owner : `${owner} ${key}`) ?? []
  const cursor = (owner: string, id: string, param: string): number => {
    const entry = byId.get(id)
    if (entry?.owner === owner) return entry.sequence
    throw invalidParameter(`No such ${noun}: '${id}'`, param, 'resource_missing')
  }

  return {
    noun,
    add(owner, object, keys = []) {
      const entry = { sequence: sequence++, owner, object }
      byId.set(object.id, entry)
      append(owner, entry)
      for (const key of keys) if (key !== null) append(`${owner} ${key}`, entry)
      return object
    },
    addKey(owner, id, key) {
      const entry = byId.get(id)
      if (!entry) return
      const list = lists.get(`${owner} ${key}`) ?? []
      const place = firstIndex(list, other => other.sequence > entry.sequence)
      list.splice(place, 0, entry)
      lists.set(`${owner} ${key}`, list)
    },
    find(owner, id) {
      const entry = byId.get(id)
      return entry?.owner === owner ? entry.object : undefined
    },
    locate: id => byId.get(id),
    page(owner, query) {
      const list = listOf(owner, query.key)
      const from = lowest(list, query, id => cursor(owner, id, 'starting_after'))
      const to = highest(list, query, id => cursor(owner, id, 'ending_before'))
      return pick(list, from, to, query)
    },
    all: (owner, key) => listOf(owner, key).map(entry => entry.object),
    keepNewest(count) {
      // Cut in slices, so that the cost for each object added stays constant.
      if (byId.size < count * 1.25) return
      for (const id of byId.keys()) {
        if (byId.size <= count) break
        byId.delete(id)
      }
      for (const [name, list] of lists) {
        lists.set(
          name,
          list.filter(entry => byId.has(entry.object.id)),
        )
      }
    },
  }
}

// Lists are stored oldest first and answered newest first: `starting_after` bounds the upper end, `ending_before` the lower.
function lowest<T extends Stored>(
  list: readonly Entry<T>[],
  query: PageQuery<T>,
  sequenceOf: (id: string) => number,
): number {
  let from = 0
  const { created, ending_before: before } = query
  if (created?.gte !== undefined) from = firstCreatedFrom(list, created.gte)
  if (created?.gt !== undefined) from = Math.max(from, firstCreatedFrom(list, created.gt + 1))
  if (before !== undefined) {
    const sequence = sequenceOf(before)
    from = Math.max(
      from,
      firstIndex(list, entry => entry.sequence > sequence),
    )
  }
  return from
}

function highest<T extends Stored>(
  list: readonly Entry<T>[],
  query: PageQuery<T>,
  sequenceOf: (id: string) => number,
): number {
  let to = list.length
  const { created, starting_after: after } = query
  if (created?.lte !== undefined) to = firstCreatedFrom(list, created.lte + 1)
  if (created?.lt !== undefined) to = Math.min(to, firstCreatedFrom(list, created.lt))
  if (after !== undefined) {
    const sequence = sequenceOf(after)
    to = Math.min(
      to,
      firstIndex(list, entry => entry.sequence >= sequence),
    )
  }
  return to
}

function firstCreatedFrom<T extends Stored>(list: readonly Entry<T>[], second: number): number {
  return firstIndex(list, entry => entry.object.created >= second)
}

/** Index of the first entry for which the test holds; it must hold for all that follow. */
function firstIndex<T>(list: readonly Entry<T>[], test: (entry: Entry<T>) => boolean): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    const entry = list[middle]
    if (entry && test(entry)) high = middle
    else low = middle + 1
  }
  return low
}

function pick<T extends Stored>(
  list: readonly Entry<T>[],
  from: number,
  to: number,
  query: PageQuery<T>,
): { objects: T[]; hasMore: boolean } {
  const limit = query.limit ?? 10
  const wanted = query.where ?? (() => true)
  const objects: T[] = []
  const upwards = query.ending_before !== undefined
  for (let step = 0; step < to - from; step++) {
    const entry = list[upwards ? from + step : to - 1 - step]
    if (!entry || !wanted(entry.object)) continue
    if (objects.length === limit) return { objects: ordered(objects, upwards), hasMore: true }
    objects.push(entry.object)
  }
  return { objects: ordered(objects, upwards), hasMore: false }
}

function ordered<T>(objects: T[], upwards: boolean): T[] {
  return upwards ? objects.toReversed() : objects
}
