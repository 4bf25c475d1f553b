import { advanceCheckpoint, readCheckpoint } from '../store/checkpoints.ts'
import { type ImportWork, isApplied } from './import-work.ts'

/** Where each reading goes on, by the old connector's names for it; the first two are of 2020. */
const names: Readonly<Record<string, string>> = {
  process_transfer_checkpoint: 'orders',
  process_payout_checkpoint: 'cycles:invoices',
  product_payment_split_checkpoint: 'orders',
  service_payment_split_checkpoint: 'service-orders',
  seller_settlement_checkpoint: 'cycles:invoices',
  seller_onboarding_checkpoint: 'shops',
}

/** The old connector's clock and the marketplace's may differ; reading twice costs nothing. */
const overlapSeconds = 24 * 3600

/**
 * Readings go on where the old connector stopped, a day earlier. What it left open before that was
 * read by id. A checkpoint that is further here stays.
 */
export async function importCheckpoints(work: ImportWork): Promise<void> {
  const { queries } = work.database
  const environmentId = work.environment.id
  for (const { key, value } of await work.old.checkpoints()) {
    const name = names[key] ?? null
    const at = value === null ? null : new Date(value)
    if (name === null || at === null || Number.isNaN(at.getTime())) {
      work.book.checkpoint({ key, name, value, outcome: 'refused' })
      continue
    }
    const to = new Date(at.getTime() - overlapSeconds * 1000)
    const stored = await readCheckpoint(queries, environmentId, name)
    const already = stored !== null && stored >= to
    if (!already && isApplied(work)) {
      await advanceCheckpoint(queries, environmentId, name, to, work.clock.now())
    }
    work.book.checkpoint({ key, name, value, outcome: already ? 'already' : 'taken' })
  }
}
