import type { Json } from '../domain/json.ts'

const hidden = '[hidden]'
const secretName = /secret|password|authorization|api_?key|token|cookie|credential/i
// Keys of Stripe by their form, logins in addresses, and Authorization headers in a sentence.
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|rk|whsec)_(?:(?:test|live)_)?[A-Za-z0-9]{3,}/g, hidden],
  [/(\w+:\/\/)[^\s/@:]*:[^\s/@]+@/g, `$1${hidden}@`],
  [/\bBearer\s+[\w.~+/-]+=*/gi, `Bearer ${hidden}`],
]

export interface Redaction {
  text(text: string): string
  value(value: Json): Json
}

/** Takes secrets out of what is logged: by the name of a field, by form, and those that are given. */
export function createRedaction(secrets: readonly string[]): Redaction {
  // A very short "secret" would tear holes into every word.
  const exact = secrets.filter(secret => secret.length >= 6)
  const redactText = (text: string): string => {
    const known = exact.reduce((rest, secret) => rest.replaceAll(secret, hidden), text)
    return secretTexts.reduce((rest, [form, mark]) => rest.replace(form, mark), known)
  }
  const redact = (value: Json): Json => {
    if (typeof value === 'string') return redactText(value)
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(redact)
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        name,
        secretName.test(name) && each !== null ? hidden : redact(each),
      ]),
    )
  }
  return { text: redactText, value: redact }
}
