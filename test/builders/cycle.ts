import type { DebtFacts } from '../../src/domain/set-off.ts'
import type { Balance, Cycle } from '../../src/domain/settlement.ts'
import { at } from './moments.ts'

/** A final billing cycle that pays 90.00 EUR and has no other parts. */
export function cycleOf(change: Partial<Cycle> = {}): Cycle {
  return {
    id: '7001',
    feed: 'invoices',
    sellerId: '2001',
    currency: 'EUR',
    createdAt: at('01:00'),
    final: true,
    payState: 'pending',
    payOutPspCode: 'NOT_SPECIFIED',
    amount: 9_000n,
    amountToOperator: 0n,
    subscription: 0n,
    otherInvoices: 0n,
    otherCredits: 0n,
    ...change,
  }
}

/** A balance in one currency, in minor units. */
export function balanceOf(available: bigint, pending = 0n, currency = 'EUR'): Balance {
  return { available: { [currency]: available }, pending: { [currency]: pending } }
}

/** A seller who owes nothing. */
export const noDebts: DebtFacts = {
  open: [],
  setOff: 0n,
  withheld: 0n,
  outstanding: 0n,
  capPercent: 100,
}
