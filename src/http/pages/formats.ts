import { decimalsOf, isCurrency } from '../../domain/currency.ts'
import { formatDecimal, money } from '../../domain/money.ts'

/** How one person's locale writes amounts, numbers and moments. */
export interface Formats {
  /** Minor units with the currency's own decimals and its code. */
  amount(minorUnits: bigint, currency: string): string
  count(value: number): string
  /** In UTC, with the zone's name. */
  moment(iso: string): string
}

/** @param locale BCP 47 */
export function createFormats(locale: string): Formats {
  const counts = new Intl.NumberFormat(locale)
  const moments = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  })
  const currencies = new Map<string, Intl.NumberFormat>()
  const formatOf = (currency: string) => {
    const known = currencies.get(currency)
    if (known !== undefined) return known
    const places = decimalsOf(currency)
    const made = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'code',
      // Intl's own table differs from ISO 4217 for some currencies.
      minimumFractionDigits: places,
      maximumFractionDigits: places,
    })
    currencies.set(currency, made)
    return made
  }
  return {
    amount: (minorUnits, currency) => {
      if (!isCurrency(currency)) return `${minorUnits} ${currency}`
      // As text: a number would round large amounts.
      const decimal = formatDecimal(money(minorUnits, currency))
      return formatOf(currency).format(decimal as Intl.StringNumericLiteral)
    },
    count: value => counts.format(value),
    moment: iso => moments.format(new Date(iso)),
  }
}
