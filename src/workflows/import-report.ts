import type { OldTable } from '../domain/old-records.ts'
import type { ImportOutcome } from '../domain/plan-import.ts'

/** Rows of one table and status that came to the same. */
export interface ImportCell {
  readonly table: OldTable
  readonly status: string
  readonly outcome: ImportOutcome
  readonly rows: number
  /** How many of them an earlier import had brought here already. */
  readonly already: number
  /** By currency, minor units as text; rows without an amount are not in it. */
  readonly sums: Readonly<Record<string, string>>
}

/** One row that a person may want to look at. */
export interface ImportLine {
  readonly table: OldTable
  /** Primary key in the old connector's table. */
  readonly row: string
  /** The shop, purchase, order, invoice or refund. */
  readonly id: string
  readonly status: string
  readonly outcome: ImportOutcome
  readonly reason: string
  readonly message: string
}

export interface CheckpointLine {
  readonly key: string
  readonly name: string | null
  readonly value: string | null
  readonly outcome: 'taken' | 'already' | 'refused'
}

/** What an import did, or (dry run) would do. */
export interface ImportReport {
  readonly mode: 'dry_run' | 'apply'
  readonly provider: 'asked' | 'not_asked'
  readonly cells: readonly ImportCell[]
  /** New here; of a dry run: that would be. */
  readonly written: {
    readonly sellers: number
    readonly payments: number
    readonly movements: number
    readonly checkpoints: number
  }
  /** Rows that could not be taken, need a review, or are left to planning, each with its reason. */
  readonly lines: readonly ImportLine[]
  /** Rows where the provider shows something else than the old connector says. */
  readonly differences: readonly ImportLine[]
  /** Lines and differences beyond those that are kept. */
  readonly omitted: number
  readonly checkpoints: readonly CheckpointLine[]
  /** The oldest order or cycle that is left to planning; the start date must not be later. ISO 8601. */
  readonly oldestLeft: string | null
  /**
   * The oldest order, cycle or refund that the old connector dealt with: a start date of then lets
   * what it began be refunded and paid. ISO 8601; null: its tables are empty.
   */
  readonly oldestRow: string | null
  /** What was asked of the marketplace or the provider and not answered, one sentence each. */
  readonly problems: readonly string[]
  /** Was the import stopped before its end? Run it again: it goes on. */
  readonly stopped: boolean
}

export interface ImportEntry {
  readonly table: OldTable
  readonly row: string
  readonly id: string
  readonly status: string
  readonly outcome: ImportOutcome
  readonly already: boolean
  readonly amount: bigint | null
  readonly currency: string | null
  readonly reason: string | null
  readonly message: string | null
  readonly differs: boolean
}

/** More lines than anybody reads are counted, not kept: memory does not grow with the tables. */
const linesMax = 50_000

interface Counted {
  rows: number
  already: number
  readonly sums: Map<string, bigint>
}

export interface ImportBook {
  add(entry: ImportEntry): void
  /** A row of this moment. `isLeft`: it is left to planning. */
  seen(at: Date, isLeft: boolean): void
  problem(message: string): void
  checkpoint(line: CheckpointLine): void
  report(more: Pick<ImportReport, 'mode' | 'provider' | 'stopped'>): ImportReport
}

/** Collects the lines of a report. */
export function createImportBook(): ImportBook {
  const cells = new Map<string, Counted>()
  const written = { sellers: 0, payments: 0, movements: 0, checkpoints: 0 }
  const lines: ImportLine[] = []
  const differences: ImportLine[] = []
  const checkpoints: CheckpointLine[] = []
  const problems: string[] = []
  let omitted = 0
  let oldest: Date | null = null
  let oldestLeft: Date | null = null
  const keep = (list: ImportLine[], line: ImportLine) => {
    if (list.length < linesMax) list.push(line)
    else omitted += 1
  }
  return {
    add: entry => {
      count(cells, entry)
      if (!entry.already && isTaken(entry.outcome)) written[kindOf(entry.table)] += 1
      if (entry.reason === null || entry.already) return
      const { table, row, id, status, outcome, reason } = entry
      const line = { table, row, id, status, outcome, reason, message: entry.message ?? '' }
      keep(entry.differs ? differences : lines, line)
    },
    seen: (at, isLeft) => {
      if (oldest === null || at < oldest) oldest = at
      if (isLeft && (oldestLeft === null || at < oldestLeft)) oldestLeft = at
    },
    problem: message => {
      if (!problems.includes(message)) problems.push(message)
    },
    checkpoint: line => {
      checkpoints.push(line)
      if (line.outcome === 'taken') written.checkpoints += 1
    },
    report: more => ({
      ...more,
      cells: [...cells].map(cellOf),
      written,
      lines,
      differences,
      omitted,
      checkpoints,
      oldestLeft: oldestLeft?.toISOString() ?? null,
      oldestRow: oldest?.toISOString() ?? null,
      problems,
    }),
  }
}

/** Does this outcome write a row of Tributary's own? */
function isTaken(outcome: ImportOutcome): boolean {
  return outcome !== 'left' && outcome !== 'refused' && outcome !== 'nothing_owed'
}

function kindOf(table: OldTable): 'sellers' | 'payments' | 'movements' {
  if (table === 'accounts') return 'sellers'
  return table === 'payments' ? 'payments' : 'movements'
}

function count(cells: Map<string, Counted>, entry: ImportEntry): void {
  const key = [entry.table, entry.status, entry.outcome].join(' ')
  const cell = cells.get(key) ?? { rows: 0, already: 0, sums: new Map<string, bigint>() }
  cells.set(key, cell)
  cell.rows += 1
  if (entry.already) cell.already += 1
  const { amount, currency } = entry
  if (amount === null || currency === null) return
  cell.sums.set(currency, (cell.sums.get(currency) ?? 0n) + amount)
}

function cellOf([key, cell]: readonly [string, Counted]): ImportCell {
  const [table, status, outcome] = key.split(' ')
  const sums = [...cell.sums].map(([currency, sum]) => [currency, sum.toString()] as const)
  return {
    table: table as OldTable,
    status: status ?? '',
    outcome: outcome as ImportOutcome,
    rows: cell.rows,
    already: cell.already,
    sums: Object.fromEntries(sums),
  }
}

/** Does a person have to do something before Tributary may take over? */
export function needsPerson(report: ImportReport): boolean {
  const bad = report.cells.some(({ outcome }) => outcome === 'refused' || outcome === 'review')
  return bad || report.stopped || report.problems.length > 0
}
