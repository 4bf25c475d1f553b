import {
  claimNotifications,
  type Delivery,
  nextNotificationAt,
  recordDelivery,
  replayNotifications,
  type StoredNotification,
} from '../store/notifications.ts'
import { alertEndpointDown } from './alert-endpoint-down.ts'
import { concurrently } from './concurrently.ts'
import { quickTries, retryAt } from './notification-schedule.ts'
import type { Mailer, Notifier, Posting } from './ports.ts'
import type { Work } from './work.ts'

/** Deliveries under way at once. */
const atOnce = 8
const claimSize = 16
/** Seconds after which a delivery whose worker died is tried by another. */
const leaseSeconds = 120
/** Deliveries in a row without success, after which a run leaves the others for the next one. */
const failuresMax = 24

type Delivering = Pick<Work, 'database' | 'environment' | 'clock' | 'log' | 'stopping'>

export interface DeliveryReport {
  readonly delivered: number
  readonly failed: number
  /** When the next notification is due; null: none waits. */
  readonly nextDueAt: Date | null
}

/**
 * Tries every notification that is due, each at most once. At least once each arrives, in any
 * order, and with the same id; the receiver drops what it has seen. A paused environment tells too:
 * no money moves by it.
 */
export async function deliverNotifications(
  work: Delivering,
  notifier: Notifier,
  mailer: Mailer | null,
): Promise<DeliveryReport> {
  const counts = { delivered: 0, failed: 0, inARow: 0 }
  const isDown = () => counts.inARow >= failuresMax
  await concurrently(due(work, isDown), atOnce, async notification => {
    const taken = await attempted(work, notification, deliver(work, notifier, mailer, notification))
    counts.inARow = taken ? 0 : counts.inARow + 1
    counts[taken ? 'delivered' : 'failed'] += 1
  })
  const nextDueAt = await nextNotificationAt(work.database.queries, work.environment.id)
  return { delivered: counts.delivered, failed: counts.failed, nextDueAt }
}

async function* due(work: Delivering, isDown: () => boolean): AsyncGenerator<StoredNotification> {
  // The moment is fixed: what fails while this runs waits for its own time.
  const now = work.clock.now()
  while (!work.stopping() && !isDown()) {
    const leaseUntil = new Date(work.clock.now().getTime() + leaseSeconds * 1000)
    const claim = { limit: claimSize, now, leaseUntil }
    const claimed = await claimNotifications(work.database.queries, work.environment.id, claim)
    yield* claimed
    if (claimed.length < claimSize) return
  }
}

async function deliver(
  work: Delivering,
  notifier: Notifier,
  mailer: Mailer | null,
  notification: StoredNotification,
): Promise<boolean> {
  const at = work.clock.now()
  const { id, body } = notification
  const posting = await notifier.post({ id, body, at })
  const taken = posting.result === 'told'
  const failed = notification.step + 1
  await work.database.inTransaction(queries =>
    recordDelivery(
      queries,
      work.environment.id,
      notification,
      deliveryOf(posting, at),
      taken ? null : retryAt(failed, work.clock.now()),
    ),
  )
  if (taken) return true
  const problem = posting.message
  work.log('warn', 'a notification was not taken', { notification: id, try: failed, problem })
  if (failed >= quickTries) await alertEndpointDown(work, mailer, notification, posting)
  return false
}

function deliveryOf(posting: Posting, at: Date): Delivery {
  const { status, milliseconds, answer } = posting
  return {
    at,
    status,
    milliseconds,
    answer,
    problem: posting.result === 'told' ? null : posting.message,
  }
}

/** One bad notification never stops the others: its lease ends and it is tried again. */
async function attempted(
  work: Delivering,
  { id }: StoredNotification,
  delivery: Promise<boolean>,
): Promise<boolean> {
  try {
    return await delivery
  } catch (error) {
    const problem = String(error)
    work.log('error', 'a delivery could not be recorded', { notification: id, problem })
    return false
  }
}

/**
 * Makes notifications due at once, also those that were taken: the receiver lost them. Their ids
 * stay as they are. Returns how many there are.
 * @param ids null: every one that was given up
 */
export async function replay(
  work: Pick<Work, 'database' | 'environment' | 'clock'>,
  ids: readonly string[] | null,
): Promise<number> {
  const now = work.clock.now()
  return replayNotifications(work.database.queries, work.environment.id, ids, now)
}
