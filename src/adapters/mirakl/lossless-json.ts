import type { Json } from '../../domain/json.ts'
import { withoutDepths } from './nesting.ts'

/**
 * JSON in which no decimal ever becomes a float. `JSON.parse` would turn 10.10 into 10.1 and
 * 90071992547409.93 into something else; the reviver's third argument and `JSON.rawJSON` (both in
 * Node 22 and later, TC39 "JSON.parse source text access") keep every digit.
 */

interface SourceText {
  readonly source?: string
}
interface ExactJson {
  parse(text: string, reviver: (key: string, value: Json, at: SourceText) => Json): Json
  rawJSON(text: string): Decimal
}

const exact = JSON as unknown as ExactJson

/** A number that is written as its text; made by `decimal`. */
export interface Decimal {
  readonly rawJSON: string
}

/** What `writeJson` takes: JSON, with numbers by their text where digits matter. */
export type Writable =
  Json | Decimal | undefined | readonly Writable[] | { readonly [key: string]: Writable }

/**
 * Reads JSON: whole numbers that JavaScript holds exactly stay numbers, every other number becomes
 * the text it was written as ("54.0", "1e3", "12345678901234567890"). What is nested deeper than a
 * hundred levels is left out.
 * @throws SyntaxError when the text is not JSON
 */
export function parseJson(text: string): Json {
  return exact.parse(withoutDepths(text), (_key, value, at) => {
    if (typeof value !== 'number' || at.source === undefined) return value
    return Number.isSafeInteger(value) && String(value) === at.source ? value : at.source
  })
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/

/**
 * A number with exactly these digits, for `writeJson`.
 * @param text for example "54.00" or "5000"
 * @throws RangeError when it is not a plain decimal
 */
export function decimal(text: string): Decimal {
  if (!number.test(text)) throw new RangeError(`not a decimal number: ${text}`)
  return exact.rawJSON(text)
}

/** Writes JSON; keys whose value is undefined are left out. */
export function writeJson(value: Writable): string {
  return JSON.stringify(value)
}
