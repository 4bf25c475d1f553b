import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import Stripe from 'stripe'
import type { Database } from '../../src/database/connection.ts'
import { applyProviderEvents } from '../../src/workflows/apply-provider-event.ts'
import { chargeOf } from '../conformance/stripe-laboratory.ts'
import { openTestDatabase } from '../database.ts'
import { openHttp } from '../http-laboratory.ts'
import { openLaboratory } from '../workflows/laboratory.ts'
import { changed, changes } from './changes.ts'
import { fuzzing } from './runs.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

/** A laboratory whose Stripe has told of payments, accounts, transfers, refunds and payouts. */
async function openWorld() {
  const lab = await openLaboratory(database, { webhooks: false })
  const seller = await lab.openSeller()
  const intent = await lab.pay('P-1', 10_000, { capture_method: 'automatic' })
  const charge = chargeOf(intent)
  const account = await lab.accountOf(seller)
  const transfer = await lab.sdk.transfers.create({
    amount: 500,
    currency: 'eur',
    destination: account,
    source_transaction: charge,
  })
  await lab.sdk.transfers.createReversal(transfer.id, { amount: 100 })
  await lab.sdk.refunds.create({ charge, amount: 100 })
  const disputed = await lab.pay('P-2', 1_000, { capture_method: 'automatic' })
  lab.stripe.dispute(chargeOf(disputed))
  const { data: platform } = await lab.sdk.events.list({ limit: 100 })
  const events = [...new Map(platform.map(event => [event.type, event])).values()]
  return { lab, events, ...openHttp([lab]) }
}

const url = '/api/public/webhook/operator'

test('a signed event, however changed, is stored or refused with the field, and never stops others', async () => {
  const { lab, app, events } = await openWorld()
  expect(events.length).toBeGreaterThan(4)
  const [secret = ''] = lab.secrets
  let sent = 0
  const once = async (place: number, list: Parameters<typeof changed>[1]) => {
    sent += 1
    const event = { ...events[place % events.length], id: `evt_fuzz_${sent}` }
    const payload = changed(event, list)
    const timestamp = Math.floor(lab.clock.now().getTime() / 1000)
    const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
    const answer = await app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    })
    expect([200, 400]).toContain(answer.statusCode)
    if (answer.statusCode === 400) expect(answer.json().detail).toMatch(/cannot be read: \S/)
    await applyProviderEvents(lab.work(), lab.reader)
    const open = await database.queries
      .selectFrom('inbound_events')
      .select(['id', 'status', 'reason'])
      .where('environment_id', '=', lab.environment.id)
      .where('status', '=', 'stored')
      .execute()
    expect(open).toEqual([])
  }
  await fc.assert(fc.asyncProperty(fc.nat({ max: 999 }), changes, once), fuzzing(60))
})

const headers: fc.Arbitrary<string> = fc.oneof(
  fc
    .string({ unit: 'binary-ascii', maxLength: 60 })
    .map(text => text.replaceAll(/[^\x20-\x7e]/g, '')),
  fc.constantFrom(
    't=',
    't=NaN,v1=00',
    't=1e400,v1=00',
    't=-1,v1=00',
    'v1=00,v1=11',
    `t=99999999999999999999,v1=${'0'.repeat(64)}`,
    `t=1,v0=${'a'.repeat(64)}`,
    `t=1,${'v1=00,'.repeat(2_000)}`,
    '__proto__=1,t=1,v1=constructor',
  ),
)

test('a signature that is none is refused, whatever it looks like', async () => {
  const { app } = await openWorld()
  const once = async (signature: string) => {
    const answer = await app.inject({
      method: 'POST',
      url,
      payload: '{"id":"evt_1"}',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  }
  await fc.assert(fc.asyncProperty(headers, once), fuzzing(40))
})

test('one right signature among several is enough; a stale or replayed one is not', async () => {
  const { lab, app, events } = await openWorld()
  const [secret = ''] = lab.secrets
  const payload = JSON.stringify(events[0])
  const now = Math.floor(lab.clock.now().getTime() / 1000)
  const signed = (timestamp: number) =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })
  const post = async (signature: string, body: string | Buffer = payload) => {
    const answer = await app.inject({
      method: 'POST',
      url,
      payload: body,
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
    })
    return answer.statusCode
  }
  const right = signed(now)
  expect(await post(right.replace(',v1=', `,v1=${'0'.repeat(64)},v1=`))).toBe(200)
  expect(await post(right)).toBe(200)
  expect(await post(signed(now - 301))).toBe(400)
  expect(await post(right.replace(/t=\d+/, `t=${now - 1}`))).toBe(400)
  for (const body of [
    `\uFEFF${payload}`,
    `${payload} `,
    payload.slice(0, -1),
    Buffer.from(payload, 'utf16le'),
    Buffer.from([0xff, 0xfe, 0x00]),
    '<html>502</html>',
    '',
  ]) {
    expect(await post(right, body)).toBe(400)
  }
})
