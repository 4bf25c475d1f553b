import { flagOf, refuse, textOf, type Variables } from './environment-values.ts'

/** How mail is sent. */
export interface MailConfig {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly dsn: string
  /** The sender's address. */
  readonly from: string
}

const example = 'write smtp://user:password@host:587, or smtp://null to send nothing'

/** Null when MAILER_DSN is missing or switches mail off. */
export function readMail(variables: Variables): MailConfig | null {
  for (const name of ['TECHNICAL_ALERT_EMAIL', 'TECHNICAL_ALERT_EMAIL_FROM']) {
    const mail = textOf(variables, name)
    if (mail !== undefined && !mail.includes('@')) {
      refuse(name, `is "${mail}"`, 'write an e-mail address')
    }
  }
  const dsn = textOf(variables, 'MAILER_DSN') ?? 'smtp://null'
  // Its value is not shown: it holds a password.
  if (!/^(?:smtps?|null):\/\//.test(dsn) || !URL.canParse(dsn)) {
    return refuse('MAILER_DSN', 'is no mail server', example)
  }
  if (new URL(dsn).hostname === 'null' || dsn.startsWith('null:')) return null
  const from = textOf(variables, 'TECHNICAL_ALERT_EMAIL_FROM')
  if (from === undefined) {
    return refuse('TECHNICAL_ALERT_EMAIL_FROM', 'is missing', 'write the sender of mails')
  }
  return { dsn, from }
}

/** Is a code mailed before a seller's link opens? */
export function readLinkCode(variables: Variables, mail: MailConfig | null): boolean {
  const name = 'TRIBUTARY_SELLER_LINK_CODE'
  const wanted = flagOf(variables, name, false)
  if (wanted && mail === null) return refuse(name, 'is on without mail', `in MAILER_DSN ${example}`)
  return wanted
}
