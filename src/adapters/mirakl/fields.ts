import { type Currency, isCurrency } from '../../domain/currency.ts'
import type { Json } from '../../domain/json.ts'
import { decimalsOf } from '../../domain/currency.ts'
import { parseMoney } from '../../domain/money.ts'
import { idMax, isStorable, storableText } from '../../domain/storable.ts'
import type { Reading } from '../../workflows/ports.ts'

/**
 * Reads one object of Mirakl field by field. Fields that are not asked for do not exist; `null` and
 * a missing key are the same thing (Mirakl sends null in keys that its documentation calls
 * required); what cannot be read names its path.
 */

/** A place in an answer: what stands there, and its path for people. */
export interface Field {
  readonly value: Json | undefined
  readonly path: string
}

/** Longest text that is read (characters); ids have a bound of their own. */
const textMax = 10_000
/**
 * Largest amount, in minor units: a thousand lines of it still add up to what a column of the
 * database holds.
 */
const amountMax = 10n ** 15n

/** Thrown by the readers of this file, caught by `readingOf`: it sets one object aside, not a page. */
export class Unreadable extends Error {
  readonly field: string
  constructor(field: string, problem: string) {
    super(problem)
    this.name = 'Unreadable'
    this.field = field
  }
}

export function rootField(value: Json): Field {
  return { value, path: '' }
}

/** A key of an object; missing when the parent is not an object. */
export function at(parent: Field, ...keys: readonly string[]): Field {
  return keys.reduce((field, key) => {
    const path = field.path === '' ? key : `${field.path}.${key}`
    const { value } = field
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    const found = isObject && Object.hasOwn(value, key) ? value[key] : undefined
    return { value: found ?? undefined, path }
  }, parent)
}

/** Elements of a list; none when it is missing or null. @throws Unreadable for anything else */
export function listOf(field: Field): readonly Field[] {
  if (isMissing(field)) return []
  if (!Array.isArray(field.value)) throw new Unreadable(field.path, `not a list: ${shown(field)}`)
  return field.value.map((value, index) => ({ value, path: `${field.path}[${index}]` }))
}

export function isMissing(field: Field): boolean {
  return field.value === undefined || field.value === null
}

/**
 * A text or a number as text; null when it is missing or empty.
 * @throws Unreadable for an object, and for a text that is too long or that no database keeps
 */
export function textOrNull(field: Field, longest = textMax): string | null {
  const { value } = field
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'string') throw new Unreadable(field.path, `not a text: ${shown(field)}`)
  if (value.length > longest)
    throw new Unreadable(field.path, `longer than ${longest} characters: ${shown(field)}`)
  if (!isStorable(value))
    throw new Unreadable(field.path, `a character that cannot be kept: ${shown(field)}`)
  return value
}

/** An id, a reference or a word: a text of 255 characters at most; null when it is missing or empty. */
export function nameOrNull(field: Field): string | null {
  return textOrNull(field, idMax)
}

/** The same. @throws Unreadable when it is missing or empty */
export function nameOf(field: Field): string {
  const text = nameOrNull(field)
  if (text === null) throw new Unreadable(field.path, 'missing')
  return text
}

/** True for `true` and "true" (BOOLEAN custom fields are texts); everything else is false. */
export function flagOf(field: Field): boolean {
  return field.value === true || field.value === 'true'
}

const moment = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?)?$/

/** A date: seconds or milliseconds, `Z`, `+02:00` or `+0200`; without a zone it is UTC. */
export function dateOrNull(field: Field): Date | null {
  const text = textOrNull(field)
  if (text === null) return null
  const match = moment.exec(text)
  if (match === null) throw new Unreadable(field.path, `not a date: ${shown(field)}`)
  const [, day, time = '00:00:00', fraction = '', zone = 'Z'] = match
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone
  const date = new Date(`${day}T${time}${fraction.slice(0, 4)}${offset}`)
  if (Number.isNaN(date.getTime())) throw new Unreadable(field.path, `not a date: ${shown(field)}`)
  return date
}

/** @throws Unreadable when it is missing or not a date */
export function dateOf(field: Field): Date {
  const date = dateOrNull(field)
  if (date === null) throw new Unreadable(field.path, 'missing')
  return date
}

/** An ISO 4217 code that Tributary knows. `fallback` stands in for a missing one. */
export function currencyOf(field: Field, fallback?: Currency): Currency {
  const text = textOrNull(field) ?? fallback
  if (text === undefined) throw new Unreadable(field.path, 'missing')
  const code = text.toUpperCase()
  if (isCurrency(code)) return code
  throw new Unreadable(field.path, `not a known currency: ${shown(field)}`)
}

/** An amount in minor units; null when it is missing. Digits that the currency does not have are refused. */
export function amountOrNull(field: Field, currency: Currency): bigint | null {
  if (isMissing(field)) return null
  const { value } = field
  const written = typeof value === 'number' ? String(value) : value
  const parsed =
    typeof written === 'string' && written.length <= idMax
      ? parseMoney(written.trim(), currency)
      : null
  if (parsed?.ok === true) return boundedAmount(field, parsed.money.amount)
  throw new Unreadable(
    field.path,
    parsed?.problem === 'too_many_digits'
      ? `${shown(field)} has more decimals than ${currency} (${decimalsOf(currency)})`
      : `not an amount: ${shown(field)}`,
  )
}

/** The amount, unless it is beyond all reason: "1e400" is a number in JSON, and money nowhere. */
function boundedAmount(field: Field, amount: bigint): bigint {
  if (amount <= amountMax && amount >= -amountMax) return amount
  throw new Unreadable(field.path, `too large for an amount: ${shown(field)}`)
}

/** An amount that is asked for or owed, so never below zero. @throws Unreadable as `amountOf` */
export function priceOf(field: Field, currency: Currency): bigint {
  const amount = amountOf(field, currency)
  if (amount >= 0n) return amount
  throw new Unreadable(field.path, `negative: ${shown(field)}`)
}

/** An amount in minor units. @throws Unreadable when it is missing or has too many digits */
export function amountOf(field: Field, currency: Currency): bigint {
  const amount = amountOrNull(field, currency)
  if (amount === null) throw new Unreadable(field.path, 'missing')
  return amount
}

/** Sum of the `amount`s of a list such as `taxes`; each element must have one. Minor units. */
export function sumOf(list: Field, currency: Currency): bigint {
  const rows = listOf(list)
  const sum = rows.reduce((total, row) => total + amountOf(at(row, 'amount'), currency), 0n)
  return boundedAmount(list, sum)
}

/** What was found, short enough for one sentence. */
function shown(field: Field): string {
  const { value } = field
  // Cut before it is written: it may be megabytes, or nested deeper than can be written.
  if (typeof value === 'string') return JSON.stringify(cut(value))
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/**
 * One object, read or set aside.
 * @param idKeys where its id may stand, best first; for the name of an object that was set aside
 */
export function readingOf<T>(
  raw: Json,
  idKeys: readonly (readonly string[])[],
  read: (root: Field) => T,
): Reading<T> {
  const root = rootField(raw)
  try {
    return { ok: true, value: read(root), raw }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    const id = idKeys.map(keys => at(root, ...keys).value).find(isName)
    return {
      ok: false,
      id: id === undefined ? '' : storableText(String(id).slice(0, idMax)),
      field: error.field,
      problem: `${error.field === '' ? 'the object' : error.field}: ${error.message}.`,
      raw,
    }
  }
}

function isName(value: Json | undefined): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}
