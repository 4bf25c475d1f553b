import { badRequest } from './reply.ts'

const MAX_IDS = 100

/** One comma-separated value (offset endpoints). Throws Refusal beyond 100 elements. */
export function listOf(query: URLSearchParams, name: string): string[] | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  return limited(
    text.split(',').map(part => part.trim()),
    name,
  )
}

/** A repeated key (seek endpoints). Throws Refusal beyond 100 elements. */
export function repeated(query: URLSearchParams, name: string): string[] | undefined {
  const values = query.getAll(name)
  return values.length === 0 ? undefined : limited(values, name)
}

function limited(values: string[], name: string): string[] {
  if (values.length > MAX_IDS) {
    throw badRequest(`The limit of ${MAX_IDS} is exceeded for the parameter : ${name}`)
  }
  return values
}

/** Comma list or repeated key of whole numbers. Throws Refusal. */
export function numbers(values: string[] | undefined, name: string): Set<number> | undefined {
  if (values === undefined) return undefined
  return new Set(
    values.map(value => {
      if (!/^\d+$/.test(value)) throw badRequest(`Invalid value for the parameter : ${name}`)
      return Number(value)
    }),
  )
}

/** `true` or `false`. Throws Refusal. */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (text !== 'true' && text !== 'false') {
    throw badRequest(`Invalid value for the parameter : ${name}`)
  }
  return text === 'true'
}

/** One of the allowed words. Throws Refusal. */
export function choice(
  query: URLSearchParams,
  name: string,
  allowed: readonly string[],
): string | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (!allowed.includes(text)) throw badRequest(`Invalid value for the parameter : ${name}`)
  return text
}

const dateForm =
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2}))?$/

/**
 * ISO-8601 as Mirakl accepts it: `Z`, `+02:00`, `+0200` or a plain day (midnight UTC). Undefined when it is none.
 * An offset whose `+` was not percent-encoded arrives as a space, and is none.
 */
export function parseDate(text: string): number | undefined {
  if (!dateForm.test(text)) return undefined
  const at = Date.parse(
    text.replace(/([+-]\d{2})(\d{2})$/, (match, hours, minutes) =>
      text.includes('T') ? `${hours}:${minutes}` : match,
    ),
  )
  return Number.isNaN(at) ? undefined : at
}

/** A date of the query, epoch milliseconds. Throws Refusal. */
export function dateOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  const at = parseDate(text)
  if (at === undefined) throw badRequest(`Invalid date for the parameter : ${name} (${text})`)
  return at
}
