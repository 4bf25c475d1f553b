import {
  type Cause,
  type CauseCode,
  causes,
  type DifferenceKind,
} from '../domain/reconcile-causes.ts'
import type { DifferenceIds } from '../domain/reconcile-difference.ts'
import {
  acceptDifference,
  countDifferences,
  openDifferences,
  type StoredDifference,
} from '../store/differences.ts'
import { newestReconciliation } from '../store/reconciliations.ts'
import type { Work } from './work.ts'

type Language = keyof Cause['text']

/** One difference as it is shown; the keys are public (`reconcile --json`, the API). */
export interface DifferenceLine {
  readonly id: string
  readonly kind: DifferenceKind
  readonly side: Cause['side']
  readonly cause: CauseCode
  readonly text: string
  /** What to do, in English, and the command with its ids. */
  readonly mend: string
  readonly command: string
  readonly currency: string | null
  /** Minor units as text; null: there is none on this side. */
  readonly here: string | null
  readonly there: string | null
  readonly stateHere: string | null
  readonly stateThere: string | null
  readonly ids: DifferenceIds
  readonly at: string
  readonly firstSeenAt: string
  readonly lastSeenAt: string
  /** Whole days since it happened. */
  readonly ageDays: number
  readonly accepted: { readonly at: string; readonly by: string; readonly note: string } | null
}

/** The newest finished comparison and what is open since. */
export interface ReconciliationReport {
  readonly environment: string
  /** Null: nothing was ever compared. */
  readonly comparedAt: string | null
  readonly since: string | null
  readonly until: string | null
  readonly judged: number
  /** A comparison is under way or was broken off: the next run goes on with it. */
  readonly unfinished: boolean
  readonly waiting: number
  readonly accepted: number
  /** At most as many as were asked for, in the order in which they happened. */
  readonly differences: readonly DifferenceLine[]
}

type Reading = Pick<Work, 'database' | 'environment' | 'clock'>

/** Which differences are shown, and how. */
export interface ReportQuery {
  readonly since?: Date | undefined
  readonly limit: number
  readonly language: Language
}

/** What the newest comparison says. */
export async function reconciliationReport(
  work: Reading,
  { since, limit, language }: ReportQuery,
): Promise<ReconciliationReport> {
  const { queries } = work.database
  const { id, slug } = work.environment
  const finished = await newestReconciliation(queries, id, 'finished')
  const newest = await newestReconciliation(queries, id, 'any')
  const counts = await countDifferences(queries, id, since)
  const open = await openDifferences(queries, id, { since, accepted: true, limit })
  const now = work.clock.now()
  return {
    environment: slug,
    comparedAt: finished?.endedAt?.toISOString() ?? null,
    since: finished?.since.toISOString() ?? null,
    until: finished?.until.toISOString() ?? null,
    judged: Number(finished?.judged ?? 0n),
    unfinished: newest !== null && newest.endedAt === null,
    ...counts,
    differences: open.map(each => differenceLine(each, now, language)),
  }
}

const pageSize = 500

/** Every open difference, page by page: memory holds one. */
export async function* differenceLines(
  work: Reading,
  { since, language }: Omit<ReportQuery, 'limit'>,
): AsyncGenerator<DifferenceLine> {
  const now = work.clock.now()
  let after: StoredDifference | undefined
  for (;;) {
    const query = { since, after, accepted: true, limit: pageSize }
    const page = await openDifferences(work.database.queries, work.environment.id, query)
    for (const each of page) yield differenceLine(each, now, language)
    after = page.at(-1)
    if (after === undefined || page.length < pageSize) return
  }
}

const dayMilliseconds = 24 * 3600 * 1000

function differenceLine(
  { accepted, at, here, there, ...found }: StoredDifference,
  now: Date,
  language: Language,
): DifferenceLine {
  const { kind, side, text, mend, command } = causes[found.cause]
  const { id, cause, currency, stateHere, stateThere, ids } = found
  return {
    id,
    kind,
    side,
    cause,
    text: text[language],
    mend,
    command: withIds(command, { ...ids, difference: id, day: at.toISOString().slice(0, 10) }),
    currency,
    here: here?.toString() ?? null,
    there: there?.toString() ?? null,
    stateHere,
    stateThere,
    ids,
    at: at.toISOString(),
    firstSeenAt: found.firstSeenAt.toISOString(),
    lastSeenAt: found.lastSeenAt.toISOString(),
    ageDays: Math.floor((now.getTime() - at.getTime()) / dayMilliseconds),
    accepted: accepted === null ? null : { ...accepted, at: accepted.at.toISOString() },
  }
}

function withIds(command: string, ids: Readonly<Record<string, string | null>>): string {
  return command.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `<${name}>`)
}

/** Somebody says that a difference is right as it is; it fails no comparison any more. */
export async function acceptOpenDifference(
  work: Reading & Pick<Work, 'actor'>,
  id: string,
  note: string,
): Promise<boolean> {
  const by = { actor: work.actor, note, at: work.clock.now() }
  return acceptDifference(work.database.queries, work.environment.id, id, by)
}
