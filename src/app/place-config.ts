import type { Mode } from './connection-config.ts'
import {
  choiceOf,
  isLoopback,
  refuse,
  textOf,
  urlOf,
  type Variables,
  withoutSlash,
} from './environment-values.ts'

/** Where things are: the database, our public address, the key, the clock on the wall. */

const ownCompany = 'default'

/** Several companies share a database when each of their programs names its own. */
export function readCompany(variables: Variables): string {
  const text = textOf(variables, 'TRIBUTARY_COMPANY') ?? ownCompany
  if (/^[a-z][a-z0-9-]{0,39}$/.test(text)) return text
  const right = 'write small letters, digits and hyphens, beginning with a letter'
  return refuse('TRIBUTARY_COMPANY', `is "${text}"`, right)
}

/** Under which the environment of a company is stored and asked for: `test`, or `atelier-test`. */
export function environmentSlug(company: string, mode: Mode): string {
  return company === ownCompany ? mode : `${company}-${mode}`
}

export function readDatabaseUrl(variables: Variables): string | null {
  const text = textOf(variables, 'DATABASE_URL')
  if (text === undefined) return null
  // Its value is not shown: it holds a password.
  const right =
    'write postgres://user:password@host:5432/name, or leave it out for the embedded server'
  if (!/^postgres(ql)?:\/\//.test(text)) {
    return refuse('DATABASE_URL', 'is no PostgreSQL address', right)
  }
  if (!URL.canParse(text)) return refuse('DATABASE_URL', 'cannot be read', right)
  return text
}

const example = 'https://pay.example.com'

/** PUBLIC_URL, or the old SCHEME and BASE_HOST; '' when none of them is set. */
export function readPublicUrl(variables: Variables, mode: Mode): string {
  const url = urlOf(variables, 'PUBLIC_URL', example)
  const old = readOldAddress(variables)
  if (url !== undefined && old !== undefined && withoutSlash(url) !== withoutSlash(old)) {
    return refuse(
      'PUBLIC_URL',
      `is ${withoutSlash(url)}, and SCHEME and BASE_HOST say ${withoutSlash(old)}`,
      'remove BASE_HOST, or make them equal',
    )
  }
  const found = url ?? old
  if (found === undefined) return ''
  if (found.protocol === 'http:' && mode === 'live') {
    const name = url === undefined ? 'SCHEME' : 'PUBLIC_URL'
    return refuse(name, 'is http in a live environment', 'write https')
  }
  if (mode === 'live' && isLoopback(found)) {
    const name = url === undefined ? 'BASE_HOST' : 'PUBLIC_URL'
    return refuse(name, 'is an address of this machine', `write the public one, ${example}`)
  }
  return withoutSlash(found)
}

function readOldAddress(variables: Variables): URL | undefined {
  const host = textOf(variables, 'BASE_HOST')
  const scheme = choiceOf(variables, 'SCHEME', ['https', 'http'], 'https')
  if (host === undefined) return undefined
  const text = /^https?:\/\//.test(host) ? host : `${scheme}://${host}`
  return urlOf({ BASE_HOST: text }, 'BASE_HOST', 'pay.example.com')
}

/** 32 bytes, as 64 hexadecimal digits or as base64. */
export function readSecretKey(variables: Variables): Buffer | null {
  const text = textOf(variables, 'TRIBUTARY_SECRET_KEY')
  if (text === undefined) return null
  const key = decodeKey(text)
  return (
    key ??
    refuse(
      'TRIBUTARY_SECRET_KEY',
      'is not 32 bytes',
      'write the output of: openssl rand -base64 32',
    )
  )
}

export function decodeKey(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null
  const key = Buffer.from(text, 'base64')
  return key.length === 32 ? key : null
}

export function readTimeZone(variables: Variables): string {
  const text = textOf(variables, 'TRIBUTARY_TIME_ZONE') ?? 'UTC'
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return text
  } catch {
    return refuse(
      'TRIBUTARY_TIME_ZONE',
      `is "${text}"`,
      'write an IANA name, for example Europe/Paris',
    )
  }
}
