import { type MovementStatus, mayMove } from './lifecycle.ts'
import type { Movement } from './movement.ts'
import type { Plan } from './plan.ts'
import type { ReasonCode } from './reasons.ts'

/** What a plan changes in the stored movement of its source. `null`: nothing is written. */
export interface Change {
  readonly to: MovementStatus
  readonly reason: ReasonCode | null
  readonly amount: bigint | null
  readonly plan: Plan
}

/** The stored side of a decision: planning the same facts again gives `null`. */
export function changeOf(stored: Movement | null, plan: Plan, now: Date): Change | null {
  const wanted = wantedOf(stored, plan)
  // An amount of 0 writes no movement, whether it would be moved, held or given up.
  if (stored === null) return wanted?.amount === 0n ? null : wanted
  if (wanted === null) return null
  if (stored.status === 'failed') return afterFailure(stored, wanted, now)
  if (stored.status !== wanted.to) return mayMove(stored.status, wanted.to) ? wanted : null
  // The same status: only a hold or what nobody has sent yet may still change its reason or amount.
  const open = stored.status === 'on_hold' || stored.status === 'pending'
  const same =
    stored.reason === wanted.reason &&
    stored.amount === wanted.amount &&
    stored.currency === plan.currency &&
    sameRoute(stored, plan)
  return open && !same ? wanted : null
}

function wantedOf(stored: Movement | null, plan: Plan): Change | null {
  const { decision } = plan
  switch (decision.to) {
    case 'move':
      return { to: 'pending', reason: null, amount: decision.amount, plan }
    case 'hold':
      return { to: 'on_hold', reason: decision.reason, amount: decision.amount, plan }
    case 'cancel':
      return { to: 'canceled', reason: decision.reason, amount: decision.amount, plan }
    case 'nothing':
      return stored === null
        ? null
        : { to: 'canceled', reason: 'amount_not_positive', amount: stored.amount, plan }
  }
}

/**
 * A refusal goes again when its time has come, or at once when something else is owed now: what was
 * refused is not what would be asked (a refund made while a transfer had no answer leaves less of
 * its charge). A hold behind it changes nothing.
 */
function afterFailure(stored: Movement, wanted: Change, now: Date): Change | null {
  if (wanted.to === 'canceled') return wanted
  if (wanted.to !== 'pending') return null
  const due = stored.nextLookAt !== null && stored.nextLookAt <= now
  return due || !sameRoute(stored, wanted.plan) ? wanted : null
}

function sameRoute(stored: Movement, plan: Plan): boolean {
  if (plan.decision.to !== 'move') return true
  const fresh = plan.decision.instruction
  const old = stored.instruction
  return old !== null && old.amount === fresh.amount && text(old) === text(fresh)
}

function text(instruction: object): string {
  const entries = Object.entries(instruction).map(([key, value]) => `${key}=${String(value)}`)
  return entries.toSorted().join(' ')
}
