import {
  deliveriesOf,
  listNotifications,
  notificationById,
  type NotificationStatus,
  type StoredNotification,
} from '../store/notifications.ts'
import { UsageError } from '../domain/errors.ts'
import { acknowledge } from '../workflows/acknowledge.ts'
import { replay } from '../workflows/deliver-notifications.ts'
import { notificationSecret } from './notifier.ts'
import type { Changes } from './operator-changes.ts'
import { findEnvironment, type Records } from './records.ts'
import { loadSecrets } from './secrets.ts'

const actor = 'operator:cli'
const statuses: readonly NotificationStatus[] = ['pending', 'delivered', 'undelivered']

/** One notification as the command line shows it; moments as ISO text. */
export interface NotificationLine {
  readonly id: string
  readonly type: string
  readonly status: NotificationStatus
  readonly tries: number
  readonly nextTryAt: string | null
  readonly problem: string | null
  readonly sellerId: string | null
  readonly movementId: string | null
  readonly createdAt: string
}

/** @throws UsageError for a status that does not exist */
export function readNotificationStatus(text: string | undefined): NotificationStatus | undefined {
  const found = statuses.find(status => status === text)
  if (text === undefined || found !== undefined) return found
  throw new UsageError('--status', `--status is "${text}": write one of ${statuses.join(', ')}`)
}

/** Newest first. */
export async function notificationLines(
  records: Records,
  filter: { status?: NotificationStatus | undefined; limit: number },
  slug?: string,
): Promise<NotificationLine[]> {
  const environment = await findEnvironment(records, slug)
  return (await listNotifications(records.database.queries, environment.id, filter)).map(lineOf)
}

/** One notification with its body and the log of its deliveries; null: there is none. */
export async function notificationStory(records: Records, id: string, slug?: string) {
  const { queries } = records.database
  const environment = await findEnvironment(records, slug)
  const found = await notificationById(queries, environment.id, id)
  if (found === null) return null
  const deliveries = await deliveriesOf(queries, environment.id, id)
  const log = deliveries.map(each => ({ ...each, at: each.at.toISOString() }))
  return { ...lineOf(found), body: found.body, deliveries: log }
}

/** @param ids null: every one that was given up */
export async function replayNotifications(
  records: Records,
  ids: readonly string[] | null,
  slug?: string,
): Promise<Changes> {
  const environment = await findEnvironment(records, slug)
  const count = await replay({ ...records, environment }, ids)
  const ok = count > 0 || ids === null
  const missing = ids !== null && count < ids.length ? `, ${ids.length - count} not known` : ''
  return { ok, message: `${count} due at once, by the next deliver-notifications${missing}` }
}

/** Takes note of a line of the daily mail, which does not name it again. */
export async function acknowledgeOne(
  records: Records,
  id: string,
  slug?: string,
): Promise<Changes> {
  const environment = await findEnvironment(records, slug)
  return acknowledge({ ...records, environment, actor }, id)
}

/** Key of the signature of the environment's notifications. */
export async function signingKey(records: Records, slug?: string): Promise<string> {
  const { config } = records
  const environment = await findEnvironment(records, slug)
  const secrets = await loadSecrets(config.secretKey, config.home)
  return notificationSecret(config, secrets, environment.id)
}

function lineOf(notification: StoredNotification): NotificationLine {
  const { id, type, status, tries, problem, sellerId, movementId } = notification
  return {
    id,
    type,
    status,
    tries,
    nextTryAt: notification.nextTryAt?.toISOString() ?? null,
    problem,
    sellerId,
    movementId,
    createdAt: notification.createdAt.toISOString(),
  }
}
