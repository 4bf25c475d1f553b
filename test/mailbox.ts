import { SMTPServer } from 'smtp-server'
import { createSmtpMailer } from '../src/adapters/mail/smtp.ts'
import type { Mailer } from '../src/workflows/ports.ts'

/** A mail server on a port of its own, which keeps what it is given as it came. */
export async function openMailbox() {
  const mails: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString('utf8'))
        done()
      })
    },
  })
  const port = await new Promise<number>(resolve => {
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const dsn = `smtp://127.0.0.1:${port}`
  const mailer: Mailer | null = createSmtpMailer({ dsn, from: 'pay@market.example' })
  if (mailer === null) throw new Error('no mailer')
  const close = () => new Promise<void>(resolve => server.close(resolve))
  return { mails, mailer, dsn, close }
}
