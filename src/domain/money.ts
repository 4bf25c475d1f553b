import { type Currency, decimalsOf, isCurrency } from './currency.ts'

/** An amount in minor units (cents for EUR, yen for JPY, fils for KWD) of one currency. */
export interface Money {
  readonly amount: bigint
  readonly currency: Currency
}

/** Why a text is not an amount of a currency. */
export type AmountProblem = 'not_a_number' | 'too_many_digits' | 'unknown_currency'

export type ParsedMoney =
  | { readonly ok: true; readonly money: Money }
  | { readonly ok: false; readonly problem: AmountProblem }

export function money(amount: bigint, currency: Currency): Money {
  return { amount, currency }
}

export function zero(currency: Currency): Money {
  return { amount: 0n, currency }
}

/** @throws RangeError when the currencies differ: amounts of two currencies are never mixed. */
export function add(left: Money, right: Money): Money {
  return { amount: left.amount + sameCurrency(left, right).amount, currency: left.currency }
}

/** @throws RangeError when the currencies differ. */
export function subtract(left: Money, right: Money): Money {
  return { amount: left.amount - sameCurrency(left, right).amount, currency: left.currency }
}

export function sum(currency: Currency, parts: readonly Money[]): Money {
  return parts.reduce(add, zero(currency))
}

export function absolute(value: Money): Money {
  return value.amount < 0n ? { amount: -value.amount, currency: value.currency } : value
}

function sameCurrency(left: Money, right: Money): Money {
  if (left.currency === right.currency) return right
  throw new RangeError(`amounts of ${left.currency} and ${right.currency} cannot be mixed`)
}

/**
 * Splits an amount in proportion to weights, in minor units, losing nothing: what the division
 * leaves over goes to the party named by `remainderTo` (its index).
 * @throws RangeError when no weight is positive, one is negative, or `remainderTo` names nobody.
 */
export function allocate(total: Money, weights: readonly bigint[], remainderTo: number): Money[] {
  const whole = weights.reduce((left, right) => left + right, 0n)
  if (whole <= 0n || weights.some(weight => weight < 0n))
    throw new RangeError('no weights to share by')
  if (weights[remainderTo] === undefined) throw new RangeError('the remainder goes to nobody')
  const shares = weights.map(weight => (total.amount * weight) / whole)
  const given = shares.reduce((left, right) => left + right, 0n)
  return shares.map((share, index) =>
    money(index === remainderTo ? share + total.amount - given : share, total.currency),
  )
}

const decimalText = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/

/**
 * Reads a decimal in major units ("19.99", "54", "1.234", "1e2") losslessly. Zeros behind the
 * currency's decimals are dropped ("54.000" EUR is 5400); other digits there are refused.
 */
export function parseMoney(text: string, currency: Currency): ParsedMoney {
  if (!isCurrency(currency)) return { ok: false, problem: 'unknown_currency' }
  const match = decimalText.exec(text)
  if (match === null) return { ok: false, problem: 'not_a_number' }
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  const shift = decimalsOf(currency) - fraction.length + Number(exponent)
  const kept = shift >= 0 ? digits + '0'.repeat(shift) : digits.slice(0, shift)
  const dropped = shift >= 0 ? '' : digits.slice(shift)
  if (/[1-9]/.test(dropped)) return { ok: false, problem: 'too_many_digits' }
  const amount = BigInt(kept === '' ? '0' : kept)
  return { ok: true, money: { amount: sign === '-' ? -amount : amount, currency } }
}

/** The amount in major units with all of the currency's decimals: "19.99", "5000" (JPY), "1.230" (KWD). */
export function formatDecimal(value: Money): string {
  const places = decimalsOf(value.currency)
  const negative = value.amount < 0n
  const digits = (negative ? -value.amount : value.amount).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const fraction = places === 0 ? '' : `.${digits.slice(-places)}`
  return `${negative ? '-' : ''}${whole}${fraction}`
}

/** JSON form of an amount: minor units as text, so that no reader rounds it. */
export interface MoneyJson {
  readonly amount: string
  readonly currency: Currency
}

export function moneyToJson(value: Money): MoneyJson {
  return { amount: value.amount.toString(), currency: value.currency }
}

/** @throws SyntaxError when the amount is not a whole number. */
export function moneyFromJson(value: MoneyJson): Money {
  return { amount: BigInt(value.amount), currency: value.currency }
}
