import type { Purse, Totals } from './bookkeeping.ts'
import { promisedOf } from './refund-record.ts'
import type { World } from './world.ts'

/** What Stripe knows to be true, for an auditor: minor units by lower-case currency. */
export interface Books {
  /** Every account that ever held money; the platform under its own id. */
  accounts: Record<string, Record<string, Purse>>
  /** Refunds that were taken on and wait for money: not taken from any balance yet. */
  promised: Record<string, Record<string, number>>
  totals: Record<string, Totals>
}

/** A copy of all balances and totals as they are now. */
export function readBooks(world: World): Books {
  const accounts: Books['accounts'] = {}
  const promised: Books['promised'] = {}
  for (const account of world.balances.accounts()) {
    const purses = [...world.balances.of(account)].map(
      ([currency, purse]) => [currency, { ...purse }] as const,
    )
    accounts[account] = Object.fromEntries(purses)
    promised[account] = Object.fromEntries(
      purses.map(([currency]) => [currency, promisedOf(world, account, currency)]),
    )
  }
  const totals = [...world.balances.allTotals()].map(
    ([currency, sums]) => [currency, { ...sums }] as const,
  )
  return { accounts, promised, totals: Object.fromEntries(totals) }
}
