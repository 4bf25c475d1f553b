import type { Movement } from './movement.ts'
import { paidByUs } from './plan-transfer.ts'
import { type Difference, difference } from './reconcile-difference.ts'
import type { Cycle } from './settlement.ts'

/** A billing cycle as the marketplace shows it now, with its payouts here. */
export interface CycleFacts {
  readonly cycle: Cycle
  /** In order of sequence. */
  readonly payouts: readonly Movement[]
  /** Payouts that came back after they were called done, by id. */
  readonly returned: ReadonlySet<string>
  /** When the marketplace was told that it is paid; null: it was not. */
  readonly toldAt: Date | null
  readonly ourPspCodes: readonly string[]
  /** What the provider can express of an amount, minor units. */
  readonly representable: (amount: bigint) => bigint
  /** What is younger is not judged. */
  readonly until: Date
}

/** Reasons for which a cycle is rightly called paid without a payout. */
const paidWithout: readonly string[] = ['set_off_wholly', 'became_debt', 'amount_not_positive']

/** What the marketplace shows of a cycle otherwise than it is here; null: nothing. */
export function judgeCycle(facts: CycleFacts): Difference | null {
  const { cycle, payouts, returned, toldAt, until } = facts
  if (!cycle.final || !paidByUs(cycle.payOutPspCode, facts.ourPspCodes)) return null
  const landed = payouts.findLast(each => each.status === 'succeeded' && !returned.has(each.id))
  const last = landed ?? payouts.at(-1)
  const seen = {
    currency: cycle.currency,
    here: last?.amount ?? null,
    there: cycle.amount,
    stateHere: last?.status ?? null,
    stateThere: cycle.payState,
    ids: {
      cycle: cycle.id,
      movement: last?.id ?? null,
      seller: cycle.sellerId,
      provider: last?.providerId ?? null,
      account: last?.account ?? null,
    },
    at: cycle.createdAt,
  }
  const name = `cycle:${cycle.id}`
  if (landed !== undefined) {
    if (landed.updatedAt >= until) return null
    if (cycle.payState !== 'paid' && toldAt !== null && toldAt < until) {
      return difference('cycle_confirmation_lost', name, seen)
    }
    return isWhole(facts, landed) ? null : difference('cycle_amount_differs', name, seen)
  }
  if (cycle.payState !== 'paid' || cycle.amount <= 0n) return null
  if (payouts.some(each => returned.has(each.id) || each.status === 'failed')) {
    return difference('payout_returned', name, seen)
  }
  const isRight = last?.status === 'canceled' && paidWithout.includes(last.reason ?? '')
  return isRight ? null : difference('cycle_paid_without_payout', name, seen)
}

/** Is the payout what the cycle says, less what debts and disputes took of it? */
function isWhole({ cycle, representable }: CycleFacts, payout: Movement): boolean {
  if (payout.currency !== cycle.currency) return true
  const less = amountOf(payout.facts['setOff']) + amountOf(payout.facts['withheld'])
  const paid = payout.sentAmount ?? payout.amount ?? 0n
  return representable(cycle.amount - less) === paid
}

function amountOf(fact: unknown): bigint {
  return typeof fact === 'string' && /^-?\d+$/.test(fact) ? BigInt(fact) : 0n
}
