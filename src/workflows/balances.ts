import type { Balance } from '../domain/settlement.ts'
import type { Work } from './work.ts'

/**
 * Balances of one round: each account is asked once, and what is planned is taken off, so that two
 * movements of one account are not planned on the same money.
 */
export interface Balances {
  /** Null: it could not be read. */
  of(account: string | null): Promise<Balance | null>
  /** @param amount minor units that were planned on it */
  take(account: string | null, currency: string, amount: bigint): Promise<void>
}

export function createBalances(work: Pick<Work, 'provider' | 'log'>): Balances {
  const read = new Map<string | null, Promise<Balance | null>>()
  const ask = async (account: string | null) => {
    try {
      return await work.provider.balance(account)
    } catch (error) {
      work.log('warn', 'a balance could not be read', { account, problem: String(error) })
      return null
    }
  }
  const of = (account: string | null) => {
    const known = read.get(account) ?? ask(account)
    read.set(account, known)
    return known
  }
  return {
    of,
    take: async (account, currency, amount) => {
      const balance = await of(account)
      if (balance === null) return
      const left = (balance.available[currency] ?? 0n) - amount
      const available = { ...balance.available, [currency]: left }
      read.set(account, Promise.resolve({ ...balance, available }))
    },
  }
}
