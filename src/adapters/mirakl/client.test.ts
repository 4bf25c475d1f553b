import { describe, expect, it } from 'vitest'
import { MarketplaceError } from '../../domain/errors.ts'
import type { MiraklAuth } from './authorization.ts'
import { createClient } from './client.ts'
import { answerOf, cutConnection, type Scripted, scriptedFetch } from './scripted-fetch.ts'

const key: MiraklAuth = { kind: 'apiKey', key: 'front-key' }
const oauth: MiraklAuth = {
  kind: 'oauth',
  authUrl: 'https://auth.example/oauth/token',
  clientId: 'id',
  clientSecret: 'secret',
}
const html = '<html><body>Bad Gateway</body></html>'

function setUp(auth: MiraklAuth, ...answers: readonly Scripted[]) {
  const world = scriptedFetch(...answers)
  const waits: number[] = []
  let now = new Date('2026-03-01T10:00:00Z')
  const client = createClient({
    baseUrl: 'https://tenant.example/',
    auth,
    fetch: world.fetch,
    clock: { now: () => now },
    wait: async seconds => {
      waits.push(seconds)
      now = new Date(now.getTime() + seconds * 1000)
    },
  })
  const read = () => client.read('OR11', '/api/orders')
  return { client, read, asked: world.asked, waits, pass: (seconds: number) => advance(seconds) }
  function advance(seconds: number): void {
    now = new Date(now.getTime() + seconds * 1000)
  }
}

async function failureOf(promise: Promise<unknown>): Promise<MarketplaceError> {
  const error: unknown = await promise.catch((caught: unknown) => caught)
  if (error instanceof MarketplaceError) return error
  throw new Error(`no MarketplaceError: ${String(error)}`)
}

describe('reading', () => {
  it('sends the raw key and takes the clock of Mirakl', async () => {
    const date = 'Sun, 01 Mar 2026 09:59:58 GMT'
    const { read, asked } = setUp(key, answerOf('{"orders":[]}', 200, { date }))
    expect((await read()).at.toISOString()).toBe('2026-03-01T09:59:58.000Z')
    expect(asked[0]?.headers.get('authorization')).toBe('front-key')
    expect(asked[0]?.headers.get('accept')).toBe('application/json')
    expect(asked[0]?.address).toBe('/api/orders')
  })

  it('takes our own clock when Mirakl sends no date', async () => {
    const { read } = setUp({ kind: 'bearer', token: 't' }, answerOf('{}'))
    expect((await read()).at.toISOString()).toBe('2026-03-01T10:00:00.000Z')
  })

  it('tries three times when Mirakl fails, in whatever way', async () => {
    const { read, waits } = setUp(key, answerOf(html, 502), cutConnection(), answerOf('{"a":1}'))
    expect((await read()).body).toEqual({ a: 1 })
    expect(waits).toEqual([1, 3])
    const other = setUp(key, answerOf(html), answerOf(html, 500), cutConnection())
    const failure = await failureOf(other.read())
    expect(failure).toMatchObject({ kind: 'unavailable' })
    expect(failure.message).toContain('ECONNRESET')
    expect(other.asked).toHaveLength(3)
  })

  it('defect 15: a 429 is honoured, within reason', async () => {
    const limited = (seconds: string) => answerOf('{}', 429, { 'retry-after': seconds })
    const short = setUp(key, limited('7'), answerOf('{"a":1}'))
    expect((await short.read()).body).toEqual({ a: 1 })
    expect(short.waits).toEqual([7])
    const long = setUp(key, limited('3600'))
    expect(await failureOf(long.read())).toMatchObject({
      kind: 'rate_limited',
      retryAfterSeconds: 3600,
    })
    expect(long.waits).toEqual([])
    const often = setUp(key, ...Array.from({ length: 4 }, () => limited('5')))
    expect(await failureOf(often.read())).toMatchObject({ retryAfterSeconds: 5 })
    expect(often.asked).toHaveLength(4)
    const dated = setUp(key, limited('Sun, 01 Mar 2026 10:00:20 GMT'), answerOf('{}'))
    await dated.read()
    expect(dated.waits).toEqual([20])
    for (const endless of ['9'.repeat(400), 'Fri, 31 Dec 9999 23:59:59 GMT']) {
      const failure = await failureOf(setUp(key, limited(endless)).read())
      expect(failure).toMatchObject({ retryAfterSeconds: 24 * 3600 })
    }
  })

  it('a date of the future is not believed: checkpoints follow it', async () => {
    const dated = (date: string) => setUp(key, answerOf('{}', 200, { date })).read()
    const { at: ours } = await setUp(key, answerOf('{}')).read()
    expect((await dated('Sun, 01 Mar 2099 10:00:00 GMT')).at).toEqual(ours)
    expect((await dated('nonsense')).at).toEqual(ours)
    const earlier = new Date(ours.getTime() - 60_000)
    expect((await dated(earlier.toUTCString())).at.getTime()).toBeLessThanOrEqual(earlier.getTime())
  })

  it.each([
    [401, '', 'unauthorized'],
    [403, '{"status":403,"message":"Forbidden"}', 'forbidden'],
    [404, '{"status":404,"message":"Not Found"}', 'not_found'],
    [400, '{"errors":[{"code":"c","field":"max","message":"too large"}]}', 'refused'],
    [302, '', 'refused'],
  ] as const)('answers %i at once, with a mend', async (status, body, kind) => {
    const { read, asked } = setUp(key, answerOf(body, status))
    const failure = await failureOf(read())
    expect(failure.kind).toBe(kind)
    expect(failure.mend).not.toBe('')
    expect(failure.message).toContain('OR11 (GET /api/orders)')
    if (status === 400) expect(failure.message).toContain('max: too large')
    expect(asked).toHaveLength(1)
  })
})

describe('writing', () => {
  const put = (...answers: readonly Scripted[]) => {
    const { client, asked } = setUp(key, ...answers)
    return { result: client.write('PA01', { orders: [] }), asked }
  }

  it.each([
    ['a 204', answerOf('', 204), { result: 'told', body: null }],
    ['a reset connection', cutConnection(), { result: 'unknown' }],
    ['a gateway', answerOf(html, 502), { result: 'unknown' }],
    ['a redirect', answerOf('', 302), { result: 'unknown' }],
    ['a 429', answerOf('', 429, { 'retry-after': '9' }), { retryAfterSeconds: 9 }],
    ['a 404', answerOf('', 404), { result: 'refused' }],
    [
      'a wrong state',
      answerOf('{"status":400,"message":"The order does not have the expected status"}', 400),
      { result: 'refused', message: 'The order does not have the expected status' },
    ],
  ])('asks once: %s', async (_name, answer, expected) => {
    const { result, asked } = put(answer)
    expect(await result).toMatchObject(expected)
    expect(asked).toHaveLength(1)
    expect(asked[0]?.headers.get('content-type')).toBe('application/json')
  })

  it('never quotes a key that cannot be sent', async () => {
    const { client } = setUp({ kind: 'apiKey', key: 'sec\nret' })
    expect(JSON.stringify(await client.write('PA01', {}))).not.toMatch(/sec|ret"/)
  })

  it('throws for a key that may not write at all', async () => {
    expect(await failureOf(put(answerOf('', 403)).result)).toMatchObject({ kind: 'forbidden' })
  })
})

describe('OAuth2 client credentials', () => {
  const token = (name: string) => answerOf(`{"access_token":"${name}","expires_in":3599}`)

  it('keeps the token, renews it early and once upon a 401', async () => {
    const { read, asked, pass } = setUp(
      oauth,
      token('one'),
      answerOf('{}'),
      answerOf('{}'),
      token('two'),
      answerOf('{}'),
      answerOf('', 401),
      token('three'),
      answerOf('{}'),
    )
    await read()
    await read()
    pass(3550)
    await read()
    await read()
    expect(asked.map(one => one.headers.get('authorization'))).toEqual([
      null,
      'Bearer one',
      'Bearer one',
      null,
      'Bearer two',
      'Bearer two',
      null,
      'Bearer three',
    ])
    expect(asked[0]?.body).toBe('grant_type=client_credentials&client_id=id&client_secret=secret')
  })

  it('gives up after the second 401', async () => {
    const { read } = setUp(oauth, token('a'), answerOf('', 401), token('b'), answerOf('', 401))
    expect(await failureOf(read())).toMatchObject({ kind: 'unauthorized' })
  })

  it('says when the credentials are wrong, and when there is nobody to ask', async () => {
    const wrong = setUp(oauth, answerOf('{"error":"invalid_client"}', 401))
    expect(await failureOf(wrong.read())).toMatchObject({ kind: 'unauthorized' })
    const away = setUp(oauth, cutConnection(), cutConnection(), answerOf(html, 503))
    expect(await failureOf(away.read())).toMatchObject({ kind: 'unavailable' })
  })
})
