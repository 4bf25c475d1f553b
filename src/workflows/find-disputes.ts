import { isDeepStrictEqual } from 'node:util'
import { advanceCheckpoint, readCheckpoint } from '../store/checkpoints.ts'
import { disputeById, oldestRunningDispute } from '../store/disputes.ts'
import { recordDispute } from './apply-dispute.ts'
import type { DisputePage } from './ports.ts'
import { setRowsAside } from './set-rows-aside.ts'
import type { Work } from './work.ts'

/** Seconds between two readings: events come sooner, this finds those that were lost. */
const everySeconds = 3600
const overlapSeconds = 600
/** Banks dispute payments for months; on a first reading what is older is over. */
const firstDays = 120
const pagesMax = 1000

/**
 * Reads, once an hour, the disputes since the oldest that has not ended, and records those that are
 * not stored as they are. A provider that cannot list them costs a warning, not the run.
 */
export async function findDisputes(work: Work): Promise<void> {
  if (work.provider.disputes === undefined || work.mode !== 'move') return
  const { queries } = work.database
  const { id } = work.environment
  const now = work.clock.now()
  const last = await readCheckpoint(queries, id, 'disputes')
  if (last !== null && now.getTime() - last.getTime() < everySeconds * 1000) return
  const since = await sinceWhen(work, last, now)
  let after: string | null = null
  for (let page = 0; page < pagesMax; page += 1) {
    try {
      const found: DisputePage = await work.provider.disputes({ createdSince: since, after })
      await recordChanged(work, found.disputes, now)
      const readIds = found.disputes.map(each => each.id)
      await setRowsAside(work, 'dispute', { unread: found.unread, readIds })
      after = found.next
    } catch (error) {
      work.log('warn', 'disputes could not be listed', { problem: String(error) })
      return
    }
    if (after === null) break
  }
  await advanceCheckpoint(queries, id, 'disputes', now, now)
}

async function sinceWhen(work: Work, last: Date | null, now: Date): Promise<Date> {
  const from =
    last === null
      ? new Date(now.getTime() - firstDays * 24 * 3600 * 1000)
      : new Date(last.getTime() - overlapSeconds * 1000)
  const oldest = await oldestRunningDispute(work.database.queries, work.environment.id)
  return oldest !== null && oldest < from ? oldest : from
}

async function recordChanged(
  work: Work,
  disputes: DisputePage['disputes'],
  readAt: Date,
): Promise<void> {
  for (const dispute of disputes) {
    const stored = await disputeById(work.database.queries, work.environment.id, dispute.id)
    const { purchaseId = null, ...known } = stored ?? {}
    if (stored !== null && isDeepStrictEqual(known, { ...dispute })) continue
    await recordDispute(work, dispute, readAt)
    work.log('info', 'a dispute was found in the list', { dispute: dispute.id, purchaseId })
  }
}
