import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import type { Settings } from '../../src/domain/settings.ts'
import { setAside, takeBack } from '../../src/store/set-aside.ts'
import { acknowledge } from '../../src/workflows/acknowledge.ts'
import type { Mailer } from '../../src/workflows/ports.ts'
import { readDigest, waitingLines } from '../../src/workflows/digest-facts.ts'
import { sendDigest } from '../../src/workflows/send-digest.ts'
import { openTestDatabase } from '../database.ts'
import { openHttp } from '../http-laboratory.ts'
import { openMailbox } from '../mailbox.ts'
import {
  badAmount,
  breakJobAndCreation,
  refuseConfirmation,
  seed,
  seedAll,
  setDeadline,
  subjects,
} from './digest-seeds.ts'
import { openLaboratory } from './laboratory.ts'

const hour = 3_600_000
const day = 24 * hour

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

async function open(settings: Partial<Settings> = {}) {
  const lab = await openLaboratory(database, {
    settings: { alertEmail: 'ops@market.example', ...settings },
  })
  const mails: Parameters<Mailer['send']>[0][] = []
  const mailer: Mailer = {
    send: async mail => {
      mails.push(mail)
      return { result: 'told' }
    },
  }
  return { lab, mails, send: () => sendDigest(lab.work(), mailer) }
}

describe('the digest', () => {
  test.each(['en', 'fr', 'de'] as const)(
    'says everything in %s, as text and as HTML',
    async language => {
      const { lab, mails, send } = await open({ language, timeZone: 'Asia/Tokyo' })
      await seedAll(lab)
      expect(await send()).toBe('sent')
      const [mail] = mails
      expect(mail?.to).toBe('ops@market.example')
      const account = await lab.accountOf(2001)
      const stable = (mail?.text ?? '')
        .replaceAll(lab.environment.slug, 'lab')
        .replaceAll(lab.environment.id, 'env')
        .replaceAll(account, 'acct_1')
      expect(`${mail?.subject}\n\n${stable}`).toMatchSnapshot()
      // The HTML says the same: every line of the text is in it, links apart.
      const shown = (mail?.html ?? '')
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
      for (const line of (mail?.text ?? '').split('\n')) {
        for (const part of line.replace(/^\* /, '').split('  ')) {
          if (part === '' || part.startsWith('http') || /^[=-]+ ?$/.test(part)) continue
          expect(shown).toContain(part.replace(/ \((?:new|nouveau|neu)\)$/, ''))
        }
      }
      expect(mail?.html).toContain('href="https://pay.example/explain/movement/mv_a?')
      expect(mail?.html).toContain('No &lt;such&gt; account')
      expect(mail?.html).not.toMatch(/<img|<script|url\(|src=/)
      expect(mail?.html).toContain('prefers-color-scheme: dark')
    },
  )

  test('names number and sum in its subject', async () => {
    const { lab, mails, send } = await open()
    for (const id of ['mv_1', 'mv_2', 'mv_3']) {
      await seed(lab, { id: `${id}_${lab.environment.id}`, status: 'failed', amount: 40_133n })
    }
    await send()
    expect(mails[0]?.subject).toBe('[test] 3 transfers failed, 1,203.99 EUR')
  })

  test('puts new failures first; those it named before follow', async () => {
    const { lab, mails, send } = await open()
    await seed(lab, { id: 'mv_old', status: 'failed', reason: 'provider_refused' })
    await send()
    await lab.clock.advance(day)
    await seed(lab, { id: 'mv_new', status: 'failed', reason: 'provider_refused' })
    await send()
    const text = mails[1]?.text ?? ''
    expect(text.indexOf('ORD-mv_new')).toBeLessThan(text.indexOf('ORD-mv_old'))
    expect(text.match(/\(new\)/g)).toHaveLength(1)
  })

  test('is silent about what was acknowledged, until it fails for another reason', async () => {
    const { lab, mails, send } = await open()
    await seed(lab, { id: 'mv_k', status: 'failed', reason: 'provider_refused' })
    await seed(lab, { id: 'mv_h', status: 'on_hold', reason: 'paused', daysAgo: 20 })
    expect(await acknowledge(lab.work(), 'mv_k')).toMatchObject({ ok: true })
    expect(await acknowledge(lab.work(), 'mv_h')).toMatchObject({ ok: true })
    expect(await acknowledge(lab.work(), 'mv_unknown')).toMatchObject({ ok: false })
    expect(await send()).toBe('nothing_to_say')
    await database.queries
      .updateTable('movements')
      .set({ reason: 'account_refused' })
      .where('id', '=', 'mv_k')
      .execute()
    expect(await send()).toBe('sent')
    expect(mails[0]?.text).toContain('ORD-mv_k')
  })

  test('is silent about every line that was acknowledged, until the line says something else', async () => {
    const { lab, mails, send } = await open()
    await seedAll(lab)
    const lines = waitingLines(await readDigest(lab.work(), null))
    expect(new Set(lines.map(line => line.subject))).toEqual(new Set(subjects))
    await send()
    for (const { id } of lines) {
      // An id that is not in the mail could be acknowledged by nobody.
      expect(mails[0]?.text).toContain(id)
      expect(await acknowledge(lab.work(), id)).toMatchObject({ ok: true })
    }
    expect(await send()).toBe('nothing_to_say')
    // The same that the lines said, and one that is read again with another problem.
    await setAside(database.queries, lab.environment.id, [badAmount], lab.clock.now())
    expect(await send()).toBe('nothing_to_say')
    const worse = { ...badAmount, problem: 'is missing' }
    await setAside(database.queries, lab.environment.id, [worse], lab.clock.now())
    await database.queries
      .updateTable('confirmations')
      .set({ message: 'HTTP 400: already confirmed' })
      .where('environment_id', '=', lab.environment.id)
      .where('status', '=', 'failed')
      .execute()
    expect(await send()).toBe('sent')
    expect(mails[1]?.text).toContain('already confirmed')
    expect(mails[1]?.text).toContain('is missing')
    expect(mails[1]?.text).not.toMatch(/mv_[a-f]\b|du_1/)
  })

  test('links to pages and sections that are there', async () => {
    const { lab } = await open()
    await seedAll(lab)
    const { app } = openHttp([lab])
    const lines = waitingLines(await readDigest(lab.work(), null))
    const links = new Set(lines.map(line => line.link))
    expect([...links].filter(link => link.includes('#'))).not.toEqual([])
    for (const link of links) {
      const { pathname, search, hash } = new URL(link)
      const headers = { 'x-auth-token': 'open-sesame' }
      const response = await app.inject({ url: `${pathname}${search}`, headers })
      expect([link, response.statusCode]).toEqual([link, 200])
      if (hash !== '') expect(response.body).toContain(`id="${hash.slice(1)}"`)
    }
  })

  test('defect 21: names holds and what was given up, and repeats no failure for ever', async () => {
    const { lab, mails, send } = await open()
    await seed(lab, { id: 'mv_21_failed', status: 'failed', reason: 'provider_refused' })
    const held = { status: 'on_hold', reason: 'payouts_disabled', daysAgo: 8 } as const
    await seed(lab, { id: 'mv_21_held', ...held })
    await seed(lab, { id: 'mv_21_given_up', status: 'canceled', reason: 'order_canceled' })
    await send()
    const first = mails[0]?.text ?? ''
    for (const id of ['mv_21_failed', 'mv_21_held', 'mv_21_given_up']) {
      expect(first).toContain(`ORD-${id}`)
    }
    expect(first).toContain('1 movement given up since the last mail, 10.00 EUR')
    // Seen: a person takes note of both. What was given up was said once, and is final.
    for (const id of ['mv_21_failed', 'mv_21_held']) {
      expect(await acknowledge(lab.work(), id)).toMatchObject({ ok: true })
    }
    for (let morning = 0; morning < 3; morning += 1) {
      await lab.clock.advance(day)
      expect(await send()).toBe('nothing_to_say')
    }
    // Another failure brings a mail of its own, without those that were seen.
    await seed(lab, { id: 'mv_21_later', status: 'failed', reason: 'provider_refused' })
    await send()
    expect(mails).toHaveLength(2)
    expect(mails[1]?.text).toContain('ORD-mv_21_later')
    expect(mails[1]?.text).not.toMatch(/mv_21_(?:failed|held|given_up)/)
  })

  test('names a refused confirmation until it is taken, as new once', async () => {
    const { lab, mails, send } = await open()
    const target = `told-${lab.environment.id}`
    await lab.clock.advance(day)
    await refuseConfirmation(lab, target)
    await send()
    expect(mails[0]?.subject).toBe('[test] 1 confirmation to Mirakl failed, 44.00 EUR')
    expect(mails[0]?.text).toContain('HTTP 400: wrong amount')
    await lab.clock.advance(day)
    await send()
    expect(mails.map(({ text }) => text.includes('(new)'))).toEqual([true, false])
    await database.queries
      .updateTable('confirmations')
      .set({ status: 'succeeded' })
      .where('target_id', '=', target)
      .execute()
    expect(await send()).toBe('nothing_to_say')
  })

  test('names the deadlines of sellers that are near, not those of ignored ones', async () => {
    const { lab, mails, send } = await open({ timeZone: 'America/New_York' })
    const [near, far, ignored] = [
      await lab.openSeller({ name: 'Near' }),
      await lab.openSeller({ name: 'Far' }),
      await lab.openSeller({ name: 'Ignored' }),
    ]
    await setDeadline(lab, near, 3)
    await setDeadline(lab, far, 30)
    await setDeadline(lab, ignored, 3)
    await database.queries
      .updateTable('sellers')
      .set({ ignored: true })
      .where('environment_id', '=', lab.environment.id)
      .where('id', '=', String(ignored))
      .execute()
    await send()
    const text = mails[0]?.text ?? ''
    expect(text).toContain('1 seller has to hand something in at Stripe')
    expect(text).toContain('individual.verification.document, external_account')
    // 08:00 in Greenwich is 03:00 there, on the same day.
    expect(text).toMatch(/until Nov 5, 2026, 3:\d\d\sAM/)
    expect(text).not.toMatch(/Far|Ignored/)
  })

  test('names a job that ended early until its next run is well, and a refused account until it is made', async () => {
    const { lab, mails, send } = await open()
    await breakJobAndCreation(lab, '2999')
    await send()
    expect(mails[0]?.subject).toBe('[test] 1 job ended early')
    expect(mails[0]?.text).toContain('settle-sellers (new)\n  Mirakl answers 401.')
    expect(mails[0]?.text).toContain('Country XX is not supported. Correct the country.')
    await lab.clock.advance(hour)
    expect(await lab.run('settle-sellers')).toMatchObject({ error: null })
    await send()
    expect(mails[1]?.text).not.toContain('settle-sellers')
    expect(mails[1]?.text).not.toContain('(new)')
    await database.queries
      .updateTable('sellers')
      .set({ account_id: 'acct_2999' })
      .where('environment_id', '=', lab.environment.id)
      .execute()
    expect(await send()).toBe('nothing_to_say')
  })

  test('names what could not be read until it can be', async () => {
    const { lab, mails, send } = await open()
    await setAside(database.queries, lab.environment.id, [badAmount], lab.clock.now())
    await send()
    expect(mails[0]?.subject).toBe('[test] 1 thing of Mirakl could not be read')
    expect(mails[0]?.text).toContain('/explain/order/C-7-A?')
    await takeBack(database.queries, lab.environment.id, 'order', ['C-7-A'])
    expect(await send()).toBe('nothing_to_say')
  })

  test('is not sent when there is nothing to say', async () => {
    const { lab, mails, send } = await open()
    await seed(lab, { id: 'mv_done', status: 'succeeded' })
    await seed(lab, { id: 'mv_short', status: 'on_hold', reason: 'paused', daysAgo: 2 })
    expect(await send()).toBe('nothing_to_say')
    expect(mails).toEqual([])
  })

  test('without a mail server or an address is logged', async () => {
    const { lab } = await open()
    await seed(lab, { id: 'mv_n', status: 'failed' })
    expect(await sendDigest(lab.work(), null)).toBe('nobody_to_tell')
    expect(lab.logs.at(-1)?.message).toContain('MAILER_DSN')
  })

  test('of a dry run is shown and not sent, and nothing counts as told', async () => {
    const { lab, mails, send } = await open()
    await seed(lab, { id: 'mv_dry', status: 'failed' })
    expect(await sendDigest(lab.work({ mode: 'dry_run' }), null)).toBe('shown')
    await send()
    expect(mails[0]?.text).toContain('(new)')
  })

  test('goes again when the mail server did not take it', async () => {
    const { lab, mails, send } = await open()
    await seed(lab, { id: 'mv_again', status: 'failed' })
    const down: Mailer = { send: async () => ({ result: 'unknown', message: 'down' }) }
    await expect(sendDigest(lab.work(), down)).rejects.toThrow('down')
    await send()
    expect(mails[0]?.text).toContain('(new)')
  })

  test('arrives in a mailbox, text and HTML', async () => {
    const { lab } = await open({ language: 'fr' })
    await seed(lab, { id: 'mv_smtp', status: 'failed', amount: 120_400n })
    const mailbox = await openMailbox()
    try {
      expect(await sendDigest(lab.work(), mailbox.mailer)).toBe('sent')
      const [mail = ''] = mailbox.mails
      expect(mail).toContain('To: ops@market.example')
      expect(mail).toContain('text/plain')
      expect(mail).toContain('text/html')
      expect(mail).toMatch(/Subject: =\?UTF-8\?/i)
    } finally {
      await mailbox.close()
    }
  })

  test('counts what is too long to be read', async () => {
    const { lab, mails, send } = await open()
    for (let index = 0; index < 60; index += 1) {
      await seed(lab, { id: `mv_many_${index}`, status: 'failed' })
    }
    await send()
    expect(mails[0]?.text).toContain('and 10 more')
    expect(mails[0]?.html).toContain('and 10 more')
    expect(mails[0]?.subject).toContain('60 transfers failed, 600.00 EUR')
  })
})
