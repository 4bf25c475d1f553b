import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { environmentOf, openHttp } from '../../../test/http-laboratory.ts'
import { openLaboratory } from '../../../test/workflows/laboratory.ts'
import type { Database } from '../../database/connection.ts'
import type { Mailer } from '../../workflows/ports.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** A seller whose link needs a code, and the seller's mailbox. */
async function open(given: { email?: string | null; mailer?: Mailer | null } = {}) {
  const laboratory = await openLaboratory(database, { settings: { linkCode: true } })
  const shop = laboratory.mirakl.addShop({ currency: 'EUR', country: 'FRA' })
  await laboratory.run('onboard-sellers')
  const email = given.email === undefined ? 'claire@atelier.example' : given.email
  await database.queries
    .updateTable('sellers')
    .set({ email })
    .where('environment_id', '=', laboratory.environment.id)
    .execute()
  const mails: Parameters<Mailer['send']>[0][] = []
  const kept: Mailer = {
    send: async mail => {
      mails.push(mail)
      return { result: 'told' }
    },
  }
  const mailer = given.mailer === undefined ? kept : given.mailer
  const { app } = openHttp([laboratory], {
    environments: [{ ...environmentOf(laboratory), mailer }],
  })
  const link = String(await laboratory.fieldOf(shop, 'link'))
  const { pathname } = new URL(link)
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return {
    laboratory,
    app,
    mails,
    link,
    pathname,
    click: (lang = 'en') => app.inject(`${pathname}?lang=${lang}`),
    post: (payload: string, lang = 'en') =>
      app.inject({ method: 'POST', url: `${pathname}?lang=${lang}`, payload, headers }),
    code: () => /\b\d{6}\b/.exec(mails.at(-1)?.text ?? '')?.[0] ?? '',
  }
}

describe('a link that needs a code', () => {
  test('offers one, mails it, and opens with it once', async () => {
    const { click, post, mails, code, link } = await open()
    const offer = await click()
    expect(offer.statusCode).toBe(200)
    expect(offer.body).toContain('c•••@atelier.example')
    expect(offer.body).not.toContain('claire')
    expect(offer.body).toContain(`action="${link}?lang=en"`)
    // A click alone mails nothing: scanners click too.
    expect(mails).toEqual([])
    const sent = await post('')
    expect(sent.statusCode).toBe(200)
    expect(sent.body).toContain('autocomplete="one-time-code"')
    expect(mails).toHaveLength(1)
    expect(mails[0]?.to).toBe('claire@atelier.example')
    const opened = await post(`code=${code()}`)
    expect(opened.statusCode).toBe(302)
    expect(opened.headers.location).toContain('connect.stripe')
    expect(opened.headers['cache-control']).toBe('no-store')
    expect((await post(`code=${code()}`)).statusCode).toBe(403)
  })

  test('says that a code is wrong, and takes the right one with spaces', async () => {
    const { post, code } = await open()
    await post('')
    const right = code()
    const wrong = await post(`code=${right === '111111' ? '222222' : '111111'}`)
    expect(wrong.statusCode).toBe(403)
    expect(wrong.headers.location).toBeUndefined()
    expect(wrong.body).toContain('This code is not right')
    const spaced = `${right.slice(0, 3)}+${right.slice(3)}`
    expect((await post(`code=${spaced}`)).statusCode).toBe(302)
  })

  test('can be guessed five times, then the right code is too late', async () => {
    const { post, code } = await open()
    await post('')
    const right = code()
    for (let guess = 0; guess < 5; guess += 1) {
      expect((await post(`code=${right === '000000' ? '9' : '0'}`)).statusCode).toBe(403)
    }
    expect((await post(`code=${right}`)).statusCode).toBe(403)
  })

  test('mails one code a minute', async () => {
    const { post, mails, laboratory } = await open()
    await post('')
    expect((await post('')).body).toContain('less than a minute ago')
    expect(mails).toHaveLength(1)
    await laboratory.clock.advance(61_000)
    await post('')
    expect(mails).toHaveLength(2)
  })

  test.each([
    ['fr', 'Ouvrir votre compte de paiement', 'Saisissez votre code', 'Ce code n’est pas le bon'],
    ['de', 'Ihr Zahlungskonto öffnen', 'Geben Sie Ihren Code ein', 'Dieser Code stimmt nicht'],
  ])('speaks %s, on each page and in the mail', async (lang, offer, sent, wrong) => {
    const { click, post, mails } = await open()
    expect((await click(lang)).body).toContain(offer)
    expect((await post('', lang)).body).toContain(sent)
    expect(mails[0]?.html).toContain(`lang="${lang}"`)
    expect((await post('code=', lang)).body).toContain(wrong)
  })

  test('opens for nobody while no mail can be sent', async () => {
    const none = await open({ mailer: null })
    expect((await none.click()).statusCode).toBe(503)
    expect((await none.post('code=123456')).statusCode).toBe(503)
    const down: Mailer = { send: async () => ({ result: 'unknown', message: 'down' }) }
    const broken = await open({ mailer: down })
    expect((await broken.post('')).statusCode).toBe(503)
  })

  test('says that the shop has no address', async () => {
    const { click, post } = await open({ email: null })
    const answer = await click()
    expect(answer.statusCode).toBe(403)
    expect(answer.body).toContain('Your shop has no e-mail address')
    expect((await post('')).statusCode).toBe(403)
  })

  test('that was revoked or forged offers nothing', async () => {
    const { app, click, pathname, laboratory, mails } = await open()
    await database.queries
      .updateTable('sellers')
      .set({ link_version: 2 })
      .where('environment_id', '=', laboratory.environment.id)
      .execute()
    const revoked = await click()
    expect(revoked.statusCode).toBe(410)
    expect(revoked.body).not.toContain('•••')
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const url = `${pathname.slice(0, -2)}xx`
    expect((await app.inject({ method: 'POST', url, headers, payload: '' })).statusCode).toBe(404)
    expect(mails).toEqual([])
  })

  test('is not opened by the old address either', async () => {
    const { app, pathname } = await open()
    const token = pathname.split('/').at(-1) ?? ''
    const answer = await app.inject(`/api/public/onboarding/refresh?token=${token}`)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers.location).toBeUndefined()
    expect(answer.body).toContain('Send a code')
  })

  test('lets its form lead to the provider, and runs nothing', async () => {
    const { click } = await open()
    const answer = await click()
    const policy = String(answer.headers['content-security-policy'])
    expect(policy).toContain("form-action 'self' https:;")
    expect(policy).toContain("default-src 'none'")
    expect(answer.body).not.toMatch(/<script|src=/)
  })

  test('takes forms of a small size only', async () => {
    const { post } = await open()
    expect((await post(`code=${'1'.repeat(5000)}`)).statusCode).toBe(413)
  })
})
