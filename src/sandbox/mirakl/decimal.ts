/**
 * Amounts of the simulated marketplace: bigint minor units inside, exact decimal text outside.
 * The table of exponents is the sandbox's own on purpose: it must not share a mistake with the product.
 */

interface Currency {
  readonly exponent: number
  readonly label: string
}

const two = (label: string): Currency => ({ exponent: 2, label })

/** Currencies the simulated tenant knows (CUR01), with the number of digits of the minor unit. */
export const currencies: Readonly<Record<string, Currency>> = {
  EUR: two('Euro'),
  GBP: two('Pound sterling'),
  USD: two('US dollar'),
  CHF: two('Swiss franc'),
  SEK: two('Swedish krona'),
  NOK: two('Norwegian krone'),
  DKK: two('Danish krone'),
  PLN: two('Polish zloty'),
  CZK: two('Czech koruna'),
  HUF: two('Hungarian forint'),
  RON: two('Romanian leu'),
  CAD: two('Canadian dollar'),
  AUD: two('Australian dollar'),
  NZD: two('New Zealand dollar'),
  SGD: two('Singapore dollar'),
  HKD: two('Hong Kong dollar'),
  MXN: two('Mexican peso'),
  BRL: two('Brazilian real'),
  TWD: two('New Taiwan dollar'),
  AED: two('UAE dirham'),
  SAR: two('Saudi riyal'),
  JPY: { exponent: 0, label: 'Yen' },
  KRW: { exponent: 0, label: 'Won' },
  CLP: { exponent: 0, label: 'Chilean peso' },
  ISK: { exponent: 0, label: 'Icelandic krona' },
  KWD: { exponent: 3, label: 'Kuwaiti dinar' },
  BHD: { exponent: 3, label: 'Bahraini dinar' },
  OMR: { exponent: 3, label: 'Omani rial' },
  JOD: { exponent: 3, label: 'Jordanian dinar' },
  TND: { exponent: 3, label: 'Tunisian dinar' },
}

/** An amount as a caller of the control surface writes it: major units, `'10.50'` or `10.5`. */
export type Amount = string | number

/** The amount cannot be expressed in the currency. */
export class AmountError extends Error {}

/** Digits of the minor unit of a currency. Throws AmountError for a currency the tenant lacks. */
export function exponentOf(currency: string): number {
  const known = currencies[currency]
  if (known === undefined) throw new AmountError(`Unknown currency: ${currency}`)
  return known.exponent
}

/** Major units as text or number -> minor units. Throws AmountError when digits would be lost. */
export function toMinor(amount: Amount, currency: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(amount).trim())
  if (match === null) throw new AmountError(`Not a decimal amount: ${amount}`)
  const [, sign = '', whole = '0', fraction = ''] = match
  const exponent = exponentOf(currency)
  const digits = fraction.replace(/0+$/, '')
  if (digits.length > exponent) {
    throw new AmountError(`${amount} has more digits than ${currency} allows (${exponent})`)
  }
  const minor = BigInt(whole + digits.padEnd(exponent, '0'))
  return sign === '-' ? -minor : minor
}

/** Minor units -> decimal text with all digits of the currency: `54.00`, `1.234`, `54`. */
export function toText(minor: bigint, currency: string): string {
  const exponent = exponentOf(currency)
  const negative = minor < 0n
  const digits = (negative ? -minor : minor).toString().padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const text = exponent === 0 ? whole : `${whole}.${digits.slice(digits.length - exponent)}`
  return negative ? `-${text}` : text
}

// JSON.rawJSON and the reviver's context are in V8 but not yet in the es2024 type library.
const exactJson = JSON as unknown as {
  rawJSON(text: string): object
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown
}

/** A number for JSON whose digits are exactly `text`. */
export function rawNumber(text: string): object {
  return exactJson.rawJSON(text)
}

/** Minor units as the JSON number Mirakl writes: `54.0`, `12.72`, `1.234`, and `54` for JPY. */
export function toJson(minor: bigint, currency: string): object {
  const text = toText(minor, currency)
  return rawNumber(text.includes('.') ? text.replace(/(\.\d+?)0+$/, '$1') : text)
}

/** A number of a request body, kept as the text that was sent. */
export class ExactNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Parses JSON; every number becomes an ExactNumber. Throws SyntaxError. */
export function parseExact(text: string): unknown {
  return exactJson.parse(text, (_key, value, context) =>
    typeof value === 'number' ? new ExactNumber(context.source ?? String(value)) : value,
  )
}

/** `total * part / whole`, rounded half up; `total` when part and whole are equal. */
export function proportion(total: bigint, part: bigint, whole: bigint): bigint {
  if (part === whole) return total
  if (whole === 0n) return 0n
  return (2n * total * part + whole) / (2n * whole)
}

/** Sum of minor amounts. */
export function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n
  for (const amount of amounts) total += amount
  return total
}
