import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database.ts'
import { environmentOf, openHttp, signedEvent } from '../../../test/http-laboratory.ts'
import { type Laboratory, openLaboratory } from '../../../test/workflows/laboratory.ts'
import type { Database } from '../../database/connection.ts'
import type { Json } from '../../domain/json.ts'
import { fetchOf } from '../../sandbox/http.ts'
import { createStripeSandbox } from '../../sandbox/stripe/sandbox.ts'
import { applyProviderEvents } from '../../workflows/apply-provider-event.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const sellers = '/api/public/webhook/sellers'
const payout = {
  id: 'po_1',
  object: 'payout',
  amount: 5000,
  arrival_date: 1_800_100_000,
  currency: 'eur',
  metadata: {},
  status: 'paid',
}

async function open() {
  const laboratory = await openLaboratory(database, { webhooks: false })
  const { app, woken } = openHttp([laboratory])
  const sign = (
    event: { type: string; object: { [key: string]: Json }; [key: string]: Json },
    signing: { secret?: string; secondsAgo?: number } = {},
  ) => signedEvent(laboratory, event, signing)
  const events = () =>
    database.queries
      .selectFrom('inbound_events')
      .select(['id', 'type', 'account', 'status', 'reason', 'live'])
      .where('environment_id', '=', laboratory.environment.id)
      .orderBy('id')
      .execute()
  return { laboratory, app, woken, sign, events }
}

describe('a webhook of Stripe', () => {
  test('is verified, stored, answered, and wakes the job up', async () => {
    const { app, woken, sign, events, laboratory } = await open()
    const event = sign({ type: 'payout.paid', object: payout, account: 'acct_1' })
    const answer = await app.inject({ method: 'POST', url: sellers, ...event })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ received: true })
    expect(await events()).toMatchObject([
      { id: 'evt_1', type: 'payout.paid', account: 'acct_1', status: 'stored' },
    ])
    expect(woken).toEqual([laboratory.environment.id])
  })

  test('comes to the right door by each of its addresses', async () => {
    const { app, sign, laboratory } = await open()
    const [operator = '', connected = ''] = laboratory.secrets
    const { companyId } = laboratory.environment
    const statusOf = async (url: string, secret: string) => {
      const event = sign({ type: 'payout.paid', object: payout, account: 'acct_1' }, { secret })
      return (await app.inject({ method: 'POST', url, ...event })).statusCode
    }
    expect(await statusOf(sellers, connected)).toBe(200)
    expect(await statusOf('/api/public/webhook', connected)).toBe(200)
    expect(await statusOf('/api/public/webhook/operator', operator)).toBe(200)
    expect(await statusOf('/api/public/webhook/operator', connected)).toBe(400)
    expect(await statusOf(sellers, operator)).toBe(400)
    expect(await statusOf(`/callbacks/v1.0/stripe/${companyId}`, connected)).toBe(200)
    expect(await statusOf(`/callbacks/v1.0/stripe/${companyId}`, operator)).toBe(200)
    expect(await statusOf('/callbacks/v1.0/stripe/nobody', operator)).toBe(404)
  })

  test('of a type that nobody knows is stored and answered 200 (defect 10)', async () => {
    const { app, sign, events, laboratory } = await open()
    const event = sign({ type: 'invention.made', object: { id: 'in_1' } })
    const answer = await app.inject({ method: 'POST', url: sellers, ...event })
    expect(answer.statusCode).toBe(200)
    await applyProviderEvents(laboratory.work(), laboratory.reader)
    expect(await events()).toMatchObject([{ type: 'invention.made', status: 'ignored' }])
  })

  test('is stored whatever its texts hold and however deep it is', async () => {
    const { app, sign, events, laboratory } = await open()
    const deep = JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) as Json
    const object = { id: 'pi_1', object: 'payment_intent', metadata: { a: 'b\0c\ud800' }, deep }
    const event = sign({ type: 'payment_intent.created', object })
    const answer = await app.inject({ method: 'POST', url: sellers, ...event })
    expect(answer.statusCode).toBe(200)
    await applyProviderEvents(laboratory.work(), laboratory.reader)
    expect(await events()).toMatchObject([{ status: 'failed' }])
  })

  test.each([
    ['created', 1e15],
    ['created', -1],
    ['id', 'evt_\0'],
    ['id', 'e'.repeat(3000)],
    ['type', ''],
    ['account', '\ud800'],
    ['livemode', 'false'],
    ['data', []],
  ])('whose %s is %j is refused with the name of the field', async (field, value) => {
    const { app, sign, events } = await open()
    const event = sign({ type: 'payout.paid', object: payout, [field]: value as Json })
    const answer = await app.inject({ method: 'POST', url: sellers, ...event })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining(field) })
    expect(await events()).toEqual([])
  })

  test('that is forged is refused without a word of the secret', async () => {
    const { app, woken, sign, events, laboratory } = await open()
    const event = sign({ type: 'payout.paid', object: payout }, { secret: 'whsec_guessed' })
    const answer = await app.inject({ method: 'POST', url: sellers, ...event })
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    for (const secret of laboratory.secrets) expect(answer.body).not.toContain(secret)
    const bare = { method: 'POST', url: sellers, payload: event.payload } as const
    const unsigned = await app.inject({ ...bare, headers: { 'content-type': 'application/json' } })
    expect(unsigned.json()).toMatchObject({ status: 400, detail: expect.stringMatching(/missing/) })
    const changed = event.payload.replace('5000', '9000')
    const tampered = { ...sign({ type: 'payout.paid', object: payout }), payload: changed }
    expect((await app.inject({ method: 'POST', url: sellers, ...tampered })).statusCode).toBe(400)
    expect(await events()).toEqual([])
    expect(woken).toEqual([])
  })

  test('that is replayed after five minutes is refused', async () => {
    const { app, sign } = await open()
    const late = sign({ type: 'payout.paid', object: payout }, { secondsAgo: 301 })
    const answer = await app.inject({ method: 'POST', url: sellers, ...late })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ detail: expect.stringMatching(/tolerance/) })
  })

  test('that comes twice is stored once and answered 200 twice', async () => {
    const { app, sign, events } = await open()
    const event = sign({ type: 'payout.paid', object: payout, account: 'acct_1' })
    const answers = await Promise.all(
      [1, 2, 3].map(() => app.inject({ method: 'POST', url: sellers, ...event })),
    )
    expect(answers.map(answer => answer.statusCode)).toEqual([200, 200, 200])
    expect(await events()).toHaveLength(1)
  })

  test('of the other mode is answered 200 and never applied', async () => {
    const { app, sign, events, laboratory } = await open()
    const event = sign({ type: 'payout.paid', object: payout, livemode: true })
    expect((await app.inject({ method: 'POST', url: sellers, ...event })).statusCode).toBe(200)
    await applyProviderEvents(laboratory.work(), laboratory.reader)
    expect(await events()).toMatchObject([
      { live: true, status: 'refused', reason: 'live event in test' },
    ])
  })

  test('that is too large, or not JSON, is refused before anything is read', async () => {
    const { app, sign } = await open()
    const object = { id: 'x', filler: 'x'.repeat(1024 * 1024) }
    const large = sign({ type: 'payout.paid', object })
    const tooLarge = await app.inject({ method: 'POST', url: sellers, ...large })
    expect(tooLarge.json()).toMatchObject({ status: 413, title: 'Payload Too Large' })
    const event = sign({ type: 'payout.paid', object: payout })
    const headers = { ...event.headers, 'content-type': 'text/plain' }
    const wrongType = await app.inject({ method: 'POST', url: sellers, ...event, headers })
    expect(wrongType.json()).toMatchObject({ status: 415 })
    const got = await app.inject({ method: 'GET', url: sellers })
    expect(got.json()).toMatchObject({ status: 405 })
    expect(got.headers['allow']).toBe('POST')
  })

  test('is answered 200 also when the job cannot be woken up', async () => {
    const { sign, laboratory, events } = await open()
    const { app } = openHttp([laboratory], {
      wakeUp: async () => Promise.reject(new Error('no jobs here')),
    })
    const event = sign({ type: 'payout.paid', object: payout })
    expect((await app.inject({ method: 'POST', url: sellers, ...event })).statusCode).toBe(200)
    await app.close()
    expect(await events()).toHaveLength(1)
    expect(laboratory.logs).toContainEqual(
      expect.objectContaining({ message: 'the job for events could not be woken up' }),
    )
  })

  test('without a configured secret is told which variable is missing', async () => {
    const { sign, laboratory } = await open()
    const unset = { sellers: [], operator: [], callback: [] }
    const { app } = openHttp([laboratory], { environments: [environmentOf(laboratory, unset)] })
    const event = sign({ type: 'payout.paid', object: payout })
    const answer = await app.inject({ method: 'POST', url: sellers, ...event })
    expect(answer.statusCode).toBe(503)
    expect(answer.json().detail).toContain('STRIPE_SELLERS_WEBHOOK_SECRET')
    const operator = '/api/public/webhook/operator'
    const other = await app.inject({ method: 'POST', url: operator, ...event })
    expect(other.json().detail).toContain('STRIPE_OPERATOR_WEBHOOK_SECRET')
  })
})

test('the simulated Stripe delivers to both doors, and the job applies it', async () => {
  const laboratory = await openLaboratory(database, { webhooks: false })
  const secrets = { operator: [] as string[], sellers: [] as string[] }
  const { app } = openHttp([laboratory], { environments: [environmentOf(laboratory, secrets)] })
  const stripe = createStripeSandbox({
    clock: laboratory.clock,
    deliver: async (input, init) => {
      const request = new Request(input, init)
      const { statusCode } = await app.inject({
        method: 'POST',
        url: new URL(request.url).pathname,
        headers: Object.fromEntries(request.headers),
        payload: await request.text(),
      })
      return new Response('', { status: statusCode })
    },
  })
  const sdk = new Stripe('sk_test_1', {
    httpClient: Stripe.createFetchHttpClient(fetchOf(stripe.handler)),
    telemetry: false,
  })
  for (const door of ['operator', 'sellers'] as const) {
    const { secret } = await sdk.webhookEndpoints.create({
      url: `https://pay.example/api/public/webhook/${door}`,
      enabled_events: ['*'],
      connect: door === 'sellers',
    })
    secrets[door].push(secret ?? '')
  }
  stripe.disturbDelivery({ action: 'duplicate', times: 3 })
  await sdk.accounts.create({ type: 'express', country: 'FR' })
  await sdk.paymentIntents.create({
    amount: 4_200,
    currency: 'eur',
    capture_method: 'manual',
    payment_method: 'pm_card_visa',
    confirm: true,
    metadata: { mirakl_commercial_order_id: 'C1' },
  })
  await stripe.settled()
  expect(stripe.deliveryAttempts().length).toBeGreaterThan(3)
  expect(new Set(stripe.deliveryAttempts().map(each => each.status))).toEqual(new Set([200]))
  await applyProviderEvents(laboratory.work(), laboratory.reader)
  expect(await paymentsOf(laboratory)).toEqual([{ purchase_id: 'C1', authorized: 4_200n }])
})

function paymentsOf({ environment }: Laboratory) {
  return database.queries
    .selectFrom('payments')
    .select(['purchase_id', 'authorized'])
    .where('environment_id', '=', environment.id)
    .execute()
}

describe('a seller never touches the order of another (defect 19)', () => {
  test('a payment on a seller’s own account pays no purchase', async () => {
    const { app, sign, events, laboratory } = await open()
    const intent = { id: 'pi_1', object: 'payment_intent', amount: 5000, status: 'succeeded' }
    const metadata = { mirakl_commercial_order_id: 'C1' }
    const event = sign({
      type: 'payment_intent.succeeded',
      object: { ...intent, currency: 'eur', metadata },
      account: 'acct_mallory',
    })
    expect((await app.inject({ method: 'POST', url: sellers, ...event })).statusCode).toBe(200)
    await applyProviderEvents(laboratory.work(), laboratory.reader)
    expect(await events()).toMatchObject([{ account: 'acct_mallory', status: 'ignored' }])
    expect(await paymentsOf(laboratory)).toEqual([])
  })

  test('a payout that names the movement of another seller changes nothing', async () => {
    const { app, sign, events, laboratory } = await open()
    await database.queries.insertInto('movements').values(payoutOfAlice(laboratory)).execute()
    const event = sign({
      type: 'payout.failed',
      object: { ...payout, status: 'failed', metadata: { tributary_movement: 'mv_alice' } },
      account: 'acct_mallory',
    })
    expect((await app.inject({ method: 'POST', url: sellers, ...event })).statusCode).toBe(200)
    await applyProviderEvents(laboratory.work(), laboratory.reader)
    expect(await events()).toMatchObject([
      { status: 'refused', reason: 'the event comes from another account' },
    ])
    expect(await laboratory.movements()).toMatchObject([{ id: 'mv_alice', status: 'accepted' }])
  })
})

/** A payout of 50.00 EUR that is on its way to another seller's bank. */
function payoutOfAlice({ environment, clock }: Laboratory) {
  const instruction = { do: 'payout', account: 'acct_alice', statement: null, currency: 'EUR' }
  return {
    environment_id: environment.id,
    id: 'mv_alice',
    kind: 'payout',
    origin: 'planned',
    source_type: 'cycle',
    source_id: '7001',
    part: '',
    sequence: 1,
    status: 'accepted',
    currency: 'EUR',
    amount: 5_000n,
    sent_amount: 5_000n,
    provider: 'stripe',
    account: 'acct_alice',
    instruction: JSON.stringify({ ...instruction, amount: { $n: '5000' } }),
    facts: '{}',
    created_at: clock.now(),
    updated_at: clock.now(),
  }
}

describe('two environments behind one address', () => {
  test('the secret that verifies says which one an event is for', async () => {
    const test = await openLaboratory(database, { webhooks: false })
    const live = await openLaboratory(database, { webhooks: false, mode: 'live' })
    const { app, woken } = openHttp([test, live])
    const secret = live.secrets[1] ?? ''
    const more = { type: 'payout.paid', object: payout, livemode: true, account: 'acct_1' }
    const event = signedEvent(live, more, { secret })
    expect((await app.inject({ method: 'POST', url: sellers, ...event })).statusCode).toBe(200)
    expect(woken).toEqual([live.environment.id])
  })

  test('of two with the same secret, the one of the event’s mode', async () => {
    const test = await openLaboratory(database, { webhooks: false })
    const live = await openLaboratory(database, { webhooks: false, mode: 'live' })
    const same = { sellers: ['whsec_same'] }
    const environments = [environmentOf(test, same), environmentOf(live, same)]
    const { app, woken } = openHttp([test, live], { environments })
    const more = { type: 'payout.paid', object: payout, livemode: true, account: 'acct_1' }
    const event = signedEvent(live, more, { secret: 'whsec_same' })
    expect((await app.inject({ method: 'POST', url: sellers, ...event })).statusCode).toBe(200)
    expect(woken).toEqual([live.environment.id])
  })
})
