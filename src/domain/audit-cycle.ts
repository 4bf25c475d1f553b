import { type Compared, isByHand, isOpen, type Rounding, stands, sumOf } from './audit-moved.ts'
import type { Movement } from './movement.ts'
import { paidByUs } from './plan-transfer.ts'
import type { Cycle } from './settlement.ts'
import type { ReasonCode } from './reasons.ts'

/** A cycle as it is stored, and its payouts. Minor units. */
export interface CycleAudit {
  readonly cycle: Cycle
  /** Is something of it left to do here? */
  readonly open: boolean
  /** What debts and disputes took off its payout. */
  readonly cut: bigint
  readonly payouts: readonly Movement[]
  /** Payouts that came back. */
  readonly returned: ReadonlySet<string>
  readonly ourPspCodes: readonly string[]
  readonly barred: ReasonCode | null
}

/** What the seller should have been paid out for a cycle, and was. */
export function auditCycle(audit: CycleAudit, round: Rounding): Compared {
  const { cycle, cut, returned, open } = audit
  // A payout in another currency than its cycle says itself what it stands for.
  const payouts = audit.payouts.filter(
    each => (each.original?.currency ?? each.currency) === cycle.currency,
  )
  const did = sumOf(payouts, returned, round)
  const isOurs = paidByUs(cycle.payOutPspCode, audit.ourPspCodes)
  const should = isOurs && cycle.amount > 0n ? cycle.amount - cut : 0n
  if (did === should) return { should, did, verdict: 'agrees' }
  const standing = payouts.filter(each => stands(each) && !returned.has(each.id))
  const untouched = standing.length === 0
  // Paid by somebody else, or before our time.
  const isElsewhere =
    audit.barred !== null || (cycle.payState === 'paid' && payouts.every(isLeftToOthers))
  if (untouched && isElsewhere) return { should: 0n, did, verdict: 'agrees' }
  const isHeld = !cycle.final || open || payouts.some(isOpen)
  if (untouched && isHeld) return { should, did, verdict: 'waits' }
  return { should, did, verdict: causeOf(audit, standing, isOurs) }
}

/** It was never asked for, as the marketplace had called the cycle paid. */
function isLeftToOthers({ status, reason }: Movement): boolean {
  return status === 'canceled' && reason === 'already_paid'
}

function causeOf(
  { payouts, returned }: CycleAudit,
  standing: readonly Movement[],
  isOurs: boolean,
): Compared['verdict'] {
  if (payouts.length === 0) return 'not_moved'
  if (!isOurs) return 'moved_though_ended'
  if (standing.some(isByHand)) return 'moved_by_hand'
  if (standing.length > 1) return 'moved_twice'
  if (standing.length === 0 && payouts.some(each => returned.has(each.id))) return 'taken_back'
  if (payouts.some(each => each.reason === 'canceled_by_operator')) return 'canceled_by_operator'
  return standing.length === 1 ? 'amount_differs' : 'unknown'
}
