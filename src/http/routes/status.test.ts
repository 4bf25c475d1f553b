import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { openHttp } from '../../../test/http-laboratory.ts'
import { openLaboratory, type Laboratory } from '../../../test/workflows/laboratory.ts'
import type { Database } from '../../database/connection.ts'
import { saveSellers } from '../../store/sellers.ts'
import { setAside } from '../../store/set-aside.ts'
import { statusContract } from '../contract/status.ts'
import type { HttpDeps } from '../deps.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const token = { 'x-auth-token': 'open-sesame' }

async function open(change: Partial<HttpDeps> = {}) {
  const laboratory = await openLaboratory(database)
  return { laboratory, app: openHttp([laboratory], change).app }
}

/** A transfer of a seller; amounts in minor units. */
function movement(
  laboratory: Laboratory,
  id: string,
  more: { status: string; currency: string; amount: bigint; reason?: string; kind?: string },
) {
  return {
    environment_id: laboratory.environment.id,
    id,
    kind: 'transfer',
    origin: 'observed',
    source_type: 'order',
    source_id: `order-${id}`,
    part: '',
    sequence: 1,
    sent_amount: more.amount,
    seller_id: '2001',
    provider: 'stripe',
    facts: '{}',
    created_at: laboratory.clock.now(),
    updated_at: laboratory.clock.now(),
    ...more,
  }
}

async function fill(laboratory: Laboratory): Promise<void> {
  const { environment, clock } = laboratory
  const { queries } = database
  const now = clock.now()
  await saveSellers(queries, environment.id, [
    {
      id: '2001',
      name: '<script>alert("x")</script> & Söhne',
      email: null,
      country: 'FR',
      currency: 'EUR',
      professional: true,
      website: null,
      phone: null,
      ignored: false,
      linkShown: null,
      paymentBlocked: false,
      kyc: null,
      updatedAt: now,
    },
  ])
  await queries
    .insertInto('movements')
    .values([
      movement(laboratory, 'mv_1', { status: 'succeeded', currency: 'EUR', amount: 123_456n }),
      movement(laboratory, 'mv_2', { status: 'succeeded', currency: 'JPY', amount: 5_000n }),
      movement(laboratory, 'mv_3', { status: 'pending', currency: 'KWD', amount: 1_230n }),
      movement(laboratory, 'mv_4', {
        status: 'on_hold',
        currency: 'EUR',
        amount: 9_007_199_254_740_993n,
        reason: 'payouts_disabled',
      }),
    ])
    .execute()
  const problem = '10.075 has more digits than EUR <b>'
  const unreadable = { kind: 'order', id: 'C9-A', field: 'total_price', problem, raw: {} } as const
  await setAside(queries, environment.id, [unreadable], now)
}

describe('/v1/status', () => {
  test('is for the operator alone', async () => {
    const { app } = await open()
    const none = await app.inject('/v1/status')
    expect(none.statusCode).toBe(401)
    expect(none.json()).toMatchObject({ status: 401, title: 'Unauthorized' })
    const wrong = await app.inject({ url: '/v1/status', headers: { 'x-auth-token': 'guess' } })
    expect(wrong.statusCode).toBe(401)
    expect((await app.inject({ url: '/v1/status', headers: token })).statusCode).toBe(200)
    const basic = `Basic ${Buffer.from('anna:open-sesame').toString('base64')}`
    const browser = await app.inject({ url: '/', headers: { authorization: basic } })
    expect(browser.statusCode).toBe(200)
  })

  test('refuses everybody when there is no token, and nobody in the demo', async () => {
    const closed = await open({ operatorToken: null })
    const answer = await closed.app.inject({ url: '/v1/status', headers: { 'x-auth-token': '' } })
    expect(answer.statusCode).toBe(401)
    expect(answer.json().detail).toContain('OPERATOR_PASSWORD')
    const demo = await open({ operatorToken: null, publicStatus: true })
    expect((await demo.app.inject('/v1/status')).statusCode).toBe(200)
  })

  test('says what there is, as its contract has it', async () => {
    const { app, laboratory } = await open()
    await laboratory.run('validate-payments')
    await fill(laboratory)
    const answer = await app.inject({ url: '/v1/status', headers: token })
    const status = statusContract.strict().parse(answer.json())
    expect(status).toMatchObject({
      company: laboratory.environment.companyId,
      environment: laboratory.environment.slug,
      mode: 'test',
      movements: { transfer: { succeeded: 2, pending: 1, on_hold: 1 } },
      oldestHold: { kind: 'transfer', reason: 'payouts_disabled', seconds: 0 },
      holds: [{ reason: 'payouts_disabled', count: 1, unblockedBy: 'seller' }],
      totals: {
        EUR: { transferred: '123456', onHold: '9007199254740993' },
        JPY: { transferred: '5000' },
        KWD: { underWay: '1230', transferred: '0' },
      },
      setAside: { count: 1, kinds: { order: 1 }, newest: [{ id: 'C9-A' }] },
      runs: [{ job: 'validate-payments', error: null }],
      debts: [],
      openEvents: 0,
    })
  })

  test('shows one environment, and tells when there is no such one', async () => {
    const first = await openLaboratory(database)
    const second = await openLaboratory(database)
    const { app } = openHttp([first, second], { publicStatus: true })
    const read = async (query: string) => (await app.inject(`/v1/status${query}`)).json()
    expect(await read('')).toMatchObject({ environment: first.environment.slug })
    const named = await read(`?environment=${second.environment.slug}`)
    expect(named).toMatchObject({ environment: second.environment.slug })
    expect(await read('?environment=nowhere')).toMatchObject({ status: 404 })
    expect(await read('?environment=a&environment=b')).toMatchObject({ status: 400 })
  })
})

describe('the status page', () => {
  test('escapes what others wrote', async () => {
    const { app, laboratory } = await open({ publicStatus: true })
    await fill(laboratory)
    const { body } = await app.inject('/')
    expect(body).not.toContain('<script')
    expect(body).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; Söhne')
    expect(body).toContain('10.075 has more digits than EUR &lt;b&gt;')
  })

  test.each([
    ['en', ['EUR 1,234.56', 'JPY 5,000', 'KWD 1.230', 'EUR 90,071,992,547,409.93'], 'On hold'],
    ['de', ['1.234,56 EUR', '5.000 JPY', '1,230 KWD', '90.071.992.547.409,93 EUR'], 'Angehalten'],
    ['fr', ['1 234,56 EUR', '5 000 JPY', '1,230 KWD'], 'En attente'],
  ])('writes amounts and words as one reads in %s', async (lang, amounts, word) => {
    const { app, laboratory } = await open({ publicStatus: true })
    await fill(laboratory)
    const { body } = await app.inject(`/?lang=${lang}`)
    const text = body.replaceAll(/[\u00A0\u202F]/g, ' ')
    expect(amounts.filter(amount => !text.includes(amount))).toEqual([])
    expect(text).toContain(word)
    expect(text).toContain('UTC')
  })

  test('says who can end a hold, and how', async () => {
    const { app, laboratory } = await open({ publicStatus: true })
    await fill(laboratory)
    const { body } = await app.inject('/?lang=de')
    expect(body).toContain('Der Zahlungsdienst hat Auszahlungen des Verkäufers deaktiviert.')
    expect(body).toContain('The seller gives the provider what it asks for.')
  })

  test('has the sections that mails link to, and the mailbox of a demo', async () => {
    const mailboxUrl = 'http://127.0.0.1:9'
    const { app, laboratory } = await open({ publicStatus: true, mailboxUrl })
    await fill(laboratory)
    await laboratory.run('validate-payments')
    const { body } = await app.inject('/?lang=de')
    expect(body).toContain('id="jobs"')
    expect(body).toContain('id="set-aside"')
    expect(body).toContain(`<a href="${mailboxUrl}">Postfach dieser Vorführung</a>`)
    const real = await open({ publicStatus: true })
    expect((await real.app.inject('/')).body).not.toContain('Mailbox')
  })

  test('refreshes itself until it is told not to', async () => {
    const { app } = await open({ publicStatus: true })
    const refreshing = await app.inject('/')
    expect(refreshing.body).toContain('<meta http-equiv="refresh" content="5">')
    expect((await app.inject('/?refresh=off')).body).not.toContain('http-equiv')
  })

  test('is helpful while there is nothing to show', async () => {
    const { app } = await open({ publicStatus: true })
    const { body } = await app.inject('/')
    expect(body).toContain('Nothing has moved yet')
    expect(body).toContain('npx tributary run')
  })

  test('runs nothing, loads nothing, and its style is allowed by its digest alone', async () => {
    const { app, laboratory } = await open({ publicStatus: true })
    await fill(laboratory)
    const answer = await app.inject('/')
    const policy = String(answer.headers['content-security-policy'])
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(answer.body) ?? []
    const { createHash } = await import('node:crypto')
    const digest = createHash('sha256').update(style).digest('base64')
    expect(policy).toContain(`style-src 'sha256-${digest}'`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
    expect(answer.body).not.toMatch(/ style=|<script|src="|@import|url\(/)
  })
})
