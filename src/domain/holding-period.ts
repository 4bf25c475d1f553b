/** Days that Stripe holds money for manual payouts: https://docs.stripe.com/connect/manual-payouts. */
const usualDays = 90
const daysOf: Readonly<Record<string, number>> = { TH: 10, US: 730 }

/** Countries with a period of their own, ISO 3166 (two letters). */
export const countriesApart: readonly string[] = Object.keys(daysOf)

/**
 * Days after which money that was not paid out is warned about.
 * @param country of the account, ISO 3166; null: not known
 * @param warnDays the setting, said for the usual 90 days; elsewhere the warning comes as long before
 * the end, but never in the first half of the period
 */
export function warnAfterDays(country: string | null, warnDays: number): number {
  const limit = daysOf[country ?? ''] ?? usualDays
  const notice = Math.max(0, usualDays - warnDays)
  return Math.max(limit - notice, Math.ceil(limit / 2))
}
