import { afterEach, expect, test } from 'vitest'
import { createFaultPlan } from './faults.ts'
import { ConnectionCut, fetchOf, listen, withFaults } from './http.ts'
import type { Handler } from './http.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const echo: Handler = async request =>
  new Response(await request.text(), {
    status: 201,
    headers: { 'x-path': new URL(request.url).pathname, date: 'Mon, 02 Nov 2026 08:00:00 GMT' },
  })

test('a handler is served over a socket, with its own date', async () => {
  const server = await listen(echo)
  closers.push(() => server.close())
  const response = await fetch(`${server.url}/a/b`, { method: 'POST', body: 'grüße' })
  expect(response.status).toBe(201)
  expect(response.headers.get('x-path')).toBe('/a/b')
  expect(response.headers.get('date')).toBe('Mon, 02 Nov 2026 08:00:00 GMT')
  expect(await response.text()).toBe('grüße')
})

test('a cut connection is a failed fetch, over a socket and in process', async () => {
  const cut: Handler = () => Promise.reject(new ConnectionCut())
  const server = await listen(cut)
  closers.push(() => server.close())
  await expect(fetch(server.url)).rejects.toThrow(TypeError)
  await expect(fetchOf(cut)('http://sandbox.test/')).rejects.toThrow('fetch failed')
})

test('faults strike what they name, as often as they say, and never control requests', async () => {
  let calls = 0
  const counted: Handler = request => {
    calls += 1
    return echo(request)
  }
  const plan = createFaultPlan(1)
  const call = fetchOf(withFaults('stripe', counted, plan))
  plan.add({ side: 'mirakl', kind: 'cut_before' })
  plan.add({ side: 'stripe', kind: 'cut_before', path: '/v1/transfers', times: 1 })
  plan.add({ side: 'stripe', kind: 'cut_after', path: '/v1/transfers', times: 1 })
  plan.add({ side: 'stripe', kind: 'rate_limited', path: '/v1/pay', retryAfterSeconds: 3 })
  await expect(call('http://s.test/v1/transfers')).rejects.toThrow(TypeError)
  expect(calls).toBe(0)
  await expect(call('http://s.test/v1/transfers')).rejects.toThrow(TypeError)
  expect(calls).toBe(1)
  expect((await call('http://s.test/v1/transfers')).status).toBe(201)
  const limited = await call('http://s.test/v1/payouts')
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3'])
  expect((await call('http://s.test/_sandbox/v1/payouts')).status).toBe(201)
  expect(plan.counts()).toEqual({
    'stripe.cut_before': 1,
    'stripe.cut_after': 1,
    'stripe.rate_limited': 1,
  })
})

test('chances are replayed from the seed', () => {
  const draw = (seed: number): string => {
    const plan = createFaultPlan(seed)
    plan.add({ side: 'stripe', kind: 'error_json', probability: 0.5 })
    return Array.from({ length: 32 }, () => (plan.next('stripe', 'GET', '/') ? 'x' : '.')).join('')
  }
  expect(draw(7)).toBe(draw(7))
  expect(draw(7)).not.toBe(draw(8))
})
