import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { environmentOf, openHttp } from '../../../test/http-laboratory.ts'
import { openLaboratory } from '../../../test/workflows/laboratory.ts'
import type { Database } from '../../database/connection.ts'
import { ProviderError } from '../../domain/errors.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const token = { 'x-auth-token': 'open-sesame' }

async function open() {
  const laboratory = await openLaboratory(database)
  const { app } = openHttp([laboratory])
  const get = (url: string) => app.inject({ url, headers: token })
  const post = (payload: unknown, headers: Record<string, string> = token) =>
    app.inject({ method: 'POST', url: '/api/mappings', headers, payload: payload as object })
  const newAccount = async () => {
    const { id } = await laboratory.sdk.accounts.create({ type: 'express', country: 'FR' })
    return id
  }
  const addShop = () => laboratory.mirakl.addShop({ currency: 'EUR', country: 'FRA' })
  return { laboratory, app, get, post, newAccount, addShop }
}

describe('POST /api/mappings', () => {
  test('maps a shop that Mirakl knows to an account that Stripe knows', async () => {
    const { post, get, newAccount, addShop, laboratory } = await open()
    const [shop, account] = [addShop(), await newAccount()]
    const made = await post({ miraklShopId: shop, stripeUserId: account })
    expect(made.statusCode).toBe(201)
    expect(made.headers['location']).toBe(`/api/mappings/${shop}`)
    const at = laboratory.clock.now().toISOString()
    expect(made.json()).toEqual({
      id: shop,
      miraklShopId: shop,
      stripeAccountId: account,
      payoutEnabled: false,
      payinEnabled: false,
      disabledReason: 'requirements.past_due',
      creationDatetime: at,
      modificationDatetime: at,
    })
    expect((await get(`/api/mappings/${shop}`)).json()).toEqual(made.json())
    // The next run writes our link into the shop instead of making an account.
    await laboratory.run('onboard-sellers')
    expect(await laboratory.accountOf(shop)).toBe(account)
    expect(await laboratory.fieldOf(shop, 'link')).toMatch(/^https:\/\/pay\.example\/onboarding\//)
  })

  test('defect 7: charges are charges and payouts are payouts', async () => {
    const { post, newAccount, addShop, laboratory } = await open()
    const [shop, account] = [addShop(), await newAccount()]
    const provider = {
      ...laboratory.provider,
      account: async (id: string) => ({
        ...(await laboratory.provider.account(id)),
        chargesEnabled: true,
        payoutsEnabled: false,
      }),
    }
    const served = { ...environmentOf(laboratory), provider }
    const { app } = openHttp([laboratory], { environments: [served] })
    const payload = { miraklShopId: shop, stripeUserId: account }
    const made = await app.inject({ method: 'POST', url: '/api/mappings', headers: token, payload })
    expect(made.json()).toMatchObject({ payinEnabled: true, payoutEnabled: false })
    const row = await database.queries
      .selectFrom('accounts')
      .select(['charges_enabled', 'payouts_enabled'])
      .where('id', '=', account)
      .where('environment_id', '=', laboratory.environment.id)
      .executeTakeFirstOrThrow()
    expect(row).toEqual({ charges_enabled: true, payouts_enabled: false })
    expect((await post(payload)).statusCode).toBe(409)
  })

  test('one account serves several shops (defect 22)', async () => {
    const { post, get, newAccount, addShop } = await open()
    const [first, second, account] = [addShop(), addShop(), await newAccount()]
    for (const shop of [first, second]) {
      const answer = await post({ miraklShopId: String(shop), stripeUserId: account })
      expect(answer.statusCode).toBe(201)
    }
    const listed: { miraklShopId: number; stripeAccountId: string }[] = (
      await get('/api/mappings')
    ).json()
    expect(listed.map(each => [each.miraklShopId, each.stripeAccountId])).toEqual([
      [first, account],
      [second, account],
    ])
  })

  test('a shop that has an account keeps it, also when two map it at once', async () => {
    const { post, newAccount, addShop, laboratory } = await open()
    const [shop, one, other] = [addShop(), await newAccount(), await newAccount()]
    const answers = await Promise.all(
      [one, other].map(stripeUserId => post({ miraklShopId: shop, stripeUserId })),
    )
    expect(answers.map(each => String(each.statusCode)).toSorted()).toEqual(['201', '409'])
    const kept = await laboratory.accountOf(shop)
    const again = await post({ miraklShopId: shop, stripeUserId: one })
    expect(again.statusCode).toBe(409)
    expect(again.json().detail).toContain(kept)
  })

  test('what is no shop or no account of ours is a bad request', async () => {
    const { post, newAccount, addShop } = await open()
    const [shop, account] = [addShop(), await newAccount()]
    const bodies = [
      {},
      { miraklShopId: shop },
      { miraklShopId: 'abc', stripeUserId: account },
      { miraklShopId: -1, stripeUserId: account },
      { miraklShopId: 999_999, stripeUserId: account },
      { miraklShopId: shop, stripeUserId: 'cus_1' },
      { miraklShopId: shop, stripeUserId: 'acct_unknown' },
    ]
    for (const body of bodies) expect((await post(body)).statusCode).toBe(400)
    const stored = await database.queries
      .selectFrom('accounts')
      .select('id')
      .where('id', '=', 'acct_unknown')
      .execute()
    expect(stored).toEqual([])
    expect((await post({ miraklShopId: shop, stripeUserId: account })).statusCode).toBe(201)
  })

  test('is told to come back when Stripe cannot be asked', async () => {
    const { addShop, laboratory } = await open()
    const shop = addShop()
    const refuse = () =>
      Promise.reject(new ProviderError('unavailable', 'Stripe is out of reach.', 'Try again.'))
    const provider = { ...laboratory.provider, account: refuse }
    const served = { ...environmentOf(laboratory), provider }
    const { app } = openHttp([laboratory], { environments: [served] })
    const payload = { miraklShopId: shop, stripeUserId: 'acct_1' }
    const answer = await app.inject({
      method: 'POST',
      url: '/api/mappings',
      headers: token,
      payload,
    })
    expect(answer.statusCode).toBe(503)
    expect(answer.json().detail).toContain('Try again.')
  })
})

describe('the token of /api', () => {
  test.each(['/api/mappings', '/api/mappings/1', '/api/transfers', '/api/payouts/1'])(
    '%s: 401 without it, 403 with another',
    async url => {
      const { app, get } = await open()
      expect((await app.inject(url)).statusCode).toBe(401)
      const wrong = await app.inject({ url, headers: { 'x-auth-token': 'open-sesamE' } })
      expect(wrong.statusCode).toBe(403)
      expect(wrong.headers['content-type']).toMatch(/^application\/problem\+json/)
      expect([200, 404]).toContain((await get(url)).statusCode)
    },
  )

  test('nothing is read of a body before it', async () => {
    const { post, addShop, newAccount, laboratory } = await open()
    const body = { miraklShopId: addShop(), stripeUserId: await newAccount() }
    laboratory.calls.stripe.length = 0
    expect((await post(body, {})).statusCode).toBe(401)
    expect((await post(body, { 'x-auth-token': 'no' })).statusCode).toBe(403)
    expect((await post('{', { 'content-type': 'application/json' })).statusCode).toBe(401)
    expect(laboratory.calls.stripe).toEqual([])
  })

  test('guessing it is slowed down', async () => {
    const { app } = await open()
    const statuses: number[] = []
    for (let count = 0; count < 601; count += 1) {
      const guess = { url: '/api/mappings', headers: { 'x-auth-token': String(count) } }
      statuses.push((await app.inject(guess)).statusCode)
    }
    expect(statuses.filter(status => status === 403)).toHaveLength(600)
    expect(statuses.at(-1)).toBe(429)
  })

  test('no OPERATOR_PASSWORD opens nothing', async () => {
    const laboratory = await openLaboratory(database)
    const { app } = openHttp([laboratory], { operatorToken: null })
    expect((await app.inject('/api/mappings')).statusCode).toBe(401)
    const given = await app.inject({ url: '/api/mappings', headers: { 'x-auth-token': 'null' } })
    expect(given.statusCode).toBe(403)
  })
})

describe('GET /api/mappings', () => {
  test('is paged in the order of the shops, and finds one shop', async () => {
    const { post, get, newAccount, addShop } = await open()
    const account = await newAccount()
    const shops = [addShop(), addShop(), addShop()]
    for (const shop of shops) await post({ miraklShopId: shop, stripeUserId: account })
    const idsOf = async (query: string) => {
      const listed: { id: number }[] = (await get(`/api/mappings?${query}`)).json()
      return listed.map(each => each.id)
    }
    expect(await idsOf('itemsPerPage=2')).toEqual(shops.slice(0, 2))
    expect(await idsOf('itemsPerPage=2&page=2')).toEqual(shops.slice(2))
    expect(await idsOf(`miraklShopId=${shops[1]}`)).toEqual([shops[1]])
  })

  test('refuses a query that cannot be read, and knows no mapping of an unknown shop', async () => {
    const { get } = await open()
    for (const query of ['page=0', 'itemsPerPage=101', 'page=x', 'miraklShopId=x']) {
      expect((await get(`/api/mappings?${query}`)).statusCode).toBe(400)
    }
    expect((await get('/api/mappings/4711')).statusCode).toBe(404)
    expect((await get('/api/mappings/x')).statusCode).toBe(404)
  })
})

test('a mapping that is made while an account is being made stays', async () => {
  const { post, newAccount, addShop, laboratory } = await open()
  const [shop, account] = [addShop(), await newAccount()]
  const { provider } = laboratory
  const mapsFirst: typeof provider = {
    ...provider,
    createAccount: async (request, key) => {
      await post({ miraklShopId: shop, stripeUserId: account })
      return provider.createAccount(request, key)
    },
  }
  await laboratory.run('onboard-sellers', { provider: mapsFirst })
  expect(await laboratory.accountOf(shop)).toBe(account)
  await laboratory.clock.advance(60_000)
  await laboratory.run('onboard-sellers')
  expect(await laboratory.fieldOf(shop, 'link')).toMatch(/^https:\/\/pay\.example\/onboarding\//)
})
