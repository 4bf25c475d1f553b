import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { openTestDatabase } from '../database.ts'
import { openHttp } from '../http-laboratory.ts'
import { openLaboratory } from '../workflows/laboratory.ts'
import { changed, changes } from './changes.ts'
import { fuzzing } from './runs.ts'

let database: Database
let app: ReturnType<typeof openHttp>['app']
let address: string
let port: number
beforeAll(async () => {
  database = await openTestDatabase()
  const laboratory = await openLaboratory(database)
  const opened = openHttp([laboratory])
  app = opened.app
  address = await app.listen({ port: 0, host: '127.0.0.1' })
  port = (app.server.address() as AddressInfo).port
})
afterAll(async () => {
  await app.close()
  await database.close()
})

const token = { 'x-auth-token': 'open-sesame' }
const routes = [
  '/',
  '/healthz',
  '/v1/status',
  '/explain/order/',
  '/explain/seller/',
  '/explain/invoice/',
  '/explain/movement/',
  '/api/mappings',
  '/api/mappings/',
  '/api/transfers',
  '/api/transfers/',
  '/api/payouts/',
  '/api/refunds',
  '/onboarding/',
  '/api/public/onboarding/refresh',
  '/api/public/webhook/sellers',
  '/callbacks/v1.0/stripe/',
]
const names = ['environment', 'lang', 'page', 'itemsPerPage', 'miraklId', 'miraklShopId', 'token']
const odd = fc.oneof(
  fc.constantFrom(
    '%00',
    '%',
    '%E0%A4%A',
    '%ED%A0%80',
    '..%2f..%2fetc',
    '-0',
    '1e400',
    '0x10',
    '9'.repeat(15),
    '9'.repeat(400),
    '__proto__',
    'constructor',
    '%27%3B--',
    '%3Cscript%3E',
    'x'.repeat(3_000),
    '%F0%9F%98%80'.repeat(90),
  ),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map(text => encodeURIComponent(text)),
)
const query = fc
  .array(fc.tuple(fc.constantFrom(...names), fc.constantFrom('', '[]', '[__proto__]'), odd), {
    maxLength: 4,
  })
  .map(pairs => pairs.map(([name, suffix, value]) => `${name}${suffix}=${value}`).join('&'))

test('no address makes the server fail', async () => {
  const once = async (route: string, path: string, search: string) => {
    const answer = await app.inject({
      url: `${route}${route.endsWith('/') ? path : ''}?${search}`,
      headers: token,
    })
    expect(answer.statusCode).toBeLessThan(500)
    if (answer.statusCode >= 400 && !route.startsWith('/onboarding'))
      expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.body).not.toContain('<script>alert')
  }
  await fc.assert(fc.asyncProperty(fc.constantFrom(...routes), odd, query, once), fuzzing(80))
})

test('no body makes the server fail', async () => {
  const whole = { miraklShopId: 2000, stripeUserId: 'acct_1' }
  const once = async (list: Parameters<typeof changed>[1]) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/mappings',
      headers: { ...token, 'content-type': 'application/json' },
      payload: changed(whole, list),
    })
    expect(answer.statusCode).toBeGreaterThanOrEqual(400)
    expect(answer.statusCode).toBeLessThan(500)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  }
  await fc.assert(fc.asyncProperty(changes, once), fuzzing(40))
})

const json = { ...token, 'content-type': 'application/json' }
const text = '{"miraklShopId":1,"stripeUserId":"acct_1"}'
const bodies: readonly (readonly [string, string | Buffer, Record<string, string>, number])[] = [
  ['cut off', text.slice(0, -5), json, 400],
  ['HTML', '<html></html>', json, 400],
  ['empty', '', json, 400],
  ['UTF-16', Buffer.from(text, 'utf16le'), json, 400],
  ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), json, 400],
  ['packed', gzipSync(text), { ...json, 'content-encoding': 'gzip' }, 400],
  ['of megabytes', ' '.repeat(2 * 1024 * 1024), json, 413],
  ['nested without end', '['.repeat(60_000), json, 400],
  ['with a prototype', '{"__proto__":{"admin":true}}', json, 400],
  ['of another type', text, { ...json, 'content-type': 'text/xml' }, 415],
  ['of no type', text, { ...json, 'content-type': 'nonsense' }, 415],
]

test.each(bodies)('a body that is %s is refused', async (_, body, headers, status) => {
  const answer = await fetch(`${address}/api/mappings`, { method: 'POST', headers, body })
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
})

/** What comes back for bytes that no client would send. */
function send(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('latin1').on('data', part => (heard += String(part)))
    socket.on('error', reject).on('close', () => resolve(heard))
  })
}

test.each([
  ['no HTTP at all', '\0\0\0\r\n\r\n', 400],
  ['a header without end', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, 431],
  ['a length that is none', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n', 400],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    400,
  ],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  [
    'a chunk whose size is none',
    'POST /api/public/webhook/sellers HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    400,
  ],
])('%s is answered and closed', async (_, bytes, status) => {
  const heard = await send(bytes)
  expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(heard).toContain('application/problem+json')
})

test('a request that never ends is ended by the server', () => {
  // Waiting for it would take its 30 seconds: these are what Node ends connections by.
  expect(app.server.requestTimeout).toBe(30_000)
  expect(app.server.headersTimeout).toBeGreaterThan(0)
  expect(app.server.headersTimeout).toBeLessThanOrEqual(60_000)
})
