import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { openHttp } from '../../../test/http-laboratory.ts'
import { openShop, sellOne } from '../../../test/workflows/refund-shop.ts'
import type { Database } from '../../database/connection.ts'
import { ledgerBalancesContract, ledgerEntriesContract } from '../contract/ledger.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const headers = { 'x-auth-token': 'open-sesame' }

/** A sale of 100.00 with a commission of 10.00, split. */
async function open() {
  const { lab, shop } = await openShop(database)
  const orderId = await sellOne(lab, shop, 'purchase-1')
  await lab.run('split-payments')
  return { app: openHttp([lab]).app, orderId, shop }
}

test('balances and the trial balance', async () => {
  const { app, shop } = await open()
  const answer = await app.inject({ url: '/v1/ledger', headers })
  expect(answer.statusCode).toBe(200)
  const { balances, trial } = ledgerBalancesContract.parse(answer.json())
  const amounts = Object.fromEntries(balances.map(each => [each.account, each.amount]))
  expect(amounts).toMatchObject({ [`seller:${shop}`]: '9000', customer: '-10000' })
  expect(trial).toMatchObject([{ currency: 'EUR', total: '0', unbalanced: [] }])
})

test("a seller's entries and an order's, page by page", async () => {
  const { app, orderId, shop } = await open()
  const ask = async (path: string) => {
    const answer = await app.inject({ url: path, headers })
    expect(answer.statusCode).toBe(200)
    return ledgerEntriesContract.parse(answer.json())
  }
  const statement = await ask(`/v1/ledger/sellers/${shop}`)
  expect(statement.entries).toMatchObject([{ amount: '9000', balance: '9000', orderId }])
  expect(statement.next).toBeNull()
  const whole = await ask(`/v1/ledger/orders/${orderId}`)
  expect(whole.entries.length).toBeGreaterThan(2)
  const first = await ask(`/v1/ledger/orders/${orderId}?limit=1`)
  expect(first.entries).toEqual(whole.entries.slice(0, 1))
  const rest = await ask(`/v1/ledger/orders/${orderId}?after=${first.next}`)
  expect([...first.entries, ...rest.entries]).toEqual(whole.entries)
  expect((await ask('/v1/ledger/orders/nobody')).entries).toEqual([])
})

test('what cannot be read is refused, and nobody reads without the token', async () => {
  const { app, shop } = await open()
  for (const query of ['limit=0', 'limit=many', 'after=-1', 'after=9999999999999999999']) {
    const answer = await app.inject({ url: `/v1/ledger/sellers/${shop}?${query}`, headers })
    expect([query, answer.statusCode]).toEqual([query, 400])
  }
  for (const path of ['/v1/ledger', `/v1/ledger/sellers/${shop}`, '/v1/ledger/orders/1']) {
    expect((await app.inject({ url: path })).statusCode).toBe(401)
  }
})
