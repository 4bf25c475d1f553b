import { UsageError } from '../domain/errors.ts'
import type { Settings } from '../domain/settings.ts'
import {
  type MiraklConfig,
  type Mode,
  readMirakl,
  readMode,
  readStripe,
  type StripeConfig,
} from './connection-config.ts'
import { choiceOf, momentOf, textOf, type Variables, wholeNumberOf } from './environment-values.ts'
import { type MailConfig, readMail } from './mail-config.ts'
import { type NotificationConfig, readNotification } from './notification-config.ts'
import {
  readCompany,
  readDatabaseUrl,
  readPublicUrl,
  readSecretKey,
  readTimeZone,
} from './place-config.ts'
import { readSchedules } from './schedule-config.ts'
import { checkLater, readSettings } from './settings-config.ts'

export type { MiraklConfig, Mode, StripeConfig } from './connection-config.ts'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** Everything that environment variables say, checked. Made once, at the start. */
export interface Config {
  /** Null: neither a Stripe key nor TRIBUTARY_MODE says it. */
  readonly mode: Mode | null
  /** Whose marketplace it is; `default` unless TRIBUTARY_COMPANY says otherwise. */
  readonly company: string
  /** Folder of the embedded server and of the secret key. */
  readonly home: string
  /** Null: the embedded server. */
  readonly databaseUrl: string | null
  readonly port: number
  /** Base of our own links, without a slash at its end; '' when none is set. */
  readonly publicUrl: string
  /** Token of the API; null: it refuses everybody. */
  readonly operatorPassword: string | null
  /** Null: the key file of `home`. */
  readonly secretKey: Buffer | null
  readonly logLevel: (typeof logLevels)[number]
  /** IANA name; schedules run by it. */
  readonly timeZone: string
  /** Nothing older is moved; a live environment moves nothing until it is set. */
  readonly startDate: Date | null
  /** Null: nothing of Mirakl is configured. */
  readonly mirakl: MiraklConfig | null
  /** Null: STRIPE_CLIENT_SECRET is missing. */
  readonly stripe: StripeConfig | null
  /** Null: no mail is sent. */
  readonly mail: MailConfig | null
  /** Null: the operator has no URL to be told at. */
  readonly notification: NotificationConfig | null
  readonly settings: Settings
  /** Cron expressions by job name, in place of the defaults; null: the job is not scheduled. */
  readonly schedules: Readonly<Record<string, string | null>>
}

/**
 * Reads and checks the environment variables.
 * @throws UsageError one line that names the variable, what is wrong and what would be right
 */
export function readConfig(variables: Variables): Config {
  const mode = readMode(variables)
  // Without a key nothing can be moved: the milder rules are good enough for `status` and `migrate`.
  const strictness = mode ?? 'test'
  const mirakl = readMirakl(variables, strictness)
  const publicUrl = readPublicUrl(variables, strictness)
  checkLater(variables)
  return Object.freeze({
    mode,
    company: readCompany(variables),
    home: textOf(variables, 'TRIBUTARY_HOME') ?? './.tributary',
    databaseUrl: readDatabaseUrl(variables),
    port: wholeNumberOf(variables, 'PORT', { min: 0, max: 65_535 }) ?? 8080,
    publicUrl,
    operatorPassword: textOf(variables, 'OPERATOR_PASSWORD') ?? null,
    secretKey: readSecretKey(variables),
    logLevel: choiceOf(variables, 'LOG_LEVEL', logLevels, 'info'),
    timeZone: readTimeZone(variables),
    startDate: momentOf(variables, 'TRIBUTARY_START_DATE') ?? null,
    mirakl,
    stripe: readStripe(variables, strictness),
    mail: readMail(variables),
    notification: readNotification(variables),
    settings: readSettings(variables, publicUrl, mirakl?.baseUrl ?? ''),
    schedules: readSchedules(variables),
  })
}

/** The two connections, for what cannot do without. */
export interface Connected {
  readonly mode: Mode
  readonly mirakl: MiraklConfig
  readonly stripe: StripeConfig
}

/** @throws UsageError naming the first variable that is missing */
export function connected(config: Config): Connected {
  const { mode, mirakl, stripe } = config
  if (mirakl === null) {
    throw new UsageError(
      'MIRAKL_HOST_NAME',
      'MIRAKL_HOST_NAME is missing: write the URL of the tenant, https://your-tenant.mirakl.net',
    )
  }
  if (stripe === null || mode === null) {
    throw new UsageError(
      'STRIPE_CLIENT_SECRET',
      'STRIPE_CLIENT_SECRET is missing: write the secret key of the platform, sk_test_… or sk_live_…',
    )
  }
  return { mode, mirakl, stripe }
}
