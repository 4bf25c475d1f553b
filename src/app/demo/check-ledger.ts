import type { TrialBalance } from '../../store/ledger.ts'

/** The trial balance after a day of the demo. */
export interface DayTrial {
  readonly day: number
  readonly lines: readonly Pick<TrialBalance, 'currency' | 'total' | 'unbalanced'>[]
}

/** What is at the connected accounts, minor units by `<account> <currency>`. */
type Kept = ReadonlyMap<string, bigint>

/** What the check of the ledger came to. */
export interface LedgerVerdict {
  /** Days after which every currency added up to zero. */
  readonly balancedDays: number
  readonly days: number
  /** Accounts, each in one of its currencies, that were compared. */
  readonly accounts: number
  /** In words; empty when the ledger is right. */
  readonly problems: readonly string[]
}

/**
 * Is the ledger zero in every currency after each day, and does it have at every seller's account (and
 * the tax account) what the simulator has there?
 */
export function checkLedger(
  trials: readonly DayTrial[],
  { booked, there }: { readonly booked: Kept; readonly there: Kept },
): LedgerVerdict {
  const perDay = trials.map(trial => trial.lines.flatMap(line => trialProblems(trial.day, line)))
  const places = [...new Set([...booked.keys(), ...there.keys()])].toSorted()
  const differing = places
    .filter(place => (booked.get(place) ?? 0n) !== (there.get(place) ?? 0n))
    .map(
      place =>
        `ledger: at ${place} Stripe has ${there.get(place) ?? 0n}, the ledger ${booked.get(place) ?? 0n}`,
    )
  return {
    balancedDays: perDay.filter(problems => problems.length === 0).length,
    days: trials.length,
    accounts: places.length,
    problems: [...perDay.flat(), ...differing],
  }
}

function trialProblems(
  day: number,
  { currency, total, unbalanced }: DayTrial['lines'][number],
): string[] {
  const postings = unbalanced.map(key => `ledger: day ${day}: ${key} does not add up to zero`)
  return total === 0n ? postings : [`ledger: day ${day}: ${currency} is ${total}`, ...postings]
}
