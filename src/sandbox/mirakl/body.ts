import { AmountError, ExactNumber, parseExact, toMinor } from './decimal.ts'
import { parseDate } from './query.ts'
import { badRequest, Refusal } from './reply.ts'

/** One object of a request body, read key by key; every key that nobody allowed is refused. */
export interface Fields {
  has(key: string): boolean
  raw(key: string): unknown
  text(key: string): string
  optionalText(key: string): string | undefined
  /** Text or number, as text: ids are sent both ways. */
  identifier(key: string): string
  word<W extends string>(key: string, allowed: readonly W[]): W
  boolean(key: string): boolean | undefined
  integer(key: string): number
  /** Minor units; a JSON number is required, a string is refused. */
  amount(key: string, currency: string): bigint
  optionalAmount(key: string, currency: string): bigint
  date(key: string): number | undefined
  object(key: string, allowed: readonly string[]): Fields | undefined
}

/** The body of a JSON request. Throws Refusal: 415 without the content type, 400 when it is not JSON. */
export async function readJson(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.toLowerCase().startsWith('application/json')) {
    throw new Refusal(415, 'Unsupported Media Type')
  }
  try {
    return parseExact(await request.text())
  } catch {
    throw badRequest('The request body is not valid JSON')
  }
}

/** The elements of an array, each an object with the allowed keys only. Throws Refusal. */
export function listOfFields(
  value: unknown,
  where: string,
  allowed: readonly string[],
  max = 100,
): Fields[] {
  if (!Array.isArray(value)) throw badRequest(`${where} must be an array`)
  if (value.length === 0) throw badRequest(`${where} must not be empty`)
  if (value.length > max) throw badRequest(`The limit of ${max} is exceeded for ${where}`)
  return value.map((element, at) => fieldsOf(element, `${where}[${at}]`, allowed))
}

/** An object with the allowed keys only. Throws Refusal. */
export function fieldsOf(value: unknown, where: string, allowed: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest(`${where} must be an object`)
  }
  const values = value as Record<string, unknown>
  for (const key of Object.keys(values)) {
    if (!allowed.includes(key)) throw badRequest(`Unrecognized field "${key}" in ${where}`)
  }
  const name = (key: string): string => `${where}.${key}`
  const missing = (key: string): boolean => values[key] === undefined || values[key] === null
  const required = (key: string): unknown => {
    if (missing(key)) throw badRequest(`${name(key)} is required`)
    return values[key]
  }
  const fields: Fields = {
    has: key => !missing(key),
    raw: key => values[key],
    text(key) {
      const text = required(key)
      if (typeof text !== 'string' || text === '') throw badRequest(`${name(key)} must be a text`)
      return text
    },
    optionalText: key => (missing(key) ? undefined : fields.text(key)),
    identifier(key) {
      const id = required(key)
      return id instanceof ExactNumber ? id.text : fields.text(key)
    },
    word(key, allowedWords) {
      const text = fields.text(key)
      const found = allowedWords.find(word => word === text)
      if (found === undefined) throw badRequest(`${name(key)} has an unknown value: ${text}`)
      return found
    },
    boolean(key) {
      if (missing(key)) return undefined
      const value = values[key]
      if (typeof value !== 'boolean') throw badRequest(`${name(key)} must be a boolean`)
      return value
    },
    integer(key) {
      const value = required(key)
      if (!(value instanceof ExactNumber) || !/^-?\d{1,15}$/.test(value.text)) {
        throw badRequest(`${name(key)} must be an integer`)
      }
      return Number(value.text)
    },
    amount: (key, currency) => readAmount(required(key), name(key), currency),
    optionalAmount: (key, currency) =>
      missing(key) ? 0n : readAmount(values[key], name(key), currency),
    date(key) {
      if (missing(key)) return undefined
      const at = parseDate(fields.text(key))
      if (at === undefined) throw badRequest(`${name(key)} is not a date`)
      return at
    },
    object: (key, allowedKeys) =>
      missing(key) ? undefined : fieldsOf(values[key], name(key), allowedKeys),
  }
  return fields
}

function readAmount(value: unknown, name: string, currency: string): bigint {
  if (!(value instanceof ExactNumber)) throw badRequest(`${name} must be a number`)
  try {
    return toMinor(value.text, currency)
  } catch (error) {
    if (error instanceof AmountError) throw badRequest(`${name}: ${error.message}`)
    throw error
  }
}

/** A parsed body as plain values again, for echoes and free-form parts; digits are kept. */
export function plain(value: unknown, number: (text: string) => unknown): unknown {
  if (value instanceof ExactNumber) return number(value.text)
  if (Array.isArray(value)) return value.map(element => plain(element, number))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part, number)]))
}
