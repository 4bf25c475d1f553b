import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { createSmtpMailer } from './smtp.ts'

let server: SMTPServer | null = null
afterEach(() => new Promise<void>(resolve => (server === null ? resolve() : server.close(resolve))))

/** A mailbox of our own; `refuse` answers 550 to every recipient. */
async function openMailbox(refuse = false) {
  const mails: string[] = []
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => {
      if (!refuse) return done()
      const error: Error & { responseCode?: number } = new Error('no such mailbox')
      error.responseCode = 550
      done(error)
    },
    onData: (stream, _session, done) => {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
      stream.on('end', () => {
        mails.push(text)
        done()
      })
    },
  })
  const opened = server
  const port = await new Promise<number>(resolve => {
    const listening = opened.listen(0, '127.0.0.1', () => {
      const address = listening.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  return { mails, dsn: `smtp://127.0.0.1:${port}` }
}

const mail = {
  to: 'claire@atelier.example',
  subject: 'Votre code : 123456',
  text: 'Bonjour',
  html: '<p>Bonjour</p>',
}

describe('the SMTP mailer', () => {
  test('sends text and HTML', async () => {
    const mailbox = await openMailbox()
    const mailer = createSmtpMailer({ dsn: mailbox.dsn, from: 'pay@market.example' })
    expect(await mailer?.send(mail)).toEqual({ result: 'told' })
    expect(mailbox.mails).toHaveLength(1)
    expect(mailbox.mails[0]).toContain('To: claire@atelier.example')
    expect(mailbox.mails[0]).toContain('text/html')
  })

  test('says that an address was refused', async () => {
    const mailbox = await openMailbox(true)
    const mailer = createSmtpMailer({ dsn: mailbox.dsn, from: 'pay@market.example' })
    expect(await mailer?.send(mail)).toMatchObject({ result: 'refused' })
  })

  test('an unreachable server is unknown, not refused', async () => {
    const mailer = createSmtpMailer({ dsn: 'smtp://127.0.0.1:1', from: 'pay@market.example' })
    expect(await mailer?.send(mail)).toMatchObject({ result: 'unknown' })
  })

  test('smtp://null switches mail off', () => {
    expect(createSmtpMailer({ dsn: 'smtp://null', from: 'a@b.example' })).toBeNull()
  })
})
