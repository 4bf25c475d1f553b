import { redactedOrder, redactedPayload } from '../domain/redaction.ts'
import { keptSince, type PayloadKind, payloadKinds } from '../domain/retention.ts'
import {
  forgetRuns,
  redactEvents,
  redactLinks,
  redactNotifications,
  redactOrders,
  redactUnreadable,
} from '../store/redaction.ts'
import { batchSize, type Work } from './work.ts'

/**
 * Takes personal data out of stored payloads that are older than their kind is kept. Amounts and ids
 * stay: movements and the ledger are never touched, and what should have moved can still be told.
 */
export async function redactPayloads(work: Work): Promise<void> {
  // A dry run plans no movement here, and there is nothing else to show.
  if (work.mode !== 'move') return
  const now = work.clock.now()
  for (const kind of payloadKinds) {
    const before = keptSince(work.environment.settings.retention, kind, now)
    if (before === null) continue
    let done = 0
    while (!work.stopping()) {
      const some = await redactSome(work, kind, before, now)
      done += some
      work.progress(`redacting ${kind}`, done)
      if (some < batchSize || !paged.includes(kind)) break
    }
    if (done > 0) work.log('info', 'payloads were redacted', { kind, count: done })
  }
}

const paged: readonly PayloadKind[] = ['orders', 'events', 'notifications']

function redactSome(work: Work, kind: PayloadKind, before: Date, now: Date): Promise<number> {
  const which = { before, limit: batchSize }
  return work.database.inTransaction(queries => {
    const at = { queries, environmentId: work.environment.id, now }
    switch (kind) {
      case 'orders':
        return redactOrders(at, which, redactedOrder)
      case 'events':
        return redactEvents(at, which, redactedPayload)
      case 'notifications':
        return redactNotifications(at, which, redactedPayload)
      case 'links':
        return redactLinks(at, which)
      case 'unreadable':
        return redactUnreadable(at, which)
      case 'runs':
        return forgetRuns(at, before)
    }
  })
}
