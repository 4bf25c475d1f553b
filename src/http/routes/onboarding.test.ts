import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { openHttp } from '../../../test/http-laboratory.ts'
import { openLaboratory } from '../../../test/workflows/laboratory.ts'
import type { Database } from '../../database/connection.ts'
import { changeSeller } from '../../store/sellers.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** A seller whose link stands in Mirakl, and the server that it leads to. */
async function open() {
  const laboratory = await openLaboratory(database)
  const { environment, mirakl, stripe } = laboratory
  const shop = mirakl.addShop({ currency: 'EUR', country: 'FRA' })
  await laboratory.run('onboard-sellers')
  const link = String(await laboratory.fieldOf(shop, 'link'))
  const { app } = openHttp([laboratory])
  const click = (headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url: new URL(link).pathname, headers })
  return {
    laboratory,
    app,
    link,
    shop,
    click,
    stripe,
    account: await laboratory.accountOf(shop),
    change: (change: Parameters<typeof changeSeller>[3]) =>
      changeSeller(database.queries, environment.id, String(shop), change),
  }
}

describe('a seller’s link', () => {
  test('in Mirakl survives many clicks: each mints a fresh one (defect 14)', async () => {
    const { click, link, stripe } = await open()
    expect(link).toMatch(/^https:\/\/pay\.example\/onboarding\//)
    const targets = new Set<string>()
    for (let count = 0; count < 5; count += 1) {
      const answer = await click()
      expect(answer.statusCode).toBe(302)
      expect(answer.headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      })
      const target = String(answer.headers.location)
      // Stripe's own link works once; ours goes on.
      expect(stripe.visitLink(target)).toMatchObject({ account: expect.anything() })
      targets.add(target)
    }
    expect(targets.size).toBe(5)
  })

  test('leads to the seller’s dashboard once everything is given', async () => {
    const { click, stripe, account } = await open()
    stripe.completeOnboarding(account)
    const answer = await click()
    expect(answer.statusCode).toBe(302)
    expect(answer.headers.location).toContain('express')
  })

  test('that was revoked is explained', async () => {
    const { click, change } = await open()
    await change({ link_version: 2 })
    const answer = await click()
    expect(answer.statusCode).toBe(410)
    expect(answer.body).toContain('This link has been replaced')
  })

  test('of an account that was rejected or lost is explained, not looped', async () => {
    const rejected = await open()
    rejected.stripe.rejectAccount(rejected.account)
    const answer = await rejected.click()
    expect(answer.statusCode).toBe(403)
    expect(answer.headers.location).toBeUndefined()
    expect(answer.body).toContain('<code>rejected</code>')
    const lost = await open()
    lost.stripe.deauthorize(lost.account)
    const gone = await lost.click()
    expect(gone.statusCode).toBe(410)
    expect(gone.body).toContain('<code>lost</code>')
  })

  test('opens ten times a minute, then again', async () => {
    const { click, laboratory } = await open()
    const statuses: number[] = []
    for (let count = 0; count < 11; count += 1) statuses.push((await click()).statusCode)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 302), 429])
    expect((await click()).headers['retry-after']).toBe('60')
    await laboratory.clock.advance(61_000)
    expect((await click()).statusCode).toBe(302)
  })

  test('says when the provider does not answer, and stays valid', async () => {
    const { click, laboratory } = await open()
    laboratory.faults.add({ side: 'stripe', kind: 'cut_before', times: 20 })
    const answer = await click()
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('60')
  })

  test('waits for an account that is not made yet', async () => {
    const { click, laboratory } = await open()
    await database.queries
      .updateTable('sellers')
      .set({ account_id: null })
      .where('environment_id', '=', laboratory.environment.id)
      .execute()
    expect((await click()).statusCode).toBe(503)
  })

  test('is counted, with how it ended', async () => {
    const { click, change, laboratory } = await open()
    await click()
    await change({ link_version: 2 })
    await click()
    const visits = await database.queries
      .selectFrom('link_visits')
      .select(['outcome', 'visitor'])
      .where('environment_id', '=', laboratory.environment.id)
      .orderBy('id')
      .execute()
    expect(visits).toEqual([
      { outcome: 'sent_on', visitor: '127.0.0.1' },
      { outcome: 'revoked', visitor: '127.0.0.1' },
    ])
  })

  test('that nobody signed is not found, and its token is not logged', async () => {
    const { app, laboratory, link } = await open()
    const token = new URL(link).pathname.split('/').at(-1) ?? ''
    const forged = `${token.slice(0, -2)}xx`
    const answer = await app.inject(`/onboarding/${forged}`)
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['content-type']).toMatch(/^text\/html/)
    await app.inject(`/onboarding/${token}`)
    expect(JSON.stringify(laboratory.logs)).not.toContain(token.slice(0, 20))
  })

  test('is not opened by a scanner that only asks for the head', async () => {
    const { app, link } = await open()
    const answer = await app.inject({ method: 'HEAD', url: new URL(link).pathname })
    expect(answer.statusCode).toBe(405)
  })

  test('has a second line of defence for each address', async () => {
    const { app } = await open()
    const statuses: number[] = []
    for (let count = 0; count < 121; count += 1) {
      statuses.push((await app.inject('/onboarding/unknown')).statusCode)
    }
    expect(statuses.filter(status => status === 404)).toHaveLength(120)
    expect(statuses.at(-1)).toBe(429)
  })
})

describe('the explanation', () => {
  test.each([
    ['fr-CA,fr;q=0.9,en;q=0.5', 'fr', 'Ce lien est inconnu'],
    ['nl, de-AT;q=0.8', 'de', 'Dieser Link ist nicht bekannt'],
    ['nl', 'en', 'This link is not known'],
    ['', 'en', 'This link is not known'],
    ['de;q=0, ;;;', 'en', 'This link is not known'],
  ])('for somebody who reads %s', async (accepted, language, text) => {
    const { app } = await open()
    const headers = { 'accept-language': accepted }
    const answer = await app.inject({ url: '/onboarding/unknown', headers })
    expect(answer.body).toContain(`<html lang="${language}">`)
    expect(answer.body).toContain(text)
  })

  test('loads nothing and runs nothing', async () => {
    const { app } = await open()
    const answer = await app.inject('/onboarding/unknown')
    expect(answer.body).not.toMatch(/<script|src=|@import|url\(/)
    expect(answer.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    )
    expect(answer.headers['content-security-policy']).not.toContain('unsafe')
  })
})

describe('the old address of refreshed links', () => {
  test('sends on as the link itself', async () => {
    const { app, link } = await open()
    const token = new URL(link).pathname.split('/').at(-1) ?? ''
    const answer = await app.inject(`/api/public/onboarding/refresh?token=${token}`)
    expect(answer.statusCode).toBe(302)
  })

  test.each(['', '?token=', '?token=unknown', '?token=a&token=b'])(
    'with the query "%s" is a bad request',
    async query => {
      const { app } = await open()
      const answer = await app.inject(`/api/public/onboarding/refresh${query}`)
      expect(answer.statusCode).toBe(400)
      expect(answer.json().detail).toContain('`token`')
    },
  )
})
