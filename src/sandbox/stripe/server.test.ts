import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { listen } from '../http.ts'
import { connect, days, openLaboratory, openSeller, pay, refusal } from './laboratory.ts'

const asked = { amount: 1000, currency: 'eur', payment_method: 'pm_card_visa', confirm: true }

/** The SDK's fetch client leaves the `Headers` of the answer where its types promise a plain object. */
function headerOf(answer: { lastResponse: { headers: unknown } }, name: string): string | null {
  const { headers } = answer.lastResponse
  return headers instanceof Headers ? headers.get(name) : null
}

test('the sandbox serves over a socket', async () => {
  const { sandbox } = openLaboratory()
  const server = await listen(sandbox.handler)
  const { hostname, port } = new URL(server.url)
  const stripe = new Stripe('sk_test_1', { host: hostname, port, protocol: 'http' })
  const intent = await stripe.paymentIntents.create(asked)
  expect(intent).toMatchObject({ status: 'succeeded', amount: 1000 })
  await server.close()
})

test('keys of another mode, wrong keys and missing ones are refused', async () => {
  const { sandbox } = openLaboratory()
  expect((await refusal(connect(sandbox, 'sk_live_1').balance.retrieve())).statusCode).toBe(401)
  const strict = openLaboratory({ secretKeys: ['sk_test_right'] })
  expect((await refusal(strict.stripe.balance.retrieve())).statusCode).toBe(401)
  await connect(strict.sandbox, 'sk_test_right').balance.retrieve()
})

test('parameters are read strictly', async () => {
  const { stripe } = openLaboratory()
  const missing = await refusal(stripe.rawRequest('POST', '/v1/transfers', { amount: 1 }))
  expect(missing).toMatchObject({ code: 'parameter_missing', param: 'currency', statusCode: 400 })
  const unknown = await refusal(
    stripe.rawRequest('POST', '/v1/payment_intents', { ...asked, colour: 'red' }),
  )
  expect(unknown).toMatchObject({ code: 'parameter_unknown', param: 'colour' })
  const nested = { type: 'express', settings: { payouts: { colour: 'red' } } }
  const deep = await refusal(stripe.rawRequest('POST', '/v1/accounts', nested))
  expect(deep.param).toBe('settings[payouts][colour]')
  const fraction = await refusal(
    stripe.rawRequest('POST', '/v1/payment_intents', { ...asked, amount: 10.5 }),
  )
  expect(fraction.code).toBe('parameter_invalid_integer')
  const gone = await refusal(stripe.transfers.retrieve('tr_none'))
  expect(gone).toMatchObject({ statusCode: 404, code: 'resource_missing' })
  const nowhere = await refusal(stripe.rawRequest('GET', '/v1/nowhere'))
  expect(nowhere.statusCode).toBe(404)
  const flat = await refusal(stripe.balance.retrieve({ expand: ['livemode'] }))
  expect(flat.message).toContain('cannot be expanded')
})

test('every answer carries the virtual date and a request id', async () => {
  const { stripe, clock } = openLaboratory()
  const { lastResponse } = await stripe.balance.retrieve()
  expect(headerOf({ lastResponse }, 'date')).toBe(clock.now().toUTCString())
  expect(lastResponse.requestId).toMatch(/^req_/)
})

test('an idempotency key replays, refuses other parameters and ends after 24 hours', async () => {
  const { stripe, clock, sandbox } = openLaboratory()
  const key = { idempotencyKey: 'm1:1' }
  const first = await stripe.paymentIntents.create(asked, key)
  const second = await stripe.paymentIntents.create(asked, key)
  expect(second.id).toBe(first.id)
  expect(headerOf(second, 'idempotent-replayed')).toBe('true')
  expect(headerOf(second, 'original-request')).toBe(first.lastResponse.requestId)
  const other = await refusal(stripe.paymentIntents.create({ ...asked, amount: 2000 }, key))
  expect(other).toMatchObject({ statusCode: 400, rawType: 'idempotency_error' })
  await clock.advance(days(1))
  const third = await stripe.paymentIntents.create(asked, key)
  expect(third.id).not.toBe(first.id)
  expect(sandbox.books().totals.eur?.captured).toBe(2000)
})

test('keys of two accounts do not meet', async () => {
  const lab = openLaboratory()
  const { stripe, clock } = lab
  const [one, two] = [await openSeller(lab), await openSeller(lab)]
  const charge = await pay(lab, 10_000)
  for (const destination of [one, two]) {
    const transfer = { amount: 1000, currency: 'eur', destination, source_transaction: charge.id }
    await stripe.transfers.create(transfer)
  }
  await clock.advance(days(2))
  const ids = []
  for (const stripeAccount of [one, two]) {
    const options = { stripeAccount, idempotencyKey: 'same' }
    ids.push((await stripe.payouts.create({ amount: 10, currency: 'eur' }, options)).id)
  }
  expect(new Set(ids).size).toBe(2)
})

test('a refusal is kept by its key unless the request never began', async () => {
  const lab = openLaboratory()
  const { stripe } = lab
  const destination = await openSeller(lab)
  const transfer = { amount: 100, currency: 'eur', destination }
  const key = { idempotencyKey: 'k' }
  await refusal(stripe.transfers.create(transfer, key))
  await pay(lab, 1000, { payment_method: 'pm_card_bypassPending' })
  const replayed = await refusal(stripe.transfers.create(transfer, key))
  expect(replayed.headers?.['idempotent-replayed']).toBe('true')
  await stripe.transfers.create(transfer, { idempotencyKey: 'k2' })
  const unread = { idempotencyKey: 'k3' }
  await refusal(stripe.transfers.create({ ...transfer, amount: 0 }, unread))
  await stripe.transfers.create(transfer, unread)
})

test('a saved 500 is replayed, whether the money moved or not', async () => {
  const { stripe, sandbox } = openLaboratory()
  for (const moved of [false, true]) {
    sandbox.breakNext({ path: '/payment_intents', moved })
    const key = { idempotencyKey: `broken:${moved}` }
    for (const replayed of [undefined, 'true']) {
      const error = await refusal(stripe.paymentIntents.create(asked, key))
      expect(error).toMatchObject({ statusCode: 500, rawType: 'api_error' })
      expect(error.headers?.['idempotent-replayed']).toBe(replayed)
    }
    expect((await stripe.paymentIntents.list()).data).toHaveLength(moved ? 1 : 0)
  }
})

test('the same key twice at once is a conflict', async () => {
  const { stripe, sandbox } = openLaboratory()
  sandbox.holdNext({ method: 'POST', path: '/payment_intents' })
  const key = { idempotencyKey: 'twice' }
  const first = stripe.paymentIntents.create(asked, key)
  const second = await refusal(stripe.paymentIntents.create(asked, key))
  expect(second).toMatchObject({ statusCode: 409, rawType: 'idempotency_error' })
  sandbox.release()
  expect((await first).status).toBe('succeeded')
})

test('rate limits: 25 a second for one endpoint, 100 in all', async () => {
  let milliseconds = 0
  const { stripe } = openLaboratory({ rateLimits: true, rateClock: () => milliseconds })
  for (let n = 0; n < 25; n++) await stripe.balance.retrieve()
  const limited = await refusal(stripe.balance.retrieve())
  expect(limited).toMatchObject({ statusCode: 429, code: 'rate_limit' })
  for (let n = 0; n < 25; n++) {
    await stripe.charges.list()
    await stripe.payouts.list()
    await stripe.refunds.list()
  }
  expect((await refusal(stripe.events.list())).statusCode).toBe(429)
  milliseconds = 1000
  await stripe.balance.retrieve()
})

test('lists page by cursor and by time, the newest first', async () => {
  const lab = openLaboratory()
  const { stripe, clock } = lab
  const seconds: number[] = []
  for (let n = 0; n < 7; n++) {
    seconds.push((await pay(lab, 100 + n)).created)
    await clock.advance(1000)
  }
  const amounts = []
  for await (const charge of stripe.charges.list({ limit: 3 })) amounts.push(charge.amount)
  expect(amounts).toEqual([106, 105, 104, 103, 102, 101, 100])
  const some = await stripe.charges.list({ created: { gte: seconds[2] ?? 0, lt: seconds[5] ?? 0 } })
  expect(some.data.map(({ amount }) => amount)).toEqual([104, 103, 102])
  const last = some.data.at(-1)?.id ?? ''
  const newer = await stripe.charges.list({ ending_before: last, limit: 2 })
  expect(newer).toMatchObject({ data: [{ amount: 104 }, { amount: 103 }], has_more: true })
  expect((await refusal(stripe.charges.list({ limit: 101 }))).param).toBe('limit')
  const expanded = await stripe.charges.list({ limit: 1, expand: ['data.payment_intent'] })
  expect(expanded.data[0]?.payment_intent).toMatchObject({ object: 'payment_intent' })
})
