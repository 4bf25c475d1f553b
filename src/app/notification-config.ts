import { rangesOf } from '../adapters/notifications/addresses.ts'
import type { Settings } from '../domain/settings.ts'
import {
  choiceOf,
  flagOf,
  listOf,
  pageOf,
  refuse,
  textOf,
  type Variables,
  wholeNumberOf,
} from './environment-values.ts'
import { readMail } from './mail-config.ts'

/** How the operator's own URL is told. */
export interface NotificationConfig {
  readonly url: string
  /** Key of the signature; null: one that is derived from the secret key. */
  readonly secret: string | null
  /** Addresses and ranges that may be told although they are not public. */
  readonly allow: readonly string[]
}

/** Null: nobody is told. */
export function readNotification(variables: Variables): NotificationConfig | null {
  const url = pageOf(variables, 'OPERATOR_NOTIFICATION_URL', 'https://example.com/notifications')
  const secret = textOf(variables, 'TRIBUTARY_NOTIFICATION_SECRET') ?? null
  if (secret !== null && secret.length < 16) {
    // Its value is not shown: it is a secret.
    refuse('TRIBUTARY_NOTIFICATION_SECRET', 'is shorter than 16 characters', 'write a longer one')
  }
  const allow = readAllowed(variables)
  return url === undefined ? null : { url: url.href, secret, allow }
}

function readAllowed(variables: Variables): string[] {
  const name = 'TRIBUTARY_NOTIFICATION_ALLOW'
  const allow = listOf(variables, name)
  for (const text of allow) {
    try {
      rangesOf([text])
    } catch {
      refuse(name, `has "${text}"`, 'write addresses or ranges, 10.1.2.3 or 10.1.0.0/16')
    }
  }
  return allow
}

/** Who is told, in which language, and how often about an endpoint that is down. */
export function readAlerts(
  variables: Variables,
): Pick<
  Settings,
  'notifies' | 'alertEmail' | 'mailOnEndpointDown' | 'endpointDownCooldownSeconds' | 'language'
> {
  const cooldown = 'MAIL_ON_NOTIFICATION_ENDPOINT_DOWN_COOLDOWN'
  const minutes = wholeNumberOf(variables, cooldown, { min: 0, max: 10_080 }) ?? 10
  // Checks the address beside the rest of the mail.
  readMail(variables)
  return {
    notifies: readNotification(variables) !== null,
    alertEmail: textOf(variables, 'TECHNICAL_ALERT_EMAIL') ?? null,
    mailOnEndpointDown: flagOf(variables, 'MAIL_ON_NOTIFICATION_ENDPOINT_DOWN', true),
    endpointDownCooldownSeconds: minutes * 60,
    language: choiceOf(variables, 'TRIBUTARY_LANGUAGE', ['en', 'fr', 'de'], 'en'),
  }
}
