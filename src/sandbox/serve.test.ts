import { afterEach, expect, test } from 'vitest'
import { serveSandbox } from './serve.ts'
import type { SandboxOptions, ServedSandbox } from './serve.ts'

const start = new Date('2026-11-02T06:00:00Z')
const open: ServedSandbox[] = []
afterEach(async () => {
  for (const served of open.splice(0)) await served.close()
})

async function serve(options: Partial<SandboxOptions> = {}): Promise<ServedSandbox> {
  const served = await serveSandbox({ seed: 1, start, ...options })
  open.push(served)
  return served
}

async function ask(url: string, body?: unknown, method = body === undefined ? 'GET' : 'POST') {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(url, init)
  return { status: response.status, body: (await response.json()) as unknown }
}

test('both simulators share the clock that the control server moves', async () => {
  const { controlUrl, miraklUrl, stripeUrl } = await serve()
  const moved = await ask(`${controlUrl}/clock/advance`, { seconds: 3600 })
  expect(moved.body).toEqual({ now: '2026-11-02T07:00:00.000Z' })
  const headers = { authorization: 'key' }
  const version = await fetch(`${miraklUrl}/api/version`, { headers })
  const account = await fetch(`${stripeUrl}/v1/account`, {
    headers: { authorization: 'Bearer sk_test_1' },
  })
  expect(version.headers.get('date')).toBe('Mon, 02 Nov 2026 07:00:00 GMT')
  expect(account.headers.get('date')).toBe('Mon, 02 Nov 2026 07:00:00 GMT')
  const back = await ask(`${controlUrl}/clock/move-to`, { to: '2026-11-01T00:00:00Z' })
  expect(back).toMatchObject({ status: 400, body: { error: expect.stringContaining('go back') } })
})

test('faults are added, happen, and are taken away', async () => {
  const { controlUrl, stripeUrl } = await serve()
  await ask(`${controlUrl}/faults`, { side: 'stripe', kind: 'error_json', times: 1 })
  const broken = await fetch(`${stripeUrl}/v1/account`, {
    headers: { authorization: 'Bearer sk_test_1' },
  })
  expect(broken.status).toBe(500)
  expect((await ask(`${controlUrl}/faults`)).body).toEqual({
    faults: [],
    happened: { 'stripe.error_json': 1 },
  })
  expect((await ask(`${controlUrl}/faults`, { side: 'bank' })).status).toBe(400)
})

test('the week is played step by step, and the books follow', async () => {
  const { controlUrl } = await serve()
  const step = await ask(`${controlUrl}/scenario/step`, {})
  expect(step.body).toMatchObject({ day: 1, title: 'shops' })
  const day = await ask(`${controlUrl}/scenario/day`, {})
  expect(day.body).toContainEqual(expect.objectContaining({ title: 'purchases' }))
  const left = (await ask(`${controlUrl}/scenario`)).body
  expect(left).not.toContainEqual(expect.objectContaining({ day: 1 }))
  const books = (await ask(`${controlUrl}/books`)).body
  expect(books).toMatchObject({ mirakl: { customers: { EUR: {} } }, stripe: { totals: {} } })
})

test('the index says what can be done, to people and to programs', async () => {
  const { controlUrl, miraklUrl } = await serve()
  expect((await ask(controlUrl)).body).toMatchObject({ miraklUrl, controls: expect.anything() })
  const page = await fetch(controlUrl, { headers: { accept: 'text/html' } })
  expect(await page.text()).toContain('<h1>Sandbox</h1>')
  const shop = await ask(`${controlUrl}/_sandbox/mirakl/addShop`, [{ name: 'Café Zoé' }])
  expect(shop.body).toBe(2001)
  expect((await ask(`${controlUrl}/nothing`)).status).toBe(404)
})

test('webhooks go where they were told to, signed', async () => {
  const received: { url: string; signature: string | null }[] = []
  const { listen } = await import('./http.ts')
  const receiver = await listen(async request => {
    received.push({ url: request.url, signature: request.headers.get('stripe-signature') })
    return new Response('')
  })
  const { stripeUrl, stripe } = await serve({
    webhooks: {
      operatorUrl: `${receiver.url}/operator`,
      operatorSecret: 'whsec_one',
      sellersUrl: `${receiver.url}/sellers`,
      sellersSecret: 'whsec_two',
    },
  })
  await fetch(`${stripeUrl}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_1' },
    body: new URLSearchParams({ amount: '500', currency: 'eur' }),
  })
  await stripe.settled()
  await receiver.close()
  expect(received).toEqual([
    { url: `${receiver.url}/operator`, signature: expect.stringMatching(/^t=\d+,v1=/) },
  ])
})
