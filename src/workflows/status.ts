import type { DisputeStatus } from '../domain/dispute.ts'
import type { Json } from '../domain/json.ts'
import { isReasonCode, reasons, type Unblocker } from '../domain/reasons.ts'
import type { JobStates } from '../jobs/job.ts'
import { openDebtTotals } from '../store/debts.ts'
import { type StoredDispute, disputesAwaitingEvidence } from '../store/disputes.ts'
import { countOpenEvents } from '../store/inbound-events.ts'
import { countHolds, countMovements, type StatusCount } from '../store/movements.ts'
import { expiringPayments, type PaymentTotals, totalPayments } from '../store/payment-totals.ts'
import { listOutsides, type SeenOutside } from '../store/outsides.ts'
import { latestRuns } from '../store/runs.ts'
import { serverFacts } from '../store/server-facts.ts'
import { countSetAside, listSetAside } from '../store/set-aside.ts'
import type { Work } from './work.ts'

/** Movements that wait for one reason. */
export interface HoldLine {
  readonly kind: string
  readonly reason: string
  readonly currency: string
  readonly count: number
  /** Minor units as text; what is not known yet counts as 0. */
  readonly amount: string
  /** ISO moment of the oldest of them. */
  readonly since: string
  readonly unblockedBy: Unblocker
  readonly mend: string
}

/** Where the money of one currency is; minor units as text. */
export interface CurrencyTotals {
  readonly payments: number
  readonly authorized: string
  readonly captured: string
  readonly refunded: string
  /** What the sellers have: transfers, credits and restitutions, less reversals. */
  readonly transferred: string
  readonly collected: string
  /** Payouts that landed, less those that came back. */
  readonly paidOut: string
  /** Movements that are decided or asked for, and not finished. */
  readonly underWay: string
  readonly onHold: string
  readonly failed: string
}

export interface RunLine {
  readonly job: string
  readonly actor: string
  readonly startedAt: string
  /** Null while it runs (or when its program ended under it). */
  readonly endedAt: string | null
  readonly error: string | null
  readonly counts: { readonly [key: string]: Json }
}

/** What a program last saw of one part of the outside world. */
export interface OutsideLine {
  readonly name: string
  /** `open`: it failed again and again, and is not asked before `nextTryAt`. */
  readonly state: 'closed' | 'open' | 'half_open'
  /** In a row. */
  readonly failures: number
  readonly problem: string | null
  readonly since: string | null
  readonly nextTryAt: string | null
  /** How long the last answer, or failure, took; null: not known. */
  readonly milliseconds: number | null
  readonly seenAt: string
}

/** The state of one environment, ready for JSON; the keys are public (`status --json`). */
export interface StatusReport {
  readonly company: string
  /** The environment's slug. */
  readonly environment: string
  readonly mode: 'test' | 'live'
  readonly paused: boolean
  readonly startDate: string | null
  readonly at: string
  readonly database: { readonly version: string; readonly bytes: number }
  /** States of the queues; empty when the jobs cannot be asked. */
  readonly jobs: readonly JobStates[]
  /** The last run of each job. */
  readonly runs: readonly RunLine[]
  /** How many movements there are: kind -> status -> count. */
  readonly movements: { readonly [kind: string]: { readonly [status: string]: number } }
  readonly oldestHold: {
    readonly kind: string
    readonly reason: string
    readonly since: string
    readonly seconds: number
  } | null
  readonly holds: readonly HoldLine[]
  /** By currency. */
  readonly totals: { readonly [currency: string]: CurrencyTotals }
  readonly setAside: {
    readonly count: number
    readonly kinds: { readonly [kind: string]: number }
    /** The newest of them, at most 20. */
    readonly newest: readonly {
      readonly kind: string
      readonly id: string
      readonly field: string
      readonly problem: string
      readonly since: string
    }[]
  }
  /** Authorisations that end soon and are not captured, the nearest first, at most 20. */
  readonly expiring: readonly {
    readonly payment: string
    readonly purchase: string | null
    readonly amount: string
    readonly currency: string
    readonly captureBefore: string
  }[]
  /** Disputes and inquiries that wait for evidence, the nearest deadline first, at most 20. */
  readonly disputes: readonly {
    readonly id: string
    readonly payment: string
    readonly purchase: string | null
    readonly amount: string
    readonly currency: string
    readonly status: DisputeStatus
    /** The provider's word for it. */
    readonly reason: string
    readonly evidenceDue: string | null
  }[]
  /** What sellers owe that the marketplace does not know of, by currency. */
  readonly debts: readonly {
    readonly currency: string
    readonly count: number
    readonly open: string
  }[]
  /** Webhooks that are stored and not applied yet. */
  readonly openEvents: number
  /** What a program last saw of Mirakl, Stripe and the mail server, by name. */
  readonly outsides: readonly OutsideLine[]
}

/** What the state is read from; a `Work` with the jobs' states will do. */
export type StatusSource = Pick<Work, 'database' | 'environment' | 'clock'> & {
  jobStates(): Promise<readonly JobStates[]>
}

const setAsideShown = 20
const expiringShown = 20
const disputesShown = 20

/** The state of an environment, by a handful of small queries. */
export async function statusOf(source: StatusSource): Promise<StatusReport> {
  const { environment } = source
  const { queries } = source.database
  const now = source.clock.now()
  const soon = new Date(now.getTime() + environment.settings.expiryWarnSeconds * 1000)
  const [
    database,
    jobs,
    runs,
    counts,
    holds,
    payments,
    kinds,
    newest,
    openEvents,
    expiring,
    disputes,
    debts,
    outsides,
  ] = await Promise.all([
    serverFacts(queries),
    source.jobStates().catch(() => []),
    latestRuns(queries, environment.id),
    countMovements(queries, environment.id),
    countHolds(queries, environment.id),
    totalPayments(queries, environment.id),
    countSetAside(queries, environment.id),
    listSetAside(queries, environment.id, { limit: setAsideShown, acknowledged: true }),
    countOpenEvents(queries, environment.id),
    expiringPayments(queries, environment.id, soon, expiringShown),
    disputesAwaitingEvidence(queries, environment.id, { limit: disputesShown, acknowledged: true }),
    openDebtTotals(queries, environment.id),
    listOutsides(queries, environment.id),
  ])
  const lines = holds.map(holdLineOf).toSorted(bySince)
  const setAside = Object.values(kinds).reduce((left, right) => left + right, 0)
  return {
    company: environment.companyId,
    environment: environment.slug,
    mode: environment.mode,
    paused: environment.paused,
    startDate: environment.startDate?.toISOString() ?? null,
    at: now.toISOString(),
    database,
    jobs,
    runs: runs.map(runLineOf),
    movements: countsByKind(counts),
    oldestHold: oldestOf(lines, now),
    holds: lines,
    totals: totalsOf(counts, payments),
    setAside: {
      count: setAside,
      kinds,
      newest: newest.map(each => ({ ...each, since: each.since.toISOString() })),
    },
    expiring: expiring.map(each => ({
      payment: each.id,
      purchase: each.purchaseId,
      amount: each.authorized.toString(),
      currency: each.currency,
      captureBefore: each.captureBefore.toISOString(),
    })),
    disputes: disputes.map(disputeLineOf),
    debts: debts.map(each => ({ ...each, open: each.open.toString() })),
    openEvents,
    outsides: outsides.map(outsideLineOf),
  }
}

function outsideLineOf({ openedAt, ...seen }: SeenOutside): OutsideLine {
  return {
    ...seen,
    since: openedAt?.toISOString() ?? null,
    nextTryAt: seen.nextTryAt?.toISOString() ?? null,
    seenAt: seen.seenAt.toISOString(),
  }
}

function disputeLineOf(dispute: StoredDispute): StatusReport['disputes'][number] {
  return {
    id: dispute.id,
    payment: dispute.paymentId,
    purchase: dispute.purchaseId,
    amount: dispute.amount.toString(),
    currency: dispute.currency,
    status: dispute.status,
    reason: dispute.reason,
    evidenceDue: dispute.evidenceDue?.toISOString() ?? null,
  }
}

function holdLineOf(hold: Awaited<ReturnType<typeof countHolds>>[number]): HoldLine {
  const reason = isReasonCode(hold.reason) ? reasons[hold.reason] : null
  return {
    kind: hold.kind,
    reason: hold.reason,
    currency: hold.currency,
    count: hold.count,
    amount: hold.amount.toString(),
    since: hold.oldest.toISOString(),
    unblockedBy: reason?.unblockedBy ?? 'operator',
    mend: reason?.mend ?? '',
  }
}

function bySince(left: HoldLine, right: HoldLine): number {
  return left.since.localeCompare(right.since) || left.reason.localeCompare(right.reason)
}

function oldestOf(lines: readonly HoldLine[], now: Date): StatusReport['oldestHold'] {
  const [oldest] = lines
  if (oldest === undefined) return null
  const { kind, reason, since } = oldest
  const seconds = Math.max(0, Math.round((now.getTime() - new Date(since).getTime()) / 1000))
  return { kind, reason, since, seconds }
}

function runLineOf(run: Awaited<ReturnType<typeof latestRuns>>[number]): RunLine {
  return {
    job: run.job,
    actor: run.actor,
    startedAt: run.started_at.toISOString(),
    endedAt: run.ended_at?.toISOString() ?? null,
    error: run.error,
    counts: run.counts as RunLine['counts'],
  }
}

function countsByKind(counts: readonly StatusCount[]): StatusReport['movements'] {
  const kinds: Record<string, Record<string, number>> = {}
  for (const { kind, status, count } of counts) {
    const statuses = (kinds[kind] ??= {})
    statuses[status] = (statuses[status] ?? 0) + count
  }
  return kinds
}

function totalsOf(
  counts: readonly StatusCount[],
  payments: readonly PaymentTotals[],
): StatusReport['totals'] {
  const currencies = new Set([...payments, ...counts].map(each => each.currency))
  return Object.fromEntries(
    [...currencies].toSorted().map(currency => {
      const paid = payments.find(each => each.currency === currency)
      const own = counts.filter(each => each.currency === currency)
      return [currency, currencyTotals(paid, own)]
    }),
  )
}

function currencyTotals(
  paid: PaymentTotals | undefined,
  counts: readonly StatusCount[],
): CurrencyTotals {
  const total = (statuses: readonly string[], kinds?: readonly string[]) =>
    counts
      .filter(each => statuses.includes(each.status) && (kinds?.includes(each.kind) ?? true))
      .reduce((left, right) => left + right.amount, 0n)
  const done = ['succeeded']
  return {
    payments: paid?.count ?? 0,
    authorized: (paid?.authorized ?? 0n).toString(),
    captured: (paid?.captured ?? 0n).toString(),
    refunded: (paid?.refunded ?? 0n).toString(),
    transferred: (
      total(done, ['transfer', 'credit', 'restitution']) - total(done, ['reversal'])
    ).toString(),
    collected: total(done, ['collection']).toString(),
    paidOut: (total(done, ['payout']) - total(done, ['return'])).toString(),
    underWay: total(['pending', 'submitted', 'accepted']).toString(),
    onHold: total(['on_hold']).toString(),
    failed: total(['failed']).toString(),
  }
}
