import { UsageError } from '../domain/errors.ts'

/** Environment variables as they came; an empty one counts as missing. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What a variable says, or undefined when it is missing or empty. Spaces around it are not meant. */
export function textOf(variables: Variables, name: string): string | undefined {
  const value = variables[name]?.trim()
  return value === '' ? undefined : value
}

/** @throws UsageError one line: the variable, what is wrong, what would be right */
export function refuse(name: string, wrong: string, right: string): never {
  throw new UsageError(name, `${name} ${wrong}: ${right}`)
}

// The words that the old connector's framework took, so that an existing .env keeps working.
const words: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  on: true,
  false: false,
  '0': false,
  no: false,
  off: false,
}

export function flagOf(variables: Variables, name: string, missing: boolean): boolean {
  const text = textOf(variables, name)
  if (text === undefined) return missing
  const word = text.toLowerCase()
  // Own words only: every object also knows "constructor".
  const known = Object.hasOwn(words, word) ? words[word] : undefined
  return known ?? refuse(name, `is "${text}"`, 'write true or false')
}

export function choiceOf<T extends string>(
  variables: Variables,
  name: string,
  choices: readonly T[],
  missing: T,
): T {
  const text = textOf(variables, name)
  if (text === undefined) return missing
  const found = choices.find(choice => choice === text)
  return found ?? refuse(name, `is "${text}"`, `write one of ${choices.join(', ')}`)
}

export function wholeNumberOf(
  variables: Variables,
  name: string,
  range: { min: number; max: number },
): number | undefined {
  const text = textOf(variables, name)
  if (text === undefined) return undefined
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= range.min && value <= range.max) return value
  return refuse(name, `is "${text}"`, `write a whole number from ${range.min} to ${range.max}`)
}

/** Any full http(s) URL: a page that somebody is sent to. */
export function pageOf(variables: Variables, name: string, example: string): URL | undefined {
  const text = textOf(variables, name)
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return refuse(name, `is "${text}"`, `write a full URL, for example ${example}`)
  }
  return url
}

/** A full http(s) URL that paths are put behind. */
export function urlOf(variables: Variables, name: string, example: string): URL | undefined {
  const url = pageOf(variables, name, example)
  if (url === undefined) return undefined
  if (url.search !== '' || url.hash !== '') {
    return refuse(
      name,
      'has a query or a fragment',
      `write the address alone, for example ${example}`,
    )
  }
  if (url.username !== '' || url.password !== '') {
    return refuse(name, 'holds a login', `write it without one, for example ${example}`)
  }
  return url
}

export function withoutSlash(url: URL): string {
  return url.href.replace(/\/+$/, '')
}

export function isLoopback(url: URL): boolean {
  return ['localhost', '[::1]'].includes(url.hostname) || url.hostname.startsWith('127.')
}

/** An ISO date (midnight UTC) or a moment with its zone. */
export function momentOf(variables: Variables, name: string): Date | undefined {
  const text = textOf(variables, name)
  return text === undefined ? undefined : readMoment(name, text)
}

const isoMoment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2}))?$/

/**
 * @param name the variable or option that is named when it is wrong
 * @throws UsageError
 */
export function readMoment(name: string, text: string): Date {
  const moment = isoMoment.test(text) ? new Date(text) : new Date(Number.NaN)
  // 2026-02-30 would become the second of March.
  const sameDay = text.length > 10 || moment.toJSON()?.slice(0, 10) === text
  if (!Number.isNaN(moment.getTime()) && sameDay) return moment
  return refuse(
    name,
    `is "${text}"`,
    'write an ISO date or moment, 2026-11-01 or 2026-11-01T00:00:00Z',
  )
}

export function listOf(variables: Variables, name: string): string[] {
  return (textOf(variables, name) ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
}
