import { invalidParameter } from './failure.ts'
import type { FormValue } from './form.ts'

/** Turns one value of a form into its type; throws Stripe's refusal, naming the parameter. */
export type Reader<T> = (value: FormValue, name: string) => T
type Readers = Record<string, Reader<unknown>>
type Required<R extends Readers> = { [K in keyof R]: ReturnType<R[K]> }
type Optional<R extends Readers> = { [K in keyof R]?: ReturnType<R[K]> }
export type Shape<R extends Readers, O extends Readers> = Required<R> & Optional<O>

/** Any text but the empty one. */
export const text: Reader<string> = (value, name) => {
  if (typeof value !== 'string') throw invalidParameter(`Invalid string: ${name}`, name)
  if (value !== '') return value
  const message = `You passed an empty string for '${name}'. We assume empty values are an attempt to unset a parameter; however '${name}' cannot be unset. You should remove '${name}' from your request or supply a non-empty value.`
  throw invalidParameter(message, name, 'parameter_invalid_empty')
}

/** A text, or null for the empty text, with which Stripe unsets a value. */
export const unsettable: Reader<string | null> = (value, name) =>
  value === '' ? null : text(value, name)

/** An amount of minor units, 1..99999999 (Stripe's eight digits). */
export const amount: Reader<number> = (value, name) => {
  const read = integer(value, name)
  if (read < 1) {
    throw invalidParameter(
      'This value must be greater than or equal to 1.',
      name,
      'parameter_invalid_integer',
    )
  }
  if (read > 99_999_999) {
    throw invalidParameter('Amount must be no more than 99999999', name, 'amount_too_large')
  }
  return read
}

export const integer: Reader<number> = (value, name) => {
  if (typeof value === 'string' && /^-?\d{1,15}$/.test(value)) return Number(value)
  throw invalidParameter(`Invalid integer: ${shown(value)}`, name, 'parameter_invalid_integer')
}

export const boolean: Reader<boolean> = (value, name) => {
  if (value === 'true') return true
  if (value === 'false') return false
  throw invalidParameter(`Invalid boolean: ${shown(value)}`, name)
}

/** Currencies that a charge can be in; which of them the platform settles in, the settings say. */
const currencies = (
  'aed aud bhd brl cad chf clp czk dkk eur gbp hkd huf inr isk jod jpy krw kwd mad mga mxn myr nok ' +
  'nzd omr pln ron sar sek sgd thb tnd try twd ugx usd vnd zar'
).split(' ')

/** A currency of Stripe's, lower case. */
export const currency: Reader<string> = (value, name) => {
  const code = text(value, name).toLowerCase()
  if (currencies.includes(code)) return code
  throw invalidParameter(
    `Invalid currency: ${code}. Stripe currently supports these currencies: ${currencies.join(', ')}`,
    name,
  )
}

/** One of the allowed words. */
export function oneOf<const T extends readonly string[]>(...allowed: T): Reader<T[number]> {
  return (value, name) => {
    const found = allowed.find(word => word === value)
    if (found !== undefined) return found
    throw invalidParameter(`Invalid ${name}: must be one of ${allowed.join(', ')}`, name)
  }
}

export function listOf<T>(reader: Reader<T>): Reader<T[]> {
  return (value, name) => {
    if (typeof value === 'string') throw invalidParameter('Invalid array', name)
    return Object.entries(value).map(([key, entry]) => reader(entry, `${name}[${key}]`))
  }
}

export function mapOf<T>(reader: Reader<T>): Reader<Record<string, T>> {
  return (value, name) => {
    if (typeof value === 'string') throw invalidParameter('Invalid object', name)
    const entries = Object.entries(value)
    return Object.fromEntries(
      entries.map(([key, entry]) => [key, reader(entry, `${name}[${key}]`)]),
    )
  }
}

const metadataEntries = mapOf((value, name) => {
  if (typeof value !== 'string') throw invalidParameter(`Invalid string: ${name}`, name)
  if (value.length > 500) {
    throw invalidParameter('Metadata values can have up to 500 characters', name)
  }
  return value
})

/** Up to 50 keys of 40 characters with values of 500; an empty value unsets its key, an empty text all. */
export const metadata: Reader<Record<string, string> | null> = (value, name) => {
  if (value === '') return null
  const read = metadataEntries(value, name)
  const keys = Object.keys(read)
  if (keys.length > 50) throw invalidParameter('Metadata can have up to 50 keys', name)
  const long = keys.find(key => key.length > 40)
  if (long !== undefined) {
    throw invalidParameter('Metadata keys can have up to 40 characters', `${name}[${long}]`)
  }
  return read
}

/** What is stored of metadata after a create (from nothing) or an update. */
export function mergeMetadata(
  before: Record<string, string> | null,
  change: Record<string, string> | null | undefined,
): Record<string, string> {
  if (change === undefined) return before ?? {}
  if (change === null) return {}
  const merged = Object.entries({ ...before, ...change })
  return Object.fromEntries(merged.filter(([, value]) => value !== ''))
}

/** Anything: for parts of a request that are stored or ignored without a look inside. */
export const anything: Reader<FormValue> = value => value

/** An object of known parameters: an unknown one is refused, so is a missing required one. */
export function shape<R extends Readers, O extends Readers>(
  required: R,
  optional: O,
): (value: FormValue, name?: string) => Shape<R, O> {
  return (value, name = '') => {
    if (typeof value === 'string') throw invalidParameter('Invalid object', name)
    const nested = (key: string): string => (name === '' ? key : `${name}[${key}]`)
    const read: Record<string, unknown> = {}
    for (const [key, entry] of Object.entries(value)) {
      const reader = Object.hasOwn(required, key) ? required[key] : own(optional, key)
      if (!reader) {
        const message = `Received unknown parameter: ${nested(key)}`
        throw invalidParameter(message, nested(key), 'parameter_unknown')
      }
      read[key] = reader(entry, nested(key))
    }
    const absent = Object.keys(required).find(key => !(key in read))
    if (absent !== undefined) {
      const message = `Missing required param: ${nested(absent)}.`
      throw invalidParameter(message, nested(absent), 'parameter_missing')
    }
    return read as Shape<R, O>
  }
}

function own(readers: Readers, key: string): Reader<unknown> | undefined {
  return Object.hasOwn(readers, key) ? readers[key] : undefined
}

function shown(value: FormValue): string {
  return typeof value === 'string' ? value : '{}'
}
