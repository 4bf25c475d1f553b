import { takeAlert } from '../store/alerts.ts'
import type { StoredNotification } from '../store/notifications.ts'
import { endpointDownMail } from './endpoint-down-mail.ts'
import type { Mailer, Posting } from './ports.ts'
import type { Work } from './work.ts'

/**
 * Mails that the operator's URL does not take notifications, once within the cooldown. A mail that
 * cannot be sent is logged and not tried again: the next failure brings the next one.
 */
export async function alertEndpointDown(
  work: Pick<Work, 'database' | 'environment' | 'clock' | 'log'>,
  mailer: Mailer | null,
  notification: StoredNotification,
  posting: Posting,
): Promise<void> {
  const { settings } = work.environment
  const { alertEmail, mailOnEndpointDown, endpointDownCooldownSeconds } = settings
  if (mailer === null || alertEmail === null || !mailOnEndpointDown) return
  const now = work.clock.now()
  const notBefore = new Date(now.getTime() - endpointDownCooldownSeconds * 1000)
  const queries = work.database.queries
  const free = await takeAlert(queries, work.environment.id, 'endpoint-down', { now, notBefore })
  if (!free) return
  const mail = endpointDownMail(settings, { ...notification, ...posting, at: now })
  const told = await mailer.send({ to: alertEmail, ...mail })
  if (told.result !== 'told')
    work.log('warn', 'an alert could not be mailed', { problem: told.message })
}
