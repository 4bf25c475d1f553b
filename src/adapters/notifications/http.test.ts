import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { afterEach, describe, expect, test } from 'vitest'
import { createAddressRule, rangesOf } from './addresses.ts'
import { createHttpNotifier } from './http.ts'

const at = new Date('2026-11-02T08:00:00.500Z')
const note = { id: 'ntf_1', body: '{"type":"payout.failed","payload":{}}', at }
const opened: { close(): void; closeAllConnections(): void }[] = []
afterEach(() => {
  for (const server of opened.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** An endpoint of the operator's. */
async function openEndpoint(answer: (response: ServerResponse) => void) {
  const received: { headers: IncomingHttpHeaders; body: string; method: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      received.push({ headers: request.headers, body, method: request.method ?? '' })
      answer(response)
    })
  })
  opened.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { received, port, url: `http://127.0.0.1:${port}/hook?a=1` }
}

const common = { secret: 'tnsec_1', allow: ['127.0.0.1'], userAgent: 'Tributary/0.1.0' }

describe('a delivery', () => {
  test('posts the body as it stands, signed and named', async () => {
    const endpoint = await openEndpoint(response => response.end('thanks'))
    const notifier = createHttpNotifier({ ...common, url: endpoint.url })
    expect(await notifier.post(note)).toMatchObject({
      result: 'told',
      status: 200,
      answer: 'thanks',
      milliseconds: expect.any(Number),
    })
    const [got] = endpoint.received
    expect(got).toMatchObject({ body: note.body, method: 'POST' })
    expect(got?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'tributary-id': 'ntf_1',
      'user-agent': 'Tributary/0.1.0',
    })
    const [, seconds, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(
      String(got?.headers['tributary-signature']),
    ) ?? ['', '', '']
    expect(Number(seconds)).toBe(Math.floor(at.getTime() / 1000))
    const right = createHmac('sha256', 'tnsec_1').update(`${seconds}.${note.body}`).digest('hex')
    expect(mac).toBe(right)
  })

  test('that is answered with an error is refused, with the beginning of the answer', async () => {
    const endpoint = await openEndpoint(response => {
      response.statusCode = 500
      response.end('é'.repeat(100_000))
    })
    const posting = await createHttpNotifier({ ...common, url: endpoint.url }).post(note)
    expect(posting).toMatchObject({ result: 'refused', status: 500, message: 'HTTP 500' })
    expect(posting.answer).toBe('é'.repeat(500))
  })

  test('does not follow a redirect', async () => {
    const target = await openEndpoint(response => response.end())
    const endpoint = await openEndpoint(response => {
      response.writeHead(307, { location: target.url }).end()
    })
    const posting = await createHttpNotifier({ ...common, url: endpoint.url }).post(note)
    expect(posting).toMatchObject({ result: 'refused', status: 307 })
    expect(posting.message).toContain('redirect')
    expect(target.received).toEqual([])
  })

  test('ends when no answer comes', async () => {
    const endpoint = await openEndpoint(() => undefined)
    const options = { ...common, url: endpoint.url, timeoutSeconds: 0.1 }
    expect(await createHttpNotifier(options).post(note)).toMatchObject({
      result: 'unknown',
      status: null,
      message: 'no answer within 0.1 seconds',
    })
  })

  test('ends when an answer never ends', async () => {
    const endpoint = await openEndpoint(response => response.write('begun'))
    const options = { ...common, url: endpoint.url, timeoutSeconds: 0.2 }
    expect(await createHttpNotifier(options).post(note)).toMatchObject({ result: 'unknown' })
  })

  test('to a name that is never resolved ends too', async () => {
    const options = {
      ...common,
      url: 'http://slow.example/',
      timeoutSeconds: 0.1,
      resolve: () => new Promise<never>(() => undefined),
    }
    expect(await createHttpNotifier(options).post(note)).toMatchObject({ result: 'unknown' })
  })

  test('to an endpoint that is down is unknown', async () => {
    const options = { ...common, url: 'http://127.0.0.1:1/' }
    const posting = await createHttpNotifier(options).post(note)
    expect(posting).toMatchObject({ result: 'unknown', status: null })
    expect(posting.message).toContain('ECONNREFUSED')
  })
})

describe('a private address', () => {
  test.each(['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://169.254.169.254/latest/meta-data/'])(
    'is refused: %s',
    async url => {
      const posting = await createHttpNotifier({ ...common, allow: [], url }).post(note)
      expect(posting).toMatchObject({ result: 'refused', status: null })
      expect(posting.message).toContain('TRIBUTARY_NOTIFICATION_ALLOW')
    },
  )

  test('behind a public name is refused, also beside public ones', async () => {
    const endpoint = await openEndpoint(response => response.end())
    const posting = await createHttpNotifier({
      ...common,
      allow: [],
      url: `http://inside.example:${endpoint.port}/`,
      resolve: async () => [
        { address: '93.184.216.34', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    }).post(note)
    expect(posting.result).toBe('refused')
    expect(endpoint.received).toEqual([])
  })

  test('cannot be slipped in after the check: the name is asked for once', async () => {
    const endpoint = await openEndpoint(response => response.end())
    let asked = 0
    const posting = await createHttpNotifier({
      ...common,
      url: `http://rebinding.example:${endpoint.port}/`,
      resolve: async () => {
        asked += 1
        return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }]
      },
    }).post(note)
    expect(posting.result).toBe('told')
    expect(asked).toBe(1)
    expect(endpoint.received[0]?.headers.host).toBe(`rebinding.example:${endpoint.port}`)
  })
})

describe('the rule of addresses', () => {
  test.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.100.100.200',
    '127.8.8.8',
    '168.63.129.16',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    'localhost',
    '',
  ])('refuses %s', address => {
    expect(createAddressRule([])(address)).toBe(false)
  })

  test.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    'takes %s',
    address => {
      expect(createAddressRule([])(address)).toBe(true)
    },
  )

  test('takes what the operator allows, and nothing beside it', () => {
    const isAllowed = createAddressRule(['10.1.0.0/16', '::1'])
    expect(['10.1.2.3', '::1'].map(isAllowed)).toEqual([true, true])
    expect(['10.2.0.1', '127.0.0.1', '::2'].map(isAllowed)).toEqual([false, false, false])
  })

  test.each(['example.com', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', ''])(
    'does not read %s',
    text => {
      expect(() => rangesOf([text])).toThrow(RangeError)
    },
  )
})
