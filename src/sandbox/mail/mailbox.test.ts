import { once } from 'node:events'
import { connect } from 'node:net'
import { createTransport } from 'nodemailer'
import { afterEach, expect, test } from 'vitest'
import { type Mailbox, openMailbox } from './mailbox.ts'

const at = new Date('2026-11-03T08:00:00Z')
const opened: Mailbox[] = []
afterEach(async () => {
  for (const mailbox of opened.splice(0)) await mailbox.close()
})

async function open() {
  const mailbox = await openMailbox(() => at)
  opened.push(mailbox)
  return mailbox
}

const mail = {
  from: 'Zahlstelle <pay@market.example>',
  to: 'ops@market.example',
  subject: '3 échecs, 1 204,01 EUR · für Søren, und noch ein Stück weiter, damit es umbricht',
  text: 'Zeile eins – größer\n.\n..zwei Punkte\nEnde',
  html: `<p class="x">Größe &amp; <b>${'lang '.repeat(40)}</b></p><script>alert(1)</script>`,
}

test.each(['quoted-printable', 'base64'] as const)(
  'a mail with text and HTML is read as it was written (%s)',
  async textEncoding => {
    const mailbox = await open()
    await createTransport(mailbox.dsn).sendMail({ ...mail, textEncoding })
    expect(mailbox.mails).toMatchObject([{ ...mail, number: 1, at }])
  },
)

test('a mail without HTML has a text alone', async () => {
  const mailbox = await open()
  const { html: _, ...plain } = mail
  await createTransport(mailbox.dsn).sendMail(plain)
  expect(mailbox.mails).toMatchObject([{ text: mail.text, html: '' }])
})

test('the page lists the newest first and shows both forms, with nothing that runs', async () => {
  const mailbox = await open()
  const transport = createTransport(mailbox.dsn)
  await transport.sendMail({ ...mail, subject: 'The <first>' })
  await transport.sendMail(mail)
  const list = await (await fetch(mailbox.url)).text()
  expect(list.indexOf('/mails/2')).toBeLessThan(list.indexOf('/mails/1'))
  expect(list).toContain('The &lt;first&gt;')
  const one = await (await fetch(`${mailbox.url}/mails/2`)).text()
  expect(one).toContain('größer')
  expect(one).toContain('sandbox=')
  const shown = await fetch(`${mailbox.url}/mails/2/html`)
  expect(await shown.text()).toBe(mail.html)
  expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect((await fetch(`${mailbox.url}/mails/3`)).status).toBe(404)
  const listed = (await (await fetch(`${mailbox.url}/mails.json`)).json()) as object[]
  expect(listed).toHaveLength(2)
})

test('commands out of order and unknown ones are refused', async () => {
  const mailbox = await open()
  const socket = connect(Number(new URL(mailbox.dsn).port), '127.0.0.1').setEncoding('utf8')
  let heard = ''
  socket.on('data', (text: string) => (heard += text))
  // All at once: a client may pipeline.
  socket.write('DATA\r\nRCPT TO:<a@b>\r\nMAIL FROM\r\nTURN\r\nQUIT\r\n')
  await once(socket, 'close')
  expect(
    heard
      .split('\r\n')
      .map(line => line.slice(0, 3))
      .join(' '),
  ).toBe('220 503 503 501 502 221 ')
  expect(mailbox.mails).toEqual([])
})
