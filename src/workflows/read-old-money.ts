import { countriesApart, warnAfterDays } from '../domain/holding-period.ts'
import { acknowledgedReasons } from '../store/acknowledgements.ts'
import { type OldMoney, oldMoneyOfPlatform, oldMoneyOfSellers } from '../store/old-money.ts'
import type { Work } from './work.ts'

type Reading = Pick<Work, 'database' | 'environment' | 'clock'>

const day = 24 * 3600 * 1000
/** A mail about more would not be read either. */
const rowsMax = 5000

/** Balances with money that the provider will not hold much longer, also those acknowledged. */
export async function readOldMoney(work: Reading): Promise<OldMoney[]> {
  const { id, settings } = work.environment
  const { queries } = work.database
  const now = work.clock.now()
  const ago = (country: string | null) =>
    new Date(now.getTime() - warnAfterDays(country, settings.oldMoneyWarnDays) * day)
  const usual = ago(null)
  const before = new Map(countriesApart.map(country => [country, ago(country)]))
  return [
    ...(await oldMoneyOfSellers(queries, id, before.set('', usual), rowsMax)),
    ...(await oldMoneyOfPlatform(queries, id, usual)),
  ]
}

/** Those of `readOldMoney` that nobody has taken note of. */
export async function unnotedOldMoney(work: Reading): Promise<OldMoney[]> {
  const { database, environment } = work
  const noted = await acknowledgedReasons(database.queries, environment.id, 'balance')
  const all = await readOldMoney(work)
  return all.filter(each => noted.get(balanceName(each)) !== balanceReason(each))
}

/** What the daily mail calls a balance. */
export function balanceName({ account, currency }: OldMoney): string {
  return `${account ?? 'platform'}:${currency}`
}

/**
 * What an acknowledgement is for: the seller's oldest money; when that has gone, the rest is news. Of
 * the platform's own balance no such moment is known: it is named again every month.
 */
export function balanceReason({ account, since }: OldMoney): string {
  const text = since.toISOString()
  return account === null ? text.slice(0, 'YYYY-MM'.length) : text
}
