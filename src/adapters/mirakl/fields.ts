import { type Currency, isCurrency } from '../../domain/currency.ts'
import type { Json } from '../../domain/json.ts'
import { decimalsOf } from '../../domain/currency.ts'
import { parseMoney } from '../../domain/money.ts'
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

/** A text or a number as text; null when it is missing or empty. @throws Unreadable for an object */
export function textOrNull(field: Field): string | null {
  const { value } = field
  if (value === undefined || value === null || value === '') return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw new Unreadable(field.path, `not a text: ${shown(field)}`)
}

/** @throws Unreadable when it is missing or empty */
export function textOf(field: Field): string {
  const text = textOrNull(field)
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
  const parsed = typeof written === 'string' ? parseMoney(written.trim(), currency) : null
  if (parsed?.ok === true) return parsed.money.amount
  throw new Unreadable(
    field.path,
    parsed?.problem === 'too_many_digits'
      ? `${shown(field)} has more decimals than ${currency} (${decimalsOf(currency)})`
      : `not an amount: ${shown(field)}`,
  )
}

/** An amount in minor units. @throws Unreadable when it is missing or has too many digits */
export function amountOf(field: Field, currency: Currency): bigint {
  const amount = amountOrNull(field, currency)
  if (amount === null) throw new Unreadable(field.path, 'missing')
  return amount
}

/** Sum of the `amount`s of a list such as `taxes`; each element must have one. Minor units. */
export function sumOf(list: Field, currency: Currency): bigint {
  return listOf(list).reduce((sum, row) => sum + amountOf(at(row, 'amount'), currency), 0n)
}

/** What was found, short enough for one sentence. */
function shown(field: Field): string {
  const text = JSON.stringify(field.value) ?? 'nothing'
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
      id: id === undefined ? '' : String(id),
      field: error.field,
      problem: `${error.field === '' ? 'the object' : error.field}: ${error.message}.`,
      raw,
    }
  }
}

function isName(value: Json | undefined): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}
