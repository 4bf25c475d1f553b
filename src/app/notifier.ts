import { createHmac } from 'node:crypto'
import { createHttpNotifier } from '../adapters/notifications/http.ts'
import type { Notifier } from '../workflows/ports.ts'
import type { Config } from './config.ts'
import type { Secrets } from './secrets.ts'
import { version } from './version.ts'

/** The configured key of the signature, or the environment's own, derived from the secret key. */
export function notificationSecret(
  config: Config,
  secrets: Secrets,
  environmentId: string,
): string {
  const derived = createHmac('sha256', secrets.subkey('notifications')).update(environmentId)
  return config.notification?.secret ?? `tnsec_${derived.digest('base64url')}`
}

/** Null: no URL is configured. */
export function createNotifier(config: Config, secret: string): Notifier | null {
  const { notification } = config
  if (notification === null) return null
  const { url, allow } = notification
  return createHttpNotifier({ url, allow, secret, userAgent: `Tributary/${version}` })
}
