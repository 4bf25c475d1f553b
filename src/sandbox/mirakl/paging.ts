import { createHmac } from 'node:crypto'
import { badRequest, json, Refusal } from './reply.ts'

const MAX_PAGE = 100
const DEFAULT_PAGE = 10

/** The requested part of an offset-paginated list. Throws Refusal on a value out of range. */
export function offsetOf(query: URLSearchParams): { max: number; offset: number } {
  const max = wholeNumber(query, 'max') ?? DEFAULT_PAGE
  // Whether Mirakl refuses or clamps is not documented; refusing shows the mistake.
  if (max > MAX_PAGE)
    throw badRequest(`The limit of ${MAX_PAGE} is exceeded for the parameter : max`)
  if (max < 1) throw badRequest('The parameter max must be greater than 0')
  return { max, offset: wholeNumber(query, 'offset') ?? 0 }
}

/** A non-negative whole number of the query. Throws Refusal. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`Invalid value for the parameter : ${name}`)
  return Number(text)
}

/** Header of an offset-paginated answer: absolute addresses that keep the filters. */
export function linkHeader(
  url: URL,
  page: { max: number; offset: number },
  total: number,
): Record<string, string> {
  const address = (offset: number): string => {
    const target = new URL(url)
    target.searchParams.set('max', String(page.max))
    target.searchParams.set('offset', String(offset))
    return target.toString()
  }
  const links: string[] = []
  if (page.offset > 0)
    links.push(`<${address(Math.max(0, page.offset - page.max))}>; rel="previous"`)
  if (page.offset + page.max < total) links.push(`<${address(page.offset + page.max)}>; rel="next"`)
  return links.length === 0 ? {} : { link: links.join(', ') }
}

/** Answers one page of `rows` under `name`, with `total_count` and `Link`; everything with `paginate=false`. */
export function offsetPage<T>(
  url: URL,
  name: string,
  rows: readonly T[],
  view: (row: T) => unknown,
  options: { switchable?: boolean } = {},
): Response {
  if (options.switchable === true && url.searchParams.get('paginate') === 'false') {
    return json({ [name]: rows.map(view), total_count: rows.length })
  }
  const page = offsetOf(url.searchParams)
  const part = rows.slice(page.offset, page.offset + page.max).map(view)
  return json({ [name]: part, total_count: rows.length }, 200, linkHeader(url, page, rows.length))
}

/** Something with a place in a seek-paginated list. */
export interface Sequenced {
  readonly sequence: number
}

export interface SeekOptions {
  maxLimit: number
  defaultOrder: 'ASC' | 'DESC'
}

/** What a seek request asks for once its token, if any, is opened. */
export interface Seek {
  /** The filters: those of the token when there is one, everything else of the request is ignored. */
  query: URLSearchParams
  after?: number
  before?: number
}

const TOKEN_KEY = 'page-token'

/** Opens the request's page token. Throws Refusal (400) when it is not one of ours. */
export function openSeek(url: URL): Seek {
  const token = url.searchParams.get('page_token')
  if (token === null) return { query: url.searchParams }
  const [body = '', signature = ''] = token.split('.')
  const text = Buffer.from(body, 'base64').toString()
  if (sign(text) !== signature) throw badRequest('Invalid page_token')
  const query = new URLSearchParams(text)
  const after = query.get('after')
  const before = query.get('before')
  return {
    query,
    ...(after === null ? {} : { after: Number(after) }),
    ...(before === null ? {} : { before: Number(before) }),
  }
}

/** Answers one page of a seek-paginated list. `rows` are by rising sequence. */
export function seekPage<T extends Sequenced>(
  seek: Seek,
  rows: readonly T[],
  view: (row: T) => unknown,
  options: SeekOptions,
): Response {
  const limit = wholeNumber(seek.query, 'limit') ?? DEFAULT_PAGE
  if (limit > options.maxLimit || limit < 1) {
    throw badRequest(`The limit of ${options.maxLimit} is exceeded for the parameter : limit`)
  }
  const descending = orderOf(seek.query, options.defaultOrder) === 'DESC'
  const sorted = descending ? rows.toReversed() : rows
  const place = (sequence: number): number => firstAt(sorted, sequence, descending)
  let start = 0
  if (seek.after !== undefined) {
    const at = place(seek.after)
    start = sorted[at]?.sequence === seek.after ? at + 1 : at
  } else if (seek.before !== undefined) {
    start = Math.max(0, place(seek.before) - limit)
  }
  const part = sorted.slice(start, start + limit)
  const last = part.at(-1)
  const first = part[0]
  return json({
    data: part.map(view),
    ...(last !== undefined && start + limit < sorted.length
      ? { next_page_token: token(seek.query, limit, 'after', last.sequence) }
      : {}),
    ...(first !== undefined && start > 0
      ? { previous_page_token: token(seek.query, limit, 'before', first.sequence) }
      : {}),
  })
}

function orderOf(query: URLSearchParams, fallback: 'ASC' | 'DESC'): 'ASC' | 'DESC' {
  const sort = query.get('sort')
  if (sort === null) return fallback
  const direction = sort.split(',')[1] ?? 'ASC'
  if (direction !== 'ASC' && direction !== 'DESC') throw new Refusal(400, 'Invalid sort')
  return direction
}

/** Where a sequence stands, or would stand, in a sorted list. */
function firstAt(rows: readonly Sequenced[], sequence: number, descending: boolean): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const at = rows[middle]?.sequence ?? 0
    if (descending ? at > sequence : at < sequence) low = middle + 1
    else high = middle
  }
  return low
}

function token(query: URLSearchParams, limit: number, side: string, sequence: number): string {
  const kept = new URLSearchParams(query)
  for (const name of ['page_token', 'after', 'before']) kept.delete(name)
  kept.set('limit', String(limit))
  kept.set(side, String(sequence))
  const text = kept.toString()
  return `${Buffer.from(text).toString('base64')}.${sign(text)}`
}

function sign(text: string): string {
  return createHmac('sha256', TOKEN_KEY).update(text).digest('base64').slice(0, 24)
}
