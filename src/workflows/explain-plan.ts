import type { Facts } from '../domain/json.ts'
import type { Money } from '../domain/money.ts'
import type { Movement } from '../domain/movement.ts'
import type { Plan } from '../domain/plan.ts'
import { isReasonCode, type ReasonCode, reasons, type Unblocker } from '../domain/reasons.ts'
import { journalOf } from '../store/journal.ts'
import type { Work } from './work.ts'

export type Language = 'en' | 'fr' | 'de'

/** A reason in words. */
export interface ExplainedReason {
  readonly code: string
  readonly text: string
  readonly unblockedBy: Unblocker
  /** In English. */
  readonly mend: string
}

/** One line of a movement's journal; moments as ISO text. */
export interface ExplainedLine {
  readonly at: string
  readonly actor: string
  readonly from: string | null
  readonly to: string
  readonly reason: string | null
  readonly attempt: number
  readonly facts: Facts
}

export interface ExplainedMovement {
  readonly id: string
  readonly kind: string
  /** `order 1001-A`, `cycle 12 subscription`. */
  readonly source: string
  readonly status: string
  readonly reason: ExplainedReason | null
  /** Since when it has this status for this reason. */
  readonly since: string
  /** Minor units as text; null: not known yet. */
  readonly amount: string | null
  readonly sentAmount: string | null
  readonly currency: string
  /** The order's or the cycle's own amount, when what moves was converted from it; else null. */
  readonly original: { readonly amount: string; readonly currency: string } | null
  readonly providerId: string | null
  readonly attempt: number
  readonly failure: { readonly code: string; readonly message: string } | null
  readonly facts: Facts
  readonly nextLookAt: string | null
  readonly journal: readonly ExplainedLine[]
}

/** What would be decided now, on what is stored. */
export interface ExplainedPlan {
  readonly kind: string
  readonly source: string
  readonly decision: Plan['decision']['to']
  readonly amount: string | null
  readonly currency: string
  /** The order's or the cycle's own amount, when what moves was converted from it; else null. */
  readonly original: { readonly amount: string; readonly currency: string } | null
  /** Of the first check that stopped. */
  readonly reason: ExplainedReason | null
  /** In their order; `decided` marks the first that stopped, those behind it did not count. */
  readonly checks: readonly {
    readonly reason: string
    readonly stops: boolean
    readonly decided: boolean
    readonly facts: Facts
  }[]
  readonly facts: Facts
  /** The stored movement of this source; null: none was ever written. */
  readonly movement: string | null
  /** The job that looks at it again. */
  readonly lookedAtBy: string
}

export function explainReason(code: string | null, language: Language): ExplainedReason | null {
  if (code === null) return null
  if (!isReasonCode(code)) return { code, text: code, unblockedBy: 'operator', mend: '' }
  const { text, unblockedBy, mend } = reasons[code satisfies ReasonCode]
  return { code, text: text[language], unblockedBy, mend }
}

function explainOriginal(original: Money | null): ExplainedMovement['original'] {
  return original === null ? null : { ...original, amount: original.amount.toString() }
}

/** `order 1001-A`, `cycle 12 subscription`, `dispute du_1 mv_1`. */
export function sourceText({
  type,
  id,
  part,
}: {
  readonly type: string
  readonly id: string
  readonly part: string
}): string {
  return part === '' ? `${type} ${id}` : `${type} ${id} ${part}`
}

export function explainPlan(
  plan: Plan,
  movements: readonly Movement[],
  language: Language,
  lookedAtBy: string,
): ExplainedPlan {
  const { decision } = plan
  const first = plan.checks.findIndex(each => each.stops)
  const stored = movements.find(
    each =>
      each.kind === plan.kind &&
      each.source.id === plan.source.id &&
      each.source.part === plan.source.part &&
      each.source.sequence === plan.source.sequence,
  )
  const reason = decision.to === 'hold' || decision.to === 'cancel' ? decision.reason : null
  return {
    kind: plan.kind,
    source: sourceText(plan.source),
    decision: decision.to,
    amount: decision.to === 'nothing' ? null : (decision.amount?.toString() ?? null),
    currency: plan.currency,
    original: explainOriginal(plan.original ?? null),
    reason: explainReason(reason, language),
    checks: plan.checks.map((each, at) => ({ ...each, decided: at === first })),
    facts: plan.facts,
    movement: stored?.id ?? null,
    lookedAtBy,
  }
}

export async function explainMovement(
  work: Pick<Work, 'database' | 'environment'>,
  movement: Movement,
  language: Language,
): Promise<ExplainedMovement> {
  const journal = await journalOf(work.database.queries, work.environment.id, movement.id)
  const lines = journal.map(line => ({
    at: line.at.toISOString(),
    actor: line.actor,
    from: line.from_status,
    to: line.to_status,
    reason: line.reason,
    attempt: line.attempt,
    facts: line.facts as Facts,
  }))
  return {
    id: movement.id,
    kind: movement.kind,
    source: sourceText(movement.source),
    status: movement.status,
    reason: explainReason(movement.reason, language),
    since: sinceOf(lines, movement),
    amount: movement.amount?.toString() ?? null,
    sentAmount: movement.sentAmount?.toString() ?? null,
    currency: movement.currency,
    original: explainOriginal(movement.original),
    providerId: movement.providerId,
    attempt: movement.attempt,
    failure: movement.failure,
    facts: movement.facts,
    nextLookAt: movement.nextLookAt?.toISOString() ?? null,
    journal: lines,
  }
}

/** The first of the last lines that say the same: a hold that is planned anew is not a new hold. */
function sinceOf(lines: readonly ExplainedLine[], movement: Movement): string {
  let since = movement.updatedAt.toISOString()
  for (const line of lines.toReversed()) {
    if (line.to !== movement.status || line.reason !== movement.reason) break
    since = line.at
  }
  return since
}
