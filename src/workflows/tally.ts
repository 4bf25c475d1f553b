import type { Facts } from '../domain/json.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Plan } from '../domain/plan.ts'
import type { Written } from '../store/movement-plans.ts'

/** One decision as a dry run shows it. Amounts in minor units as text. */
export interface Preview {
  readonly kind: string
  readonly source: string
  readonly sellerId: string | null
  readonly to: string
  readonly reason: string | null
  readonly amount: string | null
  readonly currency: string
  readonly facts: Facts
  /** Shadow only: what the provider shows for it, and whether it agrees. */
  readonly seen?: { readonly providerId: string; readonly amount: string } | null
  readonly agrees?: boolean
}

export interface Counts {
  readonly planned: number
  readonly sent: number
  readonly accepted: number
  readonly succeeded: number
  readonly onHold: number
  readonly failed: number
  readonly setAside: number
  /** Confirmations that the marketplace took. */
  readonly confirmed: number
  /** Asked and not answered; they are looked up, not sent anew. */
  readonly unknown: number
  readonly holds: Readonly<Record<string, number>>
}

/** More previews than a person reads are counted, not kept: memory does not grow with the backlog. */
const previewsMax = 500

/** What one run did. Holds are those of its last round: what is still waiting when it ends. */
export interface Tally {
  startRound(): void
  written(results: readonly Written[]): void
  preview(plan: Plan, seen?: Preview['seen']): void
  sent(): void
  outcome(outcome: Outcome): void
  held(reason: string): void
  failed(): void
  setAside(count: number): void
  confirmed(): void
  counts(): Counts
  previews(): readonly Preview[]
}

export function createTally(): Tally {
  const totals = { planned: 0, sent: 0, accepted: 0, succeeded: 0, failed: 0, unknown: 0 }
  let setAside = 0
  let confirmed = 0
  let holds: Record<string, number> = {}
  const previews: Preview[] = []
  const held = (reason: string) => {
    holds[reason] = (holds[reason] ?? 0) + 1
  }
  return {
    startRound: () => {
      holds = {}
    },
    written: results => {
      for (const { plan, status, changed } of results) {
        if (changed && status === 'pending') totals.planned += 1
        // A refused movement that may not go again yet waits too, and says why.
        const waits = status === 'on_hold' || status === 'failed'
        if (waits && plan.decision.to === 'hold') held(plan.decision.reason)
      }
    },
    preview: (plan, seen) => {
      if (plan.decision.to === 'nothing') return
      if (plan.decision.to === 'move') totals.planned += 1
      if (plan.decision.to === 'hold') held(plan.decision.reason)
      if (previews.length < previewsMax) previews.push(previewOf(plan, seen))
    },
    sent: () => {
      totals.sent += 1
    },
    outcome: outcome => {
      if (outcome.result === 'rejected') totals.failed += 1
      else totals[outcome.result] += 1
    },
    held,
    failed: () => {
      totals.failed += 1
    },
    setAside: count => {
      setAside += count
    },
    confirmed: () => {
      confirmed += 1
    },
    counts: () => {
      const onHold = Object.values(holds).reduce((left, right) => left + right, 0)
      return { ...totals, onHold, setAside, confirmed, holds: { ...holds } }
    },
    previews: () => previews,
  }
}

function previewOf(plan: Plan, seen?: Preview['seen']): Preview {
  const { decision } = plan
  const amount = decision.to === 'nothing' ? null : (decision.amount?.toString() ?? null)
  const agrees = seen === undefined ? undefined : agreement(plan, seen)
  return {
    kind: plan.kind,
    source: `${plan.source.type} ${plan.source.id}${plan.source.part === '' ? '' : ` ${plan.source.part}`}`,
    sellerId: plan.parties.sellerId,
    to: decision.to,
    reason: decision.to === 'hold' || decision.to === 'cancel' ? decision.reason : null,
    amount,
    currency: plan.currency,
    facts: plan.facts,
    ...(seen === undefined ? {} : { seen }),
    ...(agrees === undefined ? {} : { agrees }),
  }
}

/** A shadow agrees when what we would move was moved with this amount, and the rest was not. */
function agreement(plan: Plan, seen: Preview['seen']): boolean {
  if (plan.decision.to !== 'move') return seen === null
  return seen?.amount === plan.decision.instruction.amount.toString()
}
