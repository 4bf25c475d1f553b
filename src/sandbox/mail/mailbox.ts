import type { Handler } from '../http.ts'
import { listen } from '../http.ts'
import { mailboxPage, mailPage } from './mailbox-page.ts'
import { readMessage, type ReadMessage } from './message.ts'
import { receiveMail } from './smtp-receiver.ts'

/** A mail that arrived. */
export interface KeptMail extends ReadMessage {
  /** 1 for the first. */
  readonly number: number
  readonly at: Date
  /** The message as it came. */
  readonly source: string
}

/** Everybody's mailbox: what is sent to it arrives here, whoever it is addressed to. */
export interface Mailbox {
  /** For MAILER_DSN. */
  readonly dsn: string
  /** The page on which the mails are read. */
  readonly url: string
  /** In order of arrival. */
  readonly mails: readonly KeptMail[]
  close(): Promise<void>
}

/**
 * Opens an SMTP server and a page for its mails, both on any free port of 127.0.0.1.
 * @param now virtual time, for when a mail arrived
 */
export async function openMailbox(now: () => Date): Promise<Mailbox> {
  const mails: KeptMail[] = []
  const receiver = await receiveMail(0, ({ message }) => {
    const source = message.toString('utf8')
    mails.push({ ...readMessage(message), number: mails.length + 1, at: now(), source })
  })
  const page = await listen(serveMailbox(mails))
  return {
    dsn: `smtp://127.0.0.1:${receiver.port}`,
    url: page.url,
    mails,
    close: async () => {
      await Promise.all([receiver.close(), page.close()])
    },
  }
}

/** `/` the list, `/mails.json` the same for programs, `/mails/1`, `/mails/1/html`, `/mails/1/source`. */
function serveMailbox(mails: readonly KeptMail[]): Handler {
  return async request => {
    const { pathname } = new URL(request.url)
    if (pathname === '/') return html(mailboxPage(mails))
    if (pathname === '/mails.json') return Response.json(mails)
    const [, number, view] = /^\/mails\/(\d+)(?:\/(html|source))?$/.exec(pathname) ?? []
    const mail = mails[Number(number) - 1]
    if (mail === undefined) return new Response('No such mail', { status: 404 })
    if (view === 'source') return new Response(mail.source)
    return html(view === 'html' ? mail.html : mailPage(mail))
  }
}

/** A mail's own HTML runs no script and fetches nothing, here as in a mail program. */
function html(page: string): Response {
  return new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'",
    },
  })
}
