import type { Json } from './json.ts'

/**
 * What the database can keep. PostgreSQL refuses the zero octet in every text, and in JSON halves of
 * a surrogate pair as well; an index refuses an entry of more than some 2,700 bytes.
 */

/** Longest id that is kept (characters); four bytes each still fit an index. */
export const idMax = 255
/** Levels of a JSON document that are kept; valid answers have about ten. */
const levelsMax = 100

export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** The text with the replacement character (U+FFFD) for what cannot be kept. */
export function storableText(text: string): string {
  return isStorable(text) ? text : text.replaceAll('\0', '\uFFFD').toWellFormed()
}

/**
 * The same for every key and text of a document, for somebody to look at; what lies deeper than 100
 * levels is left out with a word about it.
 */
export function storableJson(value: Json, levels = levelsMax): Json {
  if (typeof value === 'string') return storableText(value)
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return 'left out: nested too deep'
  if (Array.isArray(value)) return value.map(each => storableJson(each, levels - 1))
  const entries = Object.entries(value)
  return Object.fromEntries(
    entries.map(([key, each]) => [storableText(key), storableJson(each, levels - 1)]),
  )
}
