import { decimalsOf } from './amounts.ts'
import type { BalanceTransaction } from './bookkeeping.ts'
import type { Charge, World } from './world.ts'

/** What becomes of a currency that the platform has no bank account for. */
export interface Conversion {
  /** The currency that it settles in, lower case. */
  currency: string
  /** Units of that currency for one unit, as a decimal text such as `0.917431`. */
  rate: string
}

/** An amount as it reaches the balance. */
export interface Settled {
  /** Minor units, rounded to the nearest. */
  amount: number
  currency: string
  /** Null: nothing was converted. */
  rate: string | null
}

/** Money of a currency as it settles now: as it is, unless the settings plan a conversion. */
export function settled(world: World, amount: number, currency: string): Settled {
  const planned = world.settings.conversions[currency]
  if (planned === undefined) return { amount, currency, rate: null }
  const [whole = '', fraction = ''] = planned.rate.split('.')
  const shift = decimalsOf(planned.currency) - decimalsOf(currency) - fraction.length
  const product = BigInt(amount) * BigInt(whole + fraction)
  const exact =
    shift >= 0 ? product * 10n ** BigInt(shift) : rounded(product, 10n ** BigInt(-shift))
  return { amount: Number(exact), currency: planned.currency, rate: planned.rate }
}

/** To the nearest, halves away from zero. */
function rounded(product: bigint, divisor: bigint): bigint {
  const half = product < 0n ? -divisor / 2n : divisor / 2n
  return (product + half) / divisor
}

/**
 * Money of a charge that moves after its capture (a refund, a dispute): at the rate of its day, not at
 * the charge's. What settled without conversion stays so, whatever is planned since.
 */
export function settledLater(
  world: World,
  owner: string,
  charge: Charge | undefined,
  amount: number,
): Settled {
  const currency = charge?.currency ?? 'eur'
  const booked = charge && bookingOf(world, owner, charge)
  const isConverted = booked !== undefined && booked.currency !== currency
  return isConverted ? settled(world, amount, currency) : { amount, currency, rate: null }
}

/** The balance transaction that brought a captured charge's money. */
export function bookingOf(
  world: World,
  owner: string,
  charge: Charge,
): BalanceTransaction | undefined {
  const id = charge.balance_transaction
  return id === null ? undefined : world.balanceTransactions.find(owner, id)
}
