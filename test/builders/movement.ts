import type { Movement } from '../../src/domain/movement.ts'
import type { Change } from '../../src/domain/replan.ts'
import { at } from './moments.ts'

/** A movement as it is stored once a change was written to it (or made it). */
export function storedFrom(change: Change, before: Partial<Movement> = {}): Movement {
  const { plan } = change
  const instruction = plan.decision.to === 'move' ? plan.decision.instruction : null
  return {
    id: 'mv_1',
    kind: plan.kind,
    origin: 'planned',
    source: plan.source,
    needsReview: false,
    currency: plan.currency,
    provider: 'stripe',
    original: plan.original ?? null,
    attempt: 0,
    attemptedAt: null,
    providerId: null,
    failure: null,
    createdAt: at('09:00'),
    updatedAt: at('09:00'),
    ...before,
    ...(plan.decision.to === 'nothing'
      ? {}
      : { currency: plan.currency, original: plan.original ?? null }),
    parties: plan.parties,
    status: change.to,
    reason: change.reason,
    amount: change.amount,
    sentAmount: instruction?.amount ?? null,
    account: plan.account,
    instruction,
    facts: plan.facts,
    nextLookAt: null,
  }
}
