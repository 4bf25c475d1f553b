import { describe, expect, test } from 'vitest'
import { createClock } from '../clock.ts'
import { fetchOf } from '../http.ts'
import { createMiraklSandbox } from './sandbox.ts'

const clock = createClock(new Date('2026-01-05T09:00:00Z'))

function client(
  mirakl: { handler: (request: Request) => Promise<Response> },
  authorization = 'key',
) {
  const send = fetchOf(mirakl.handler)
  return async (path: string, init: RequestInit = {}) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const response = await send(`https://tenant.example${path}`, { headers, ...init })
    const text = await response.text()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    return { status: response.status, headers: response.headers, body }
  }
}

describe('authorization', () => {
  const mirakl = createMiraklSandbox({
    clock,
    seed: 1,
    apiKey: 'key',
    bearerToken: 'long-lived',
    oauth: { clientId: 'id', clientSecret: 'secret' },
  })

  test.each([
    ['key', 200],
    ['Bearer long-lived', 200],
    ['Bearer key', 401],
    ['long-lived', 401],
  ])('%s is answered %i', async (authorization, status) => {
    const answer = await client(mirakl, authorization)('/api/version')
    expect(answer.status).toBe(status)
    expect(answer.headers.get('date')).toBe('Mon, 05 Jan 2026 09:00:00 GMT')
    if (status === 401) expect(answer.body).toEqual({ status: 401, message: 'Unauthorized' })
  })

  test('a client-credentials token ends on the virtual clock', async () => {
    const own = createClock(new Date('2026-01-05T09:00:00Z'))
    const oauth = { clientId: 'id', clientSecret: 'secret' }
    const tenant = createMiraklSandbox({ clock: own, seed: 1, oauth })
    const form = 'grant_type=client_credentials&client_id=id&client_secret=secret'
    const issued = await client(tenant)('/oauth/token', { method: 'POST', body: form })
    const { access_token: token } = issued.body as { access_token: string }
    const ask = client(tenant, `Bearer ${token}`)
    expect((await ask('/api/version')).status).toBe(200)
    await own.advance(3_600_000)
    expect((await ask('/api/version')).status).toBe(401)
    const wrong = form.replace('secret=secret', 'secret=other')
    const refused = await client(tenant)('/oauth/token', { method: 'POST', body: wrong })
    expect(refused.status).toBe(401)
  })
})

describe('shops', () => {
  const mirakl = createMiraklSandbox({
    clock: createClock(new Date('2026-01-05T09:00:00Z')),
    seed: 1,
  })
  const ask = client(mirakl)
  for (const name of ['Zeta', 'Alpha', 'Mid']) mirakl.addShop({ name })

  test('are listed by name, by pages that link to each other', async () => {
    const first = await ask('/api/shops?max=2&domains=PRODUCT,SERVICE')
    expect(first.body).toMatchObject({
      total_count: 3,
      shops: [{ shop_name: 'Alpha' }, { shop_name: 'Mid' }],
    })
    const link = first.headers.get('link') ?? ''
    expect(link).toBe(
      '<https://tenant.example/api/shops?max=2&domains=PRODUCT%2CSERVICE&offset=2>; rel="next"',
    )
    const next = await ask(new URL(/<([^>]+)>/.exec(link)?.[1] ?? '').href.slice(22))
    expect(next.body).toMatchObject({ shops: [{ shop_name: 'Zeta' }] })
    expect((await ask('/api/shops?paginate=false')).body).toMatchObject({ total_count: 3 })
    expect((await ask('/api/shops?max=101')).status).toBe(400)
  })

  test('S07 answers 200 with what it did and what it refused', async () => {
    const shops = [
      {
        shop_id: 2001,
        kyc: { status: 'APPROVED', reason: '' },
        shop_additional_fields: [{ code: 'stripe-url', value: 'https://connect.example/1' }],
      },
      { shop_id: 999, kyc: { status: 'REFUSED' } },
      { shop_id: 2002, shop_additional_fields: [{ code: 'nope', value: '1' }] },
    ]
    const body = JSON.stringify({ shops })
    const { status, body: answer } = await ask('/api/shops', { method: 'PUT', body })
    expect(status).toBe(200)
    const fields = [{ code: 'stripe-url', type: 'LINK', value: 'https://connect.example/1' }]
    expect(answer).toMatchObject({
      shop_returns: [
        {
          shop_updated: {
            shop_id: 2001,
            kyc: { status: 'APPROVED' },
            shop_additional_fields: fields,
          },
        },
        { shop_error: { errors: [{ field: 'shop_id' }], input: { shop_id: 999 } } },
        { shop_error: { errors: [{ field: 'shop_additional_fields' }] } },
      ],
    })
    const unknown = JSON.stringify({ shops: [{ shop_id: 2001, iban: 'x' }] })
    expect((await ask('/api/shops', { method: 'PUT', body: unknown })).status).toBe(400)
  })

  test('the kyc key is absent where the feature is off', async () => {
    mirakl.changeSettings({ kycPerSeller: false, extraFields: true })
    const { body } = await ask('/api/shops?shop_ids=2001')
    const [shop] = (body as { shops: object[] }).shops
    expect(shop).not.toHaveProperty('kyc')
    expect(shop).toHaveProperty('sustainability_score')
  })

  test('documents are listed and downloaded', async () => {
    const type = 'BANK_DETAILS'
    const id = mirakl.addShopDocument({
      shopId: 2001,
      fileName: 'rib.pdf',
      type,
      content: '"%PDF"',
    })
    const { body } = await ask('/api/shops/documents?shop_ids=2001')
    expect(body).toMatchObject({ shop_documents: [{ id, file_name: 'rib.pdf', type }] })
    const file = await ask(`/api/shops/documents/download?document_ids=${id}`)
    expect(file.body).toBe('%PDF')
    expect((await ask('/api/shops/documents/download?document_ids=1')).status).toBe(404)
  })
})

describe('orders', () => {
  const own = createClock(new Date('2026-01-05T09:00:00Z'))
  const mirakl = createMiraklSandbox({ clock: own, seed: 1 })
  const ask = client(mirakl)
  const shopId = mirakl.addShop()
  const place = (commercialId: string): string[] =>
    mirakl.placePurchase({ commercialId, orders: [{ shopId, lines: [{ price: '10' }] }] })
  const idsOf = async (query: string): Promise<string[]> => {
    const { body } = await ask(`/api/orders?${query}`)
    return (body as { orders: { order_id: string }[] }).orders.map(order => order.order_id)
  }

  test('are found by creation, by last update and by ids', async () => {
    place('A')
    await own.advance(3_600_000)
    place('B')
    await own.advance(3_600_000)
    mirakl.acceptOrder('A-A')
    expect(await idsOf('start_date=2026-01-05T10:00:00Z')).toEqual(['B-A'])
    expect(await idsOf('start_update_date=2026-01-05T10:00:00Z')).toEqual(['A-A', 'B-A'])
    expect(await idsOf('start_update_date=2026-01-05T11:00:00%2B0000')).toEqual(['A-A'])
    expect(await idsOf('commercial_ids=B,A,C&order=desc')).toEqual(['B-A', 'A-A'])
    expect(await idsOf('order_state_codes=WAITING_DEBIT_PAYMENT')).toEqual(['A-A'])
    expect(await idsOf('customer_debited=true')).toEqual([])
    mirakl.changeSettings({ updateSafetySeconds: 7200 })
    expect(await idsOf('start_update_date=2026-01-05T12:00:00Z')).toEqual(['A-A', 'B-A'])
  })

  test('more than 100 ids and unreadable dates are refused', async () => {
    const many = Array.from({ length: 101 }, (_, at) => at).join(',')
    expect((await ask(`/api/orders?commercial_ids=${many}`)).body).toEqual({
      status: 400,
      message: 'The limit of 100 is exceeded for the parameter : commercial_ids',
    })
    // A plus sign that was not percent-encoded arrives as a space.
    expect((await ask('/api/orders?start_date=2026-01-05T10:00:00+0200')).status).toBe(400)
    expect((await ask('/api/orders?whatever=1')).status).toBe(200)
    expect((await ask('/api/nothing')).status).toBe(404)
    expect((await ask('/api/version', { method: 'PUT', body: '{}' })).status).toBe(405)
  })

  test('strict limits answer 429 with virtual seconds, further pages apart', async () => {
    mirakl.changeSettings({ strictLimits: true })
    expect((await ask('/api/orders')).status).toBe(200)
    expect((await ask('/api/orders?offset=10')).status).toBe(200)
    await own.advance(20_000)
    const refused = await ask('/api/orders')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40'])
    await own.advance(40_000)
    expect((await ask('/api/orders')).status).toBe(200)
  })
})

test('the control surface is the same over HTTP', async () => {
  const mirakl = createMiraklSandbox({ clock, seed: 1 })
  const ask = client(mirakl)
  const post = (name: string, body: unknown) =>
    ask(`/_sandbox/mirakl/${name}`, { method: 'POST', body: JSON.stringify(body) })
  expect((await post('addShop', { country: 'DEU' })).body).toBe(2001)
  const orders = [{ shopId: 2001, lines: [{ price: '10.50' }] }]
  expect((await post('placePurchase', { commercialId: 'P', orders })).body).toEqual(['P-A'])
  expect((await post('acceptOrder', ['P-A', { refuseLines: [] }])).status).toBe(200)
  expect((await ask('/_sandbox/mirakl/books')).body).toMatchObject({
    customers: { EUR: { owed: '10.50' } },
    orderStates: { WAITING_DEBIT_PAYMENT: 1 },
  })
  expect((await post('acceptOrder', ['P-A'])).status).toBe(400)
  expect((await post('constructor', [])).status).toBe(404)
})

test('pushes tell of states, debits and refunds', async () => {
  const bodies: unknown[] = []
  const mirakl = createMiraklSandbox({
    clock,
    seed: 1,
    settings: { webhookUrl: 'https://hub.example/hook', debitPushUrl: 'https://hub.example/debit' },
    fetch: async (input, init) => {
      bodies.push(await new Request(input, init).json())
      return new Response()
    },
  })
  const shopId = mirakl.addShop()
  mirakl.placePurchase({ commercialId: 'P', orders: [{ shopId, lines: [{ price: '10' }] }] })
  mirakl.acceptOrder('P-A')
  await mirakl.pushed()
  expect(bodies).toContainEqual({
    order: [expect.objectContaining({ order_id: 'P-A', amount: 10 })],
  })
  const change = { field: 'STATE', from: 'WAITING_ACCEPTANCE', to: 'WAITING_DEBIT' }
  expect(bodies).toContainEqual({
    event_type: 'ORDER',
    payload: [{ id: 'P-A', type: 'UPDATE', details: { changes: [change] } }],
  })
})
