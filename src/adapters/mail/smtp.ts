import { createTransport } from 'nodemailer'
import type { Mailer } from '../../workflows/ports.ts'

export interface SmtpOptions {
  /** `smtp://user:password@host:port` or `smtps://…`; `smtp://null` switches mail off. */
  readonly dsn: string
  /** The sender's address. */
  readonly from: string
  /** For connecting, greeting and each answer; default 10. */
  readonly timeoutSeconds?: number
}

/** Sends mail by SMTP; null when MAILER_DSN switches mail off (`smtp://null`, `null://null`). */
export function createSmtpMailer(options: SmtpOptions): Mailer | null {
  const { protocol, hostname } = new URL(options.dsn)
  if (hostname === 'null' || protocol === 'null:') return null
  const timeout = (options.timeoutSeconds ?? 10) * 1000
  const transport = createTransport(options.dsn, {
    from: options.from,
  })
  // Options beside a URL are message defaults; the limits belong to the transport itself.
  Object.assign(transport.options, {
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async mail => {
      try {
        await transport.sendMail(mail)
        return { result: 'told' }
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        const code = error instanceof Error && 'responseCode' in error ? error.responseCode : null
        // A 5xx answer is the server's own word; everything else may have been sent.
        const refused = typeof code === 'number' && code >= 500
        return { result: refused ? 'refused' : 'unknown', message }
      }
    },
  }
}
