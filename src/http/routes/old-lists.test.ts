import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { openHttp } from '../../../test/http-laboratory.ts'
import { type Laboratory, openLaboratory } from '../../../test/workflows/laboratory.ts'
import type { Database } from '../../database/connection.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const headers = { 'x-auth-token': 'open-sesame' }
const day = 24 * 3600_000

async function placeOrder(lab: Laboratory, shopId: number, purchase: string): Promise<string> {
  await lab.pay(purchase, 1_000)
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: purchase,
    currency: 'EUR',
    orders: [{ shopId, lines: [{ price: '10.00', commission: '1.00' }] }],
  })
  lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
  await lab.run('split-payments')
  return order
}

async function open() {
  const lab = await openLaboratory(database)
  const { app } = openHttp([lab])
  const get = (url: string) => app.inject({ url, headers })
  return { lab, app, get, shop: await lab.openSeller() }
}

describe('/api/transfers', () => {
  test('shows a transfer with the keys and types of old', async () => {
    const { lab, get, shop } = await open()
    const order = await placeOrder(lab, shop, 'P-1')
    const [transfer] = await lab.movements('transfer')
    const listed = (await get('/api/transfers')).json()
    expect(listed).toEqual([
      {
        id: expect.any(Number),
        type: 'TRANSFER_PRODUCT_ORDER',
        miraklId: order,
        accountMapping: `/api/mappings/${shop}`,
        transferId: transfer?.providerId,
        transactionId: expect.stringMatching(/^(ch|py)_/),
        amount: 900,
        currency: 'EUR',
        status: 'TRANSFER_CREATED',
        statusReason: null,
        miraklCreatedDate: expect.stringMatching(/Z$/),
        creationDatetime: transfer?.createdAt.toISOString(),
        modificationDatetime: transfer?.updatedAt.toISOString(),
      },
    ])
    const [{ id }] = listed
    expect((await get(`/api/transfers/${id}`)).json()).toEqual(listed[0])
    expect((await get('/api/transfers')).json()).toEqual(listed)
    expect((await get(`/api/payouts/${id}`)).statusCode).toBe(404)
    expect((await get('/api/transfers/mv_1')).statusCode).toBe(404)
  })

  test('is paged oldest first, and filtered by the id of the order', async () => {
    const { lab, get, shop } = await open()
    const orders: string[] = []
    for (const purchase of ['P-1', 'P-2', 'P-3']) {
      orders.push(await placeOrder(lab, shop, purchase))
      await lab.clock.advance(60_000)
    }
    const idsOf = async (query: string) => {
      const listed: { miraklId: string }[] = (await get(`/api/transfers?${query}`)).json()
      return listed.map(each => each.miraklId)
    }
    expect(await idsOf('')).toEqual(orders)
    expect(await idsOf('itemsPerPage=2&page=2')).toEqual(orders.slice(2))
    expect(await idsOf(`miraklId=${orders[1]}`)).toEqual([orders[1]])
    expect(await idsOf('miraklId=unknown')).toEqual([])
    expect((await get('/api/transfers?page=0')).statusCode).toBe(400)
    expect((await get('/api/transfers?miraklId=a&miraklId=b')).statusCode).toBe(400)
  })

  test('says why a transfer waits, and that it is ignored', async () => {
    const { lab, get, shop } = await open()
    lab.stripe.requireMore(await lab.accountOf(shop), ['tax_id'], 'requirements.past_due')
    await placeOrder(lab, shop, 'P-1')
    expect((await get('/api/transfers')).json()).toMatchObject([
      { status: 'TRANSFER_ON_HOLD', statusReason: expect.stringMatching(/^seller_restricted: /) },
    ])
    lab.mirakl.updateShop(shop, { additionalFields: { 'stripe-ignored': 'true' } })
    await lab.clock.advance(60_000)
    await lab.run('onboard-sellers')
    await lab.run('split-payments')
    expect((await get('/api/transfers')).json()).toMatchObject([{ status: 'TRANSFER_IGNORED' }])
  })
})

describe('/api/payouts', () => {
  test('shows the payout of an invoice', async () => {
    const { lab, get, shop } = await open()
    await placeOrder(lab, shop, 'P-1')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T00:00:00Z' })
    await lab.run('settle-sellers')
    const [payout] = await lab.movements('payout')
    const listed = (await get('/api/payouts')).json()
    expect(listed).toEqual([
      {
        id: expect.any(Number),
        accountMapping: `/api/mappings/${shop}`,
        miraklInvoiceId: Number(payout?.source.id),
        payoutId: payout?.providerId,
        amount: 900,
        currency: 'EUR',
        status: 'PAYOUT_CREATED',
        statusReason: null,
        miraklCreatedDate: expect.stringMatching(/Z$/),
        creationDatetime: payout?.createdAt.toISOString(),
        modificationDatetime: payout?.updatedAt.toISOString(),
      },
    ])
    const miraklId = payout?.source.id ?? ''
    expect((await get(`/api/payouts?miraklId=${miraklId}`)).json()).toEqual(listed)
    lab.stripe.bouncePayout(payout?.providerId ?? '', 'account_closed')
    await lab.receive()
    expect((await get('/api/payouts')).json()).toMatchObject([
      { status: 'PAYOUT_FAILED', statusReason: expect.stringMatching(/^account_closed: /) },
    ])
  })
})

describe('/api/refunds', () => {
  test('shows a refund of Mirakl', async () => {
    const { lab, get, shop } = await open()
    const order = await placeOrder(lab, shop, 'P-1')
    const at = lab.clock.now()
    await database.queries
      .insertInto('movements')
      .values({
        environment_id: lab.environment.id,
        id: 'mv_refund',
        kind: 'refund',
        origin: 'planned',
        source_type: 'refund',
        source_id: '1100',
        part: '',
        sequence: 1,
        status: 'accepted',
        currency: 'EUR',
        amount: 300n,
        sent_amount: 300n,
        order_id: order,
        provider: 'stripe',
        provider_id: 're_1',
        instruction: JSON.stringify({ do: 'refund', chargeId: 'ch_1' }),
        facts: '{}',
        created_at: at,
        updated_at: at,
      })
      .execute()
    expect((await get('/api/refunds?miraklId=1100')).json()).toEqual([
      {
        id: expect.any(Number),
        type: 'REFUND_PRODUCT_ORDER',
        miraklRefundId: '1100',
        miraklOrderId: order,
        transactionId: 'ch_1',
        stripeRefundId: 're_1',
        amount: 300,
        currency: 'EUR',
        status: 'REFUND_CREATED',
        statusReason: null,
        creationDatetime: at.toISOString(),
        modificationDatetime: at.toISOString(),
      },
    ])
  })
})

test('an id with a zero octet is refused', async () => {
  const { get } = await open()
  for (const list of ['transfers', 'payouts', 'refunds']) {
    expect((await get(`/api/${list}?miraklId=%00`)).statusCode).toBe(400)
  }
})

test('one environment never shows the movements of another', async () => {
  const [one, other] = [await open(), await open()]
  await placeOrder(one.lab, one.shop, 'P-1')
  const { app } = openHttp([one.lab, other.lab])
  const listed = async (query: string) =>
    (await app.inject({ url: `/api/transfers${query}`, headers })).json()
  expect(await listed('')).toHaveLength(1)
  expect(await listed(`?environment=${other.lab.environment.slug}`)).toEqual([])
  expect((await app.inject({ url: '/api/transfers?environment=x', headers })).statusCode).toBe(404)
})
