import { MarketplaceError } from '../../domain/errors.ts'
import type { Json } from '../../domain/json.ts'
import type { Page, Reading } from '../../workflows/ports.ts'
import type { Answer, Client } from './client.ts'
import { addressOf, type EndpointCode, type Query } from './endpoints.ts'
import { unreachable } from './failures.ts'
import { at, rootField, textOrNull, Unreadable } from './fields.ts'

/** Mirakl's own default is 10, which costs ten times the calls; 100 is its cap. */
const pageSize = 100

/** One list of Mirakl: where it is, where its rows stand, how a row is read. */
export interface List<T extends { readonly id: string }> {
  readonly code: EndpointCode
  readonly query: Query
  /** The rows of one answer; null when the answer has no such list. */
  readonly rows: (body: Json) => readonly Json[] | null
  /** Null: not of our concern (a manual document), left out. */
  readonly read: (raw: Json) => Reading<T> | null
  /** Rows of one page, where Mirakl takes more than 100. */
  readonly pageSize?: number
}

export interface Reader {
  readonly client: Client
  /** A list longer than this many pages is an error, not an endless loop. */
  readonly pagesMax: number
}

/** Finds where an answer says that more follows: the next query, or null at the end. */
type Next = (answer: Answer, query: Query, rowCount: number) => Query | null

/**
 * Offset pagination (S20, OR11, PA11, IV01): follows the Link header, or `total_count` where a proxy
 * dropped it, and stops at an empty page.
 */
export function offsetPages<T extends { readonly id: string }>(
  reader: Reader,
  list: List<T>,
): AsyncGenerator<Page<T>> {
  const first: Query = [...list.query, ['max', String(pageSize)], ['offset', '0']]
  return pagesOf(reader, list, first, (answer, query, rowCount) =>
    rowCount === 0 ? null : (nextOfLink(answer.link) ?? nextByCount(answer, query, rowCount)),
  )
}

/** Seek pagination (SBC11, SOR11, SPA11): the token carries the filters, so nothing else is sent beside it. */
export function seekPages<T extends { readonly id: string }>(
  reader: Reader,
  list: List<T>,
): AsyncGenerator<Page<T>> {
  const first: Query = [...list.query, ['limit', String(list.pageSize ?? pageSize)]]
  return pagesOf(reader, list, first, answer => {
    const token = textOrNull(at(rootField(answer.body), 'next_page_token'))
    return token === null ? null : [['page_token', token]]
  })
}

async function* pagesOf<T extends { readonly id: string }>(
  reader: Reader,
  list: List<T>,
  first: Query,
  next: Next,
): AsyncGenerator<Page<T>> {
  const ids = new Set<string>()
  const asked = new Set<string>()
  let query: Query | null = first
  while (query !== null) {
    const current = query
    const address = addressOf(list.code, current)
    if (asked.has(address))
      throw stuck(list.code, `page ${asked.size} leads back to an earlier one`)
    if (asked.size >= reader.pagesMax)
      throw stuck(list.code, `it has more than ${reader.pagesMax} pages (the cap)`)
    asked.add(address)
    const answer = await reader.client.read(list.code, address)
    const rows = list.rows(answer.body)
    if (rows === null) throw unreachable(list.code, 'the answer does not hold the list.')
    yield { readings: fresh(rows, list, ids), at: answer.at }
    query = following(list.code, () => next(answer, current, rows.length))
  }
}

/** What names the next page, read; a token that is an object would otherwise stop the run unnamed. */
function following(code: EndpointCode, next: () => Query | null): Query | null {
  try {
    return next()
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw unreachable(code, `${error.field}: ${error.message}.`)
  }
}

/** Reads the rows; what an earlier page had already (the set moved under the offset) is left out. */
function fresh<T extends { readonly id: string }>(
  rows: readonly Json[],
  list: List<T>,
  ids: Set<string>,
): readonly Reading<T>[] {
  return rows.flatMap(raw => {
    const reading = list.read(raw)
    if (reading === null) return []
    const id = reading.ok ? reading.value.id : reading.id
    if (id !== '' && ids.has(id)) return []
    ids.add(id)
    return [reading]
  })
}

function stuck(code: EndpointCode, problem: string): MarketplaceError {
  return new MarketplaceError(
    'refused',
    `The pages of ${code} do not end: ${problem}.`,
    'Narrow the run (a later date, one shop), or raise the cap of pages.',
  )
}

const relation = /^\s*;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]+))/i

/**
 * Query of the `next` link. Addresses may hold commas and semicolons, so the header is cut at the
 * angle brackets, not at commas. Host and path are our own always: behind a proxy Mirakl names
 * another one, and a key must never follow an address that an answer gave.
 */
export function nextOfLink(header: string | null): Query | null {
  for (const part of (header ?? '').split('<').slice(1)) {
    const end = part.indexOf('>')
    if (end < 0) continue
    const match = parametersOf(part.slice(end + 1))
    if (!match.includes('next')) continue
    const mark = part.indexOf('?')
    if (mark < 0 || mark > end) return null
    const query = part.slice(mark + 1, end).split('#')[0] ?? ''
    return [...new URLSearchParams(query)]
  }
  return null
}

/** Values of the `rel` parameter behind one address; other parameters may stand before it. */
function parametersOf(text: string): readonly string[] {
  let rest = text
  while (rest.trimStart().startsWith(';')) {
    const match = relation.exec(rest)
    if (match !== null) return (match[1] ?? match[2] ?? '').toLowerCase().split(/\s+/)
    const skipped = /^\s*;\s*[^;,="\s]*(?:\s*=\s*(?:"[^"]*"|[^",;]*))?/.exec(rest)?.[0] ?? ''
    if (skipped === '') return []
    rest = rest.slice(skipped.length)
  }
  return []
}

function nextByCount(answer: Answer, query: Query, rowCount: number): Query | null {
  const total = Number(textOrNull(at(rootField(answer.body), 'total_count')) ?? Number.NaN)
  const offset = Number(query.find(([key]) => key === 'offset')?.[1] ?? 0)
  if (!(offset + rowCount < total)) return null
  const others = query.filter(([key]) => key !== 'offset')
  return [...others, ['offset', String(offset + rowCount)]]
}

/** Rows under one key of an object. */
export function rowsUnder(key: string): (body: Json) => readonly Json[] | null {
  return body => {
    const { value } = at(rootField(body), key)
    return Array.isArray(value) ? value : null
  }
}
