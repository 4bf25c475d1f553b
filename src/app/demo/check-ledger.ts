import type { TrialBalance } from '../../store/ledger.ts'

/** The trial balance after a day of the demo. */
export interface DayTrial {
  readonly day: number
  readonly lines: readonly Pick<TrialBalance, 'currency' | 'total' | 'unbalanced'>[]
}

/** What the check of the ledger came to. */
export interface LedgerVerdict {
  /** Days after which every currency added up to zero. */
  readonly balancedDays: number
  readonly days: number
  /** In words; empty when the ledger is right. */
  readonly problems: readonly string[]
}

/** Does every posting, and so every currency of the ledger, add up to zero after each day? */
export function checkLedger(trials: readonly DayTrial[]): LedgerVerdict {
  const perDay = trials.map(trial => trial.lines.flatMap(line => trialProblems(trial.day, line)))
  return {
    balancedDays: perDay.filter(problems => problems.length === 0).length,
    days: trials.length,
    problems: perDay.flat(),
  }
}

function trialProblems(
  day: number,
  { currency, total, unbalanced }: DayTrial['lines'][number],
): string[] {
  const postings = unbalanced.map(key => `ledger: day ${day}: ${key} does not add up to zero`)
  return total === 0n ? postings : [`ledger: day ${day}: ${currency} is ${total}`, ...postings]
}
