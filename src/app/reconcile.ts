import { differenceCsv } from '../workflows/difference-csv.ts'
import {
  acceptOpenDifference,
  differenceLines,
  type ReconciliationReport,
  reconciliationReport,
} from '../workflows/reconcile-report.ts'
import type { Changes } from './operator-changes.ts'
import { findEnvironment, type Records } from './records.ts'

export type { DifferenceLine, ReconciliationReport } from '../workflows/reconcile-report.ts'

const actor = 'operator:cli'
/** Differences in a report on the terminal or in JSON; CSV has all of them. */
const shownMax = 500

/** @param since only what happened from then on; undefined: all that is open */
export async function readReconciliation(
  records: Records,
  since?: Date,
  slug?: string,
): Promise<ReconciliationReport> {
  const environment = await findEnvironment(records, slug)
  const { language } = environment.settings
  return reconciliationReport({ ...records, environment }, { since, limit: shownMax, language })
}

/** Every open difference as CSV, piece by piece. */
export async function* reconciliationCsv(
  records: Records,
  since?: Date,
  slug?: string,
): AsyncGenerator<string> {
  const environment = await findEnvironment(records, slug)
  const { language } = environment.settings
  yield* differenceCsv(differenceLines({ ...records, environment }, { since, language }))
}

/** @param note why it is right as it is; kept with the difference */
export async function acceptedDifference(
  records: Records,
  id: string,
  note: string,
  slug?: string,
): Promise<Changes> {
  const environment = await findEnvironment(records, slug)
  const accepted = await acceptOpenDifference({ ...records, environment, actor }, id, note)
  return accepted
    ? { ok: true, message: `difference ${id} is accepted` }
    : { ok: false, message: `no open difference ${id}` }
}
