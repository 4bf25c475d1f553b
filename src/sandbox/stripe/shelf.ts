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

/** Values of fields that an object must have; what is undefined does not matter. */
export type Wanted<T> = { [K in keyof T]?: T[K] | undefined }

/** What a list request asks for: `limit` 1..100, default 10; the newest first. */
export interface PageQuery<T> {
  limit?: number
  starting_after?: string
  ending_before?: string
  created?: Range
  match?: Wanted<T>
  where?: (object: T) => boolean
}

/** Objects of one kind, of every account: found by id, listed by account in order of creation. */
export interface Shelf<T extends Stored> {
  readonly noun: string
  add(owner: string, object: T): T
  /** Finds the object by an indexed field too that was null when it was added. */
  indexLate(id: string, field: keyof T): void
  /** The object, when it belongs to that account. */
  find(owner: string, id: string): T | undefined
  /** The object of whatever account, with its owner. */
  locate(id: string): { owner: string; object: T } | undefined
  page(owner: string, query: PageQuery<T>): { objects: T[]; hasMore: boolean }
  /** All of an account that match, the oldest first. */
  all(owner: string, match?: Wanted<T>): T[]
  /** Forgets the oldest objects beyond so many; only for shelves without indexed fields. */
  keepNewest(count: number): void
}

/**
 * @param noun Stripe's word for the kind in its sentences, e.g. `transfer`
 * @param indexed fields with texts by which lists are asked for; the others are compared one by one
 */
export function createShelf<T extends Stored>(noun: string, ...indexed: (keyof T)[]): Shelf<T> {
  const byId = new Map<string, Entry<T>>()
  const byOwner = new Map<string, Entry<T>[]>()
  const byField = new Map(indexed.map(field => [field, new Map<unknown, Entry<T>[]>()]))
  let sequence = 0

  /** The shortest list that has all matches; an index may mix accounts, `fits` tells them apart. */
  const listFor = (owner: string, match: Wanted<T> = {}): readonly Entry<T>[] => {
    const field = indexed.find(name => match[name] !== undefined)
    const list = field === undefined ? byOwner.get(owner) : byField.get(field)?.get(match[field])
    return list ?? []
  }
  const cursor = (owner: string) => (id: string, param: string) => {
    const entry = byId.get(id)
    if (entry?.owner === owner) return entry.sequence
    throw invalidParameter(`No such ${noun}: '${id}'`, param, 'resource_missing')
  }

  return {
    noun,
    add(owner, object) {
      const entry = { sequence: sequence++, owner, object }
      byId.set(object.id, entry)
      append(byOwner, owner, entry)
      for (const [field, index] of byField) {
        if (object[field] !== null) append(index, object[field], entry)
      }
      return object
    },
    indexLate(id, field) {
      const entry = byId.get(id)
      const index = byField.get(field)
      if (!entry || !index) return
      const list = index.get(entry.object[field]) ?? []
      const place = firstIndex(list, other => other.sequence > entry.sequence)
      index.set(entry.object[field], list.toSpliced(place, 0, entry))
    },
    find(owner, id) {
      const entry = byId.get(id)
      return entry?.owner === owner ? entry.object : undefined
    },
    locate: id => byId.get(id),
    page(owner, query) {
      const list = listFor(owner, query.match)
      const from = lowest(list, query, cursor(owner))
      const to = highest(list, query, cursor(owner))
      return pick(list, from, to, query, entry => entry.owner === owner && fits(entry, query))
    },
    all: (owner, match = {}) =>
      listFor(owner, match)
        .filter(entry => entry.owner === owner && fits(entry, { match }))
        .map(entry => entry.object),
    keepNewest(count) {
      // Cut in slices, so that the cost for each object added stays constant.
      if (byId.size < count * 1.25) return
      for (const id of byId.keys()) {
        if (byId.size <= count) break
        byId.delete(id)
      }
      for (const [owner, list] of byOwner) {
        byOwner.set(
          owner,
          list.filter(entry => byId.has(entry.object.id)),
        )
      }
    },
  }
}

function append<K, T>(lists: Map<K, Entry<T>[]>, key: K, entry: Entry<T>): void {
  const list = lists.get(key)
  if (list) list.push(entry)
  else lists.set(key, [entry])
}

function fits<T>({ object }: Entry<T>, { match, where }: PageQuery<T>): boolean {
  for (const field in match) {
    if (match[field] !== undefined && object[field] !== match[field]) return false
  }
  return where === undefined || where(object)
}

// Lists are stored oldest first and answered newest first: `starting_after` bounds the upper end, `ending_before` the lower.
function lowest<T extends Stored>(
  list: readonly Entry<T>[],
  query: PageQuery<T>,
  sequenceOf: (id: string, param: string) => number,
): number {
  let from = 0
  const { created, ending_before: before } = query
  if (created?.gte !== undefined) from = firstCreatedFrom(list, created.gte)
  if (created?.gt !== undefined) from = Math.max(from, firstCreatedFrom(list, created.gt + 1))
  if (before !== undefined) {
    const sequence = sequenceOf(before, 'ending_before')
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
  sequenceOf: (id: string, param: string) => number,
): number {
  let to = list.length
  const { created, starting_after: after } = query
  if (created?.lte !== undefined) to = firstCreatedFrom(list, created.lte + 1)
  if (created?.lt !== undefined) to = Math.min(to, firstCreatedFrom(list, created.lt))
  if (after !== undefined) {
    const sequence = sequenceOf(after, 'starting_after')
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
  wanted: (entry: Entry<T>) => boolean,
): { objects: T[]; hasMore: boolean } {
  const limit = query.limit ?? 10
  const objects: T[] = []
  const upwards = query.ending_before !== undefined
  for (let step = 0; step < to - from; step++) {
    const entry = list[upwards ? from + step : to - 1 - step]
    if (!entry || !wanted(entry)) continue
    if (objects.length === limit) return { objects: ordered(objects, upwards), hasMore: true }
    objects.push(entry.object)
  }
  return { objects: ordered(objects, upwards), hasMore: false }
}

function ordered<T>(objects: T[], upwards: boolean): T[] {
  return upwards ? objects.toReversed() : objects
}
