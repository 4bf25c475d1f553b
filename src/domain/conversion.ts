import type { Currency } from './currency.ts'
import { allocate, type Money, money } from './money.ts'
import type { Movement } from './movement.ts'
import type { Payment } from './payment.ts'
import type { Representable } from './plan.ts'

/**
 * Amounts of an order whose payment settled in another currency than it was made in.
 *
 * A part of the payment becomes the same part of what the payment brought, rounded down; whatever
 * the rounding leaves stays with the operator. So each part depends on nothing but itself, the
 * parts never exceed what was brought, and the whole payment is all of it. This is the charge's
 * exchange rate with all its digits: the rate that the provider shows has been rounded.
 */

/** The amount that moves, in minor units of `currency`, and the order's own when it was converted. */
export interface Part {
  readonly amount: bigint
  readonly currency: Currency
  /** What it was converted from; null: nothing was converted. */
  readonly original: Money | null
}

/** Did the payment bring another currency than it was made in? False while that is not known. */
export function isConverted(payment: Payment | null): boolean {
  return settlementCurrencyOf(payment) !== (payment?.currency ?? null)
}

/** The currency in which a payment's money can be moved; null: no payment is known. */
export function settlementCurrencyOf(payment: Payment | null): Currency | null {
  return payment?.settled?.currency ?? payment?.currency ?? null
}

/**
 * A part of a payment in the currency that it settled in.
 * @param ordered not below 0; may exceed the payment (what the operator adds to it)
 * @param representable what the provider can express of the currency, rounded down: a converted
 * amount is rounded at once, so that nothing of it remains to be given later
 */
export function partOf(
  ordered: Money,
  payment: Payment | null,
  representable: Representable,
): Part {
  const settled = payment?.settled ?? null
  if (payment === null || settled === null || !isConverted(payment) || payment.captured <= 0n)
    return { ...ordered, original: null }
  const { currency } = settled
  // One of `captured` equal parts, as the amount may be more than the payment.
  const [exact] = allocate(
    money(ordered.amount * settled.amount, currency),
    [1n, payment.captured - 1n],
    1,
  )
  return {
    amount: representable(exact?.amount ?? 0n, currency),
    currency,
    original: ordered,
  }
}

/** What is left of a transfer: in minor units of the order's currency, and as it was sent. */
export interface Rest {
  readonly ordered: bigint
  readonly sent: bigint
}

export function less(left: Rest, right: Rest): Rest {
  return { ordered: left.ordered - right.ordered, sent: left.sent - right.sent }
}

/** What a movement moved, both ways; 0 before it is decided. */
export function bothOf({ sentAmount, original }: Pick<Movement, 'sentAmount' | 'original'>): Rest {
  const sent = sentAmount ?? 0n
  return { ordered: original?.amount ?? sent, sent }
}

/**
 * What an amount of the order's currency takes of a transfer's rest, as it was sent, rounded down.
 * All that is left ordered takes all that is left, so a full reversal takes back exactly what was
 * transferred, whatever went before. Without conversion it is the amount itself, at most the rest.
 * @param ordered not below 0
 */
export function takenFrom(rest: Rest, ordered: bigint): bigint {
  if (rest.sent <= 0n) return 0n
  if (ordered >= rest.ordered) return rest.sent
  const [taken] = allocate(money(rest.sent, ''), [ordered, rest.ordered - ordered], 1)
  return taken?.amount ?? 0n
}
