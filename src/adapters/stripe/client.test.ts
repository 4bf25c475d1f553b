import { afterEach, expect, test, vi } from 'vitest'
import { createClient, type StripeOptions, UnreadableAnswer } from './client.ts'
import { outcomeOf } from './outcome.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** A client of a server that answers everything with the same body, and what was asked of it. */
function open(body: unknown, options: Partial<StripeOptions> = {}, status = 200) {
  const requests: Request[] = []
  const client = createClient({
    secretKey: 'sk_test_123',
    fetch: (input, init) => {
      requests.push(new Request(input, init))
      return Promise.resolve(Response.json(body, { status }))
    },
    purchaseMetadataKey: 'mirakl_commercial_order_id',
    pluginVersion: '0.1.0',
    ...options,
  })
  return { client, requests }
}

const account = { id: 'acct_platform', object: 'account' }

test('the official API is asked, with the version that the SDK pins and no telemetry', async () => {
  const { client, requests } = open(account)
  expect(await client.platformAccountId()).toBe('acct_platform')
  expect(await client.platformAccountId()).toBe('acct_platform')
  expect(requests).toHaveLength(1)
  const [request] = requests
  expect(request?.url).toBe('https://api.stripe.com/v1/account')
  expect(request?.headers.get('authorization')).toBe('Bearer sk_test_123')
  expect(request?.headers.get('stripe-version')).toMatch(/^\d{4}-\d\d-\d\d\.\w+$/)
  expect(request?.headers.has('x-stripe-client-telemetry')).toBe(false)
})

test('a base URL may have a port and a path', async () => {
  const { client, requests } = open(account, { apiBase: 'http://127.0.0.1:4242/stripe/' })
  await client.platformAccountId()
  expect(requests[0]?.url).toBe('http://127.0.0.1:4242/stripe/v1/account')
})

test('a configured platform account is not asked for', async () => {
  const { client, requests } = open(account, { platformAccountId: 'acct_1' })
  expect(await client.platformAccountId()).toBe('acct_1')
  expect(requests).toHaveLength(0)
})

test('a JSON that is no object of Stripe’s is unreadable, whatever its status', async () => {
  const { client } = open({ message: 'upstream failed' }, {}, 503)
  const error = await client.platformAccountId().catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(UnreadableAnswer)
  expect(outcomeOf(error)).toMatchObject({ result: 'unknown', lookUp: false })
})

test.each([
  ['transfer', { id: 'tr_1', currency: 'eur', amount_reversed: 0 }],
  ['transfer', { id: 'tr_1', currency: 'eur', amount: 12.5, amount_reversed: 0 }],
  ['payout', { amount: 100, currency: 'eur', status: 'paid' }],
  ['list', { data: null }],
])('a %s without what is read of it is unreadable, so unknown', async (object, rest) => {
  const { client } = open({ object, ...rest })
  const asking = client.ask('transfers', sdk => sdk.transfers.retrieve('tr_1'))
  const error = await asking.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(UnreadableAnswer)
  expect(outcomeOf(error)).toMatchObject({ result: 'unknown' })
})

test('texts that no database keeps are replaced', async () => {
  const metadata = { mirakl_commercial_order_id: 'a\0b\ud800' }
  const { client } = open({ object: 'dispute', id: 'dp_1', metadata })
  const read = await client.ask('disputes', sdk => sdk.disputes.retrieve('dp_1'))
  expect(read.metadata).toEqual({ mirakl_commercial_order_id: 'a\uFFFDb\uFFFD' })
})

test('the calls of one endpoint are paced, and those of another go on', async () => {
  vi.useFakeTimers()
  const { client, requests } = open(account, { requestsPerSecond: 2 })
  const ask = (endpoint: string) => client.ask(endpoint, sdk => sdk.accounts.retrieveCurrent())
  const calls = [ask('transfers'), ask('transfers'), ask('transfers'), ask('payouts')]
  await vi.advanceTimersByTimeAsync(500)
  expect(requests).toHaveLength(3)
  await vi.advanceTimersByTimeAsync(600)
  expect(requests).toHaveLength(4)
  await Promise.all(calls)
})

test('all calls together are paced, too', async () => {
  vi.useFakeTimers()
  const { client, requests } = open(account, { requestsPerSecond: null, totalPerSecond: 2 })
  const calls = ['a', 'b', 'c'].map(endpoint =>
    client.ask(endpoint, sdk => sdk.accounts.retrieveCurrent()),
  )
  await vi.advanceTimersByTimeAsync(500)
  expect(requests).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(600)
  await Promise.all(calls)
  expect(requests).toHaveLength(3)
})
