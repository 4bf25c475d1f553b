import { allocate, money } from './money.ts'
import type { Representable } from './plan.ts'
import type { Balance, Cycle } from './settlement.ts'

/** An open debt as one cycle sees it; oldest first. Minor units. */
export interface OpenDebt {
  readonly id: string
  /** Less what collections of other cycles are about to take. */
  readonly collectable: bigint
  readonly elsewhere: bigint
  /** This cycle's collection: none yet, not asked yet, asked (its amount stands), or over. */
  readonly own: 'none' | 'open' | 'asked' | 'over'
  /** What was asked; 0 otherwise. */
  readonly asked: bigint
}

/** What a cycle's payout may be less by. Minor units of the cycle's currency. */
export interface DebtFacts {
  readonly open: readonly OpenDebt[]
  /** Debts that this cycle has set off. */
  readonly setOff: bigint
  /** What this cycle has withheld already; below zero: given back. */
  readonly withheld: bigint
  /**
   * What dispute reversals took from the seller, less what was given back and what payouts were
   * less by. Below zero: the account has more than cycles will ever ask for.
   */
  readonly outstanding: bigint
  /** Percent of a cycle that debts may take, 0 to 100. */
  readonly capPercent: number
}

export interface SetOffFacts {
  readonly cycle: Pick<Cycle, 'amount' | 'currency'>
  /** Null: not read. */
  readonly balance: Balance | null
  readonly debts: DebtFacts
}

/** By what a payout differs from its cycle, and what is left of it. Minor units. */
export interface Cut {
  /** Taken from the account by a collection, per debt; what is owed by nobody is not listed. */
  readonly collect: ReadonlyMap<string, bigint>
  /** Set off without a movement, per debt: the money leaves the account by others. */
  readonly elsewhere: ReadonlyMap<string, bigint>
  /** Withheld now because dispute reversals took it; below zero: given back. */
  readonly withhold: bigint
  readonly payout: bigint
}

const least = (...amounts: readonly [bigint, ...bigint[]]): bigint => {
  const smallest = amounts.reduce((left, right) => (right < left ? right : left))
  return smallest < 0n ? 0n : smallest
}

/** The most that debts may take of a cycle; rounded down. */
export function capOf({ cycle, debts }: SetOffFacts): bigint {
  const percent = BigInt(debts.capPercent)
  if (cycle.amount <= 0n || percent <= 0n) return 0n
  if (percent >= 100n) return cycle.amount
  const [most] = allocate(money(cycle.amount, cycle.currency), [percent, 100n - percent], 1)
  return most?.amount ?? 0n
}

/**
 * What is taken off a payout, each unit once. First what reversals of a negative cycle take from the
 * account, then what dispute reversals took as far as the account is short of it (the money of
 * another cycle's orders is not withheld for them), then open debts, the oldest first. The cap
 * bounds debts; what dispute reversals took is gone and cannot be paid out.
 */
export function cutOf(facts: SetOffFacts, representable: Representable): Cut {
  const { cycle, balance, debts } = facts
  const none: Cut = {
    collect: new Map(),
    elsewhere: new Map(),
    withhold: 0n,
    payout: cycle.amount,
  }
  if (cycle.amount < 0n) return none
  let left = cycle.amount - debts.setOff - debts.withheld
  let budget = least(cycle.amount, capOf(facts) - debts.setOff)
  const elsewhere = new Map<string, bigint>()
  for (const debt of debts.open) {
    const part = least(debt.elsewhere, budget, left)
    if (part === 0n) continue
    elsewhere.set(debt.id, part)
    left -= part
    budget -= part
  }
  const withhold = balance === null ? 0n : withheldNow(facts, balance, left)
  left -= withhold
  const collect = new Map<string, bigint>()
  for (const debt of debts.open) {
    const free = representable(least(debt.collectable, budget, left), cycle.currency)
    const part = debt.own === 'asked' ? debt.asked : debt.own === 'over' ? 0n : free
    if (part === 0n) continue
    collect.set(debt.id, part)
    left -= part
    budget -= part
  }
  return { collect, elsewhere, withhold, payout: left }
}

/** Never more than the account is short of, and nothing is given back that it does not have. */
function withheldNow({ cycle, debts }: SetOffFacts, balance: Balance, left: bigint): bigint {
  const { outstanding } = debts
  const has = (balance.available[cycle.currency] ?? 0n) + (balance.pending[cycle.currency] ?? 0n)
  if (outstanding > 0n) return least(outstanding, left - has, left)
  return -least(-outstanding, has - left)
}
