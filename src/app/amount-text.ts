import { isCurrency } from '../domain/currency.ts'
import { formatDecimal, money } from '../domain/money.ts'

/** `19.99 EUR` from minor units as text; '' when the amount is not known. */
export function amountText(minorUnits: string | null, currency: string): string {
  if (minorUnits === null) return ''
  if (!isCurrency(currency)) return `${minorUnits} ${currency}`
  return `${formatDecimal(money(BigInt(minorUnits), currency))} ${currency}`
}
