import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { openHttp } from '../../../test/http-laboratory.ts'
import { openLaboratory } from '../../../test/workflows/laboratory.ts'
import type { Database } from '../../database/connection.ts'
import { setAside } from '../../store/set-aside.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const token = { 'x-auth-token': 'open-sesame' }

/** An order of a seller whose account was closed after its payment. */
async function open() {
  const lab = await openLaboratory(database)
  const shop = await lab.openSeller({ name: 'Atelier <b>' })
  await lab.pay('P-1', 1_000)
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: 'P-1',
    currency: 'EUR',
    orders: [{ shopId: shop, lines: [{ price: '10.00', commission: '1.00' }] }],
  })
  lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
  lab.stripe.rejectAccount(await lab.accountOf(shop))
  await lab.run('split-payments')
  const [movement] = await lab.movements('transfer')
  const { app } = openHttp([lab])
  const read = (path: string) => app.inject({ url: path, headers: token })
  return { lab, app, read, order, shop, movement: movement?.id ?? '' }
}

test('a movement: its amount, its reason and its journal, in the reader’s language', async () => {
  const { read, movement, order } = await open()
  const answer = await read(`/explain/movement/${movement}?lang=de`)
  expect(answer.statusCode).toBe(200)
  const text = answer.body.replaceAll(/[\u00A0\u202F]/g, ' ')
  expect(text).toContain('9,00 EUR')
  expect(text).toContain('Fehlgeschlagen')
  expect(text).toContain(order)
  expect(text).toContain('account_refused')
})

test.each([
  ['en', 'EUR 8.22 (USD 9.00)'],
  ['fr', '8,22 EUR (9,00 USD)'],
  ['de', '8,22 EUR (9,00 USD)'],
])('a cycle whose sales were converted, with both amounts (%s)', async (language, both) => {
  const lab = await openLaboratory(database)
  lab.stripe.configure({ conversions: { usd: { currency: 'eur', rate: '0.9137' } } })
  const shop = await lab.openSeller()
  await lab.pay('P-1', 1_000, { currency: 'usd' })
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: 'P-1',
    currency: 'USD',
    orders: [{ shopId: shop, lines: [{ price: '10.00', commission: '1.00' }] }],
  })
  lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
  await lab.run('split-payments')
  await lab.clock.advance(3 * 24 * 3600 * 1000)
  const [closed] = lab.mirakl.closeCycle({
    start: '2026-11-01T00:00:00Z',
    end: '2026-11-30T00:00:00Z',
  })
  await lab.run('settle-sellers')
  const { app } = openHttp([lab])
  for (const path of [`order/${order}`, `invoice/${closed?.invoiceId}`]) {
    const url = `/explain/${path}?lang=${language}`
    const { body } = await app.inject({ url, headers: token })
    const text = body.replaceAll(/[\u00A0\u202F]/g, ' ')
    expect(text.split(both).length).toBeGreaterThan(1)
    expect(text).not.toContain('currency_differs')
  }
  const status = await app.inject({ url: `/?lang=${language}`, headers: token })
  const [moved = '', own = ''] = both.slice(0, -1).split(' (')
  const shown = status.body.replaceAll(/[\u00A0\u202F]/g, ' ')
  expect(shown).toContain(`${moved}<br /><span class="quiet">${own}</span>`)
})

test('an order and a seller, with what others wrote escaped', async () => {
  const { read, order, shop } = await open()
  expect((await read(`/explain/order/${order}?lang=fr`)).body).toContain('Virement')
  const seller = await read(`/explain/seller/${shop}`)
  expect(seller.body).toContain('Atelier &lt;b&gt;')
  expect(seller.body).not.toContain('Atelier <b>')
})

test('what could not be read has a page, although nothing else is known of it', async () => {
  const { lab, read } = await open()
  const bad = { kind: 'order', id: 'C-7-A', field: 'total_price', problem: 'no number', raw: {} }
  await setAside(database.queries, lab.environment.id, [{ ...bad, kind: 'order' }], lab.clock.now())
  const answer = await read('/explain/order/C-7-A')
  expect(answer.statusCode).toBe(200)
  expect(answer.body).toContain('total_price')
})

test('is for the operator alone, and 404 for what nobody knows', async () => {
  const { app, read, movement } = await open()
  expect((await app.inject(`/explain/movement/${movement}`)).statusCode).toBe(401)
  const paths = ['movement/mv_none', 'order/none', 'purchase/P-1', 'order/%00']
  const answers = await Promise.all(paths.map(path => read(`/explain/${path}`)))
  expect(answers.map(each => each.statusCode)).toEqual(paths.map(() => 404))
})
