import type { Plan } from '../../src/domain/plan.ts'
import type { ReasonCode } from '../../src/domain/reasons.ts'

/** Something that is wrong with facts, and the reason that is given for it when it is found. */
export type Fault<Facts> = readonly [reason: ReasonCode, make: (facts: Facts) => Facts]

/**
 * Makes everything wrong at once, then mends one fault after the other, the first one first. Where
 * two faults say different things about the same fact, the earlier one stands until it is mended.
 * @returns what was decided each time, at last of sound facts.
 */
export function decidedWhileMending<Facts>(
  sound: Facts,
  faults: readonly Fault<Facts>[],
  decide: (facts: Facts) => string,
): string[] {
  const left = [...faults.map((_, index) => faults.slice(index)), []]
  return left.map(wrong =>
    decide(wrong.toReversed().reduce((facts, [, make]) => make(facts), sound)),
  )
}

/** A decision in short: `hold paused`, `cancel already_paid`, `move 9000`, `nothing`. */
export function decided({ decision }: Pick<Plan, 'decision'>): string {
  if (decision.to === 'nothing') return 'nothing'
  return decision.to === 'move' ? `move ${decision.amount}` : `${decision.to} ${decision.reason}`
}
