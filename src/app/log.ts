import { pino } from 'pino'
import type { Json } from '../domain/json.ts'
import type { Log } from '../workflows/work.ts'
import type { Config } from './config.ts'
import { createRedaction } from './redaction.ts'

/** Where lines go; stderr belongs to the log, stdout to the answer of a command. */
export interface LogTarget {
  write(text: string): unknown
  readonly isTTY?: boolean
}

/** Structured lines: JSON, or readable ones when a person looks on. No secret gets into them. */
export function createLog(
  options: { level: Config['logLevel']; secrets?: readonly string[] },
  target: LogTarget = process.stderr,
): Log {
  const redaction = createRedaction(options.secrets ?? [])
  const stream =
    target.isTTY === true ? { write: (line: string) => target.write(readable(line)) } : target
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: { level: label => ({ level: label }) },
    },
    { write: (line: string) => void stream.write(line) },
  )
  return (level, message, fields = {}) => {
    logger[level](redaction.value(fields) as { [key: string]: Json }, redaction.text(message))
  }
}

/** `12:30:01 warn  an order is set aside  order=1001-A field=total_price`. */
function readable(line: string): string {
  const { time, level, message, ...fields } = JSON.parse(line) as {
    time: string
    level: string
    message: string
    [key: string]: Json
  }
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`)
  const head = `${time.slice(11, 19)} ${level.padEnd(5)} ${message}`
  return `${[head, rest.join(' ')].join('  ').trimEnd()}\n`
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The secrets of a configuration, so that none of them is ever written down. */
export function secretsOf(config: Config): string[] {
  const { mirakl, stripe, databaseUrl } = config
  const auth = mirakl?.auth
  const password = databaseUrl === null ? '' : decodeURIComponent(new URL(databaseUrl).password)
  const own = [
    auth?.kind === 'apiKey' ? auth.key : '',
    auth?.kind === 'bearer' ? auth.token : '',
    auth?.kind === 'oauth' ? auth.clientSecret : '',
    stripe?.secretKey ?? '',
    stripe?.sellersWebhookSecret ?? '',
    stripe?.operatorWebhookSecret ?? '',
    config.operatorPassword ?? '',
    config.secretKey?.toString('base64') ?? '',
    config.secretKey?.toString('hex') ?? '',
    password,
    config.notification?.secret ?? '',
    config.mail === null ? '' : decodeURIComponent(new URL(config.mail.dsn).password),
  ]
  return own.filter(secret => secret !== '')
}
