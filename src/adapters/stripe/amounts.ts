import { type Currency, decimalsOf, isCurrency } from '../../domain/currency.ts'
import type { Instruction } from '../../domain/movement.ts'

/**
 * Amounts as Stripe counts them (https://docs.stripe.com/currencies, "Minor units in API amounts"
 * and "Special cases"). Stripe differs from ISO 4217 in this table only:
 *
 * | currency      | ISO decimals | Stripe's  | rule                                                 |
 * |---------------|--------------|-----------|------------------------------------------------------|
 * | ISK, UGX      | 0            | 2         | two decimals for old times' sake, both always 0      |
 * | MGA           | 2            | 0         | whole ariary only                                    |
 * | HUF, TWD      | 2            | 2         | payouts in whole units: the last two digits are 0    |
 * | three-decimal | 3            | 3         | the last digit is 0                                  |
 */
const stripeDecimals = new Map<Currency, number>([
  ['ISK', 2],
  ['UGX', 2],
  ['MGA', 0],
])
const wholePayouts = new Set<Currency>(['HUF', 'TWD'])

/** An amount in an answer of Stripe's that is no whole number: what was done is not known. */
export class UnreadableAmount extends Error {
  constructor(amount: number, currency: Currency) {
    super(`Stripe answered ${amount} minor units of ${currency}, which is no amount.`)
    this.name = 'UnreadableAmount'
  }
}

/** An amount in ISO minor units that Stripe cannot express: nothing was asked of it. */
export class AmountNotExpressible extends Error {
  constructor(amount: bigint, currency: Currency) {
    super(`Stripe cannot express ${amount} minor units of ${currency}.`)
    this.name = 'AmountNotExpressible'
  }
}

/**
 * The amount that Stripe can express, in ISO minor units.
 * @param direction `down`: never more than asked (what is captured, transferred, paid out or
 * collected); `up`: never less (refunds: the customer never gets less than owed)
 */
export function representable(
  amount: bigint,
  currency: Currency,
  direction: 'down' | 'up',
  use: Instruction['do'],
): bigint {
  const step = stepOf(currency, use)
  const over = ((amount % step) + step) % step
  if (over === 0n) return amount
  return direction === 'up' ? amount + step - over : amount - over
}

/** The smallest difference between two amounts, in ISO minor units. */
function stepOf(currency: Currency, use: Instruction['do']): bigint {
  if (decimalsOf(currency) === 3) return 10n
  if (use === 'payout' && wholePayouts.has(currency)) return 100n
  const surplus = decimalsOf(currency) - decimalsAtStripe(currency)
  return surplus > 0 ? 10n ** BigInt(surplus) : 1n
}

function decimalsAtStripe(currency: Currency): number {
  return stripeDecimals.get(currency) ?? decimalsOf(currency)
}

/**
 * ISO minor units to Stripe's.
 * @throws AmountNotExpressible when digits would be lost, or beyond what JSON carries exactly
 */
export function toStripe(amount: bigint, currency: Currency): number {
  const shift = decimalsAtStripe(currency) - decimalsOf(currency)
  const divisor = shift < 0 ? 10n ** BigInt(-shift) : 1n
  if (amount % divisor !== 0n) throw new AmountNotExpressible(amount, currency)
  const shifted = shift < 0 ? amount / divisor : amount * 10n ** BigInt(shift)
  const asNumber = Number(shifted)
  if (!Number.isSafeInteger(asNumber)) throw new AmountNotExpressible(amount, currency)
  return asNumber
}

/**
 * Stripe's minor units to ISO's. Rounds down where Stripe shows more digits than ISO has: only a
 * balance in ISK or UGX can, by its fees.
 * @param currency as Stripe writes it, lower case
 * @throws UnreadableAmount for a number that is no whole one
 * @throws RangeError for a currency that is not in ISO 4217
 */
export function fromStripe(amount: number, currency: string): bigint {
  const iso = currencyOf(currency)
  if (!Number.isSafeInteger(amount)) throw new UnreadableAmount(amount, iso)
  const shift = decimalsOf(iso) - decimalsAtStripe(iso)
  const whole = BigInt(amount)
  if (shift >= 0) return whole * 10n ** BigInt(shift)
  const divisor = 10n ** BigInt(-shift)
  const over = ((whole % divisor) + divisor) % divisor
  return (whole - over) / divisor
}

/** Stripe's lower-case code as ISO 4217 writes it. */
export function currencyOf(currency: string): Currency {
  return currency.toUpperCase()
}

/** Is it a currency of ISO 4217? Stripe also has others (stablecoins, currencies of the past). */
export function isKnownCurrency(currency: string): boolean {
  return isCurrency(currencyOf(currency))
}
