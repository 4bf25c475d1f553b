import type Stripe from 'stripe'
import { expect, test } from 'vitest'
import { openLaboratory, openSeller, pay, refusal } from './laboratory.ts'
import type { Laboratory } from './laboratory.ts'

interface Received {
  url: string
  event: Stripe.Event
  at: number
}

/** A laboratory whose webhooks end in a list; `secrets` verifies those of its endpoints. */
function openListening(answer: () => number = () => 200) {
  const received: Received[] = []
  const secrets = new Map<string, string>()
  const lab: Laboratory = openLaboratory({
    deliver: async (input, init) => {
      const request = new Request(input, init)
      const now = lab.clock.now().getTime()
      const event = await lab.stripe.webhooks.constructEventAsync(
        await request.text(),
        request.headers.get('stripe-signature') ?? '',
        secrets.get(request.url) ?? '',
        300,
        undefined,
        now,
      )
      received.push({ url: request.url, event, at: now / 1000 })
      return new Response(null, { status: answer() })
    },
  })
  const listen = async (name: string, connect: boolean, events = ['*']) => {
    const url = `http://hub.test/${name}`
    const endpoint = await lab.stripe.webhookEndpoints.create({
      url,
      connect,
      enabled_events: events as ['*'],
    })
    secrets.set(url, endpoint.secret ?? '')
    return endpoint
  }
  const typesAt = (name: string) =>
    received.filter(({ url }) => url.endsWith(`/${name}`)).map(({ event }) => event.type)
  return { lab, received, listen, typesAt }
}

test('account endpoints get the events of the platform, Connect endpoints those of the sellers', async () => {
  const { lab, received, listen, typesAt } = openListening()
  await listen('operator', false)
  await listen('sellers', true)
  const seller = await openSeller(lab)
  await pay(lab, 1000, { capture_method: 'manual' })
  await lab.sandbox.settled()
  expect(typesAt('operator')).toEqual([
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.amount_capturable_updated',
  ])
  expect(typesAt('sellers')).toEqual([
    'capability.updated',
    'capability.updated',
    'account.updated',
  ])
  expect(received.find(({ event }) => event.type === 'account.updated')?.event).toMatchObject({
    account: seller,
    livemode: false,
    data: { object: { id: seller, details_submitted: true } },
  })
})

test('an event shows its object as it was, and is listed with its types', async () => {
  const { lab, listen, typesAt } = openListening()
  await listen('operator', false, ['payment_intent.succeeded'])
  await pay(lab, 1000)
  await lab.sandbox.settled()
  expect(typesAt('operator')).toEqual(['payment_intent.succeeded'])
  const listed = await lab.stripe.events.list({ types: ['payment_intent.created'] })
  expect(listed.data[0]).toMatchObject({
    type: 'payment_intent.created',
    data: { object: { status: 'requires_confirmation', latest_charge: null } },
  })
  const one = await lab.stripe.events.retrieve(listed.data[0]?.id ?? '')
  expect(one.request?.id).toMatch(/^req_/)
})

test('a delivery that is not answered 2xx is tried again at 1 min, 5 min and 30 min', async () => {
  const answers = [500, 302, 200]
  const { lab, received, listen } = openListening(() => answers.shift() ?? 200)
  await listen('operator', false, ['charge.succeeded'])
  await pay(lab, 1000)
  await lab.sandbox.settled()
  await lab.clock.advance(86_400_000)
  await lab.sandbox.settled()
  const start = received[0]?.at ?? 0
  expect(received.map(({ at }) => at - start)).toEqual([0, 60, 360])
  expect(new Set(received.map(({ event }) => event.id)).size).toBe(1)
  expect(lab.sandbox.deliveryAttempts().map(({ status }) => status)).toEqual([500, 302, 200])
})

test('deliveries are lost, doubled and delayed on demand', async () => {
  const { lab, listen, typesAt } = openListening()
  await listen('operator', false, ['charge.succeeded', 'payment_intent.succeeded'])
  lab.sandbox.disturbDelivery({ action: 'drop', type: 'charge.succeeded' })
  lab.sandbox.disturbDelivery({ action: 'duplicate', type: 'payment_intent.succeeded' })
  lab.sandbox.disturbDelivery({ action: 'delay', type: 'charge.succeeded', delaySeconds: 600 })
  await pay(lab, 1000)
  await pay(lab, 1000)
  await lab.sandbox.settled()
  const succeeded = 'payment_intent.succeeded'
  expect(typesAt('operator')).toEqual([succeeded, succeeded, succeeded])
  await lab.clock.advance(600_000)
  await lab.sandbox.settled()
  expect(typesAt('operator').at(-1)).toBe('charge.succeeded')
})

test('an endpoint tells its secret once, and stops when disabled or deleted', async () => {
  const { lab, received, listen } = openListening()
  const { id, secret } = await listen('operator', false)
  expect(secret).toMatch(/^whsec_/)
  expect((await lab.stripe.webhookEndpoints.retrieve(id)).secret).toBeUndefined()
  await lab.stripe.webhookEndpoints.update(id, { disabled: true })
  await pay(lab, 1000)
  await lab.stripe.webhookEndpoints.update(id, { disabled: false })
  await lab.stripe.webhookEndpoints.del(id)
  await pay(lab, 1000)
  await lab.sandbox.settled()
  expect(received).toEqual([])
  expect((await lab.stripe.webhookEndpoints.list()).data).toEqual([])
  expect((await refusal(lab.stripe.webhookEndpoints.retrieve(id))).statusCode).toBe(404)
})
