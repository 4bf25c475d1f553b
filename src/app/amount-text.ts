import { isCurrency } from '../domain/currency.ts'
import { formatDecimal, money } from '../domain/money.ts'

/** `82.23 EUR (90.00 USD)`: what moves, and what it was converted from. */
export function bothAmounts({
  amount,
  currency,
  original,
}: {
  readonly amount: string | null
  readonly currency: string
  readonly original: { readonly amount: string; readonly currency: string } | null
}): string {
  const moved = amountText(amount, currency)
  return original === null
    ? moved
    : `${moved} (${amountText(original.amount, original.currency)})`.trimStart()
}

/** `19.99 EUR` from minor units as text; '' when the amount is not known. */
export function amountText(minorUnits: string | null, currency: string): string {
  if (minorUnits === null) return ''
  if (!isCurrency(currency)) return `${minorUnits} ${currency}`
  return `${formatDecimal(money(BigInt(minorUnits), currency))} ${currency}`
}
