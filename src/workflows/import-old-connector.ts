import { importAccounts, isProviderAway } from './import-accounts.ts'
import { importCheckpoints } from './import-checkpoints.ts'
import { createLeftovers, readLeftovers } from './import-leftovers.ts'
import { importMovements } from './import-movements.ts'
import { importPayments } from './import-payments.ts'
import { createImportBook, type ImportReport } from './import-report.ts'
import type { ImportCheck, ImportWork, OldBooks, OldSights } from './import-work.ts'
import type { Work } from './work.ts'

export interface ImportRequest {
  readonly old: OldBooks
  readonly sights: OldSights
  /** False: only the report is made; nothing is written. */
  readonly apply: boolean
  readonly check: ImportCheck
}

/**
 * Takes over from the old connector: accounts, payments, every movement that it made, and where it
 * had read to. Nothing moves. What it made is never made again, because it stands under the name
 * that planning would give it. A second import changes nothing; one that was stopped goes on.
 * @throws ProviderError when it is applied and the provider cannot be asked: what is uncertain must
 * not be left to planning
 */
export async function importOldConnector(
  base: Work,
  request: ImportRequest,
): Promise<ImportReport> {
  const book = createImportBook()
  const asked = await isReachable(base, request, message => book.problem(message))
  const work: ImportWork = {
    ...base,
    mode: request.apply ? 'move' : 'dry_run',
    old: request.old,
    sights: request.sights,
    check: asked ? request.check : 'none',
    book,
    claimed: new Set(),
  }
  const leftovers = createLeftovers()
  await importAccounts(work)
  await importPayments(work)
  for (const table of ['refunds', 'transfers', 'payouts'] as const) {
    await importMovements(work, table, leftovers)
  }
  // A checkpoint promises that everything before it was taken.
  if (!work.stopping()) {
    await readLeftovers(work, leftovers)
    await importCheckpoints(work)
  }
  warnOfStartDate(work)
  return book.report({
    mode: request.apply ? 'apply' : 'dry_run',
    provider: work.check === 'none' ? 'not_asked' : 'asked',
    stopped: work.stopping(),
  })
}

async function isReachable(
  work: Work,
  request: ImportRequest,
  tell: (message: string) => void,
): Promise<boolean> {
  if (request.check === 'none') return false
  try {
    await work.provider.balance(null)
    return true
  } catch (error) {
    if (request.apply || !isProviderAway(error)) throw error
    tell(`the provider could not be asked, so nothing was checked there: ${String(error)}`)
    return false
  }
}

/** What the old connector began before the start date would be shown, and never paid or refunded. */
function warnOfStartDate({ environment, book }: ImportWork): void {
  const { oldestRow } = book.report({ mode: 'dry_run', provider: 'asked', stopped: false })
  const { startDate } = environment
  if (oldestRow === null || startDate === null || startDate <= new Date(oldestRow)) return
  const dates = `${startDate.toISOString()} is after ${oldestRow}, the oldest row`
  book.problem(
    `TRIBUTARY_START_DATE ${dates}: older orders would never be refunded, and what is left open of them never paid`,
  )
}
