import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { plainFetch } from './plain-fetch.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('plainFetch', () => {
  test('sends method, headers and text, and answers status, headers and text', async () => {
    const url = await serve((asked, answer) => {
      const chunks: Buffer[] = []
      asked.on('data', (chunk: Buffer) => chunks.push(chunk))
      asked.on('end', () => {
        answer.writeHead(402, { 'request-id': 'req_1', link: ['<a>; rel="x"', '<b>; rel="next"'] })
        const length = asked.headers['content-length']
        answer.end(
          `${asked.method} ${asked.url} ${asked.headers['x-key']} ${length} ${Buffer.concat(chunks)}`,
        )
      })
    })
    const answer = await plainFetch(`${url}/v1/transfers?a=1`, {
      method: 'POST',
      headers: { 'X-Key': 'k' },
      body: 'größe=1',
    })
    expect(answer.status).toBe(402)
    expect(answer.headers.get('request-id')).toBe('req_1')
    expect(answer.headers.get('link')).toBe('<a>; rel="x", <b>; rel="next"')
    expect(await answer.text()).toBe('POST /v1/transfers?a=1 k 9 größe=1')
  })

  test('keeps its connection', async () => {
    const ports = new Set<number | undefined>()
    const url = await serve((asked, answer) => {
      ports.add(asked.socket.remotePort)
      answer.end('{}')
    })
    for (let call = 0; call < 3; call += 1) await plainFetch(url)
    expect(ports.size).toBe(1)
  })

  test('unpacks gzip, and asks for it', async () => {
    const url = await serve((asked, answer) => {
      const packs = asked.headers['accept-encoding'] === 'gzip'
      answer.writeHead(200, packs ? { 'content-encoding': 'gzip' } : {})
      answer.end(packs ? gzipSync('packed') : 'plain')
    })
    expect(await (await plainFetch(url)).text()).toBe('packed')
  })

  test('an answer without end is an error, packed or not', async () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024))
    const url = await serve((asked, answer) => {
      if (asked.url === '/packed') {
        answer.writeHead(200, { 'content-encoding': 'gzip' })
        answer.end(bomb)
        return
      }
      const chunk = Buffer.alloc(1024 * 1024, 32)
      const more = () => void (answer.destroyed || answer.write(chunk, more))
      more()
    })
    for (const path of ['/packed', '/endless']) {
      await expect(plainFetch(url + path)).rejects.toMatchObject({
        cause: { code: 'answer too large' },
      })
    }
  })

  test('what says gzip and is none, or has a status that is none, is the error of fetch', async () => {
    const url = await serve((asked, answer) => {
      if (asked.url === '/plain') answer.writeHead(200, { 'content-encoding': 'gzip' })
      else answer.writeHead(999)
      answer.end('not packed')
    })
    for (const path of ['/plain', '/status']) {
      await expect(plainFetch(url + path)).rejects.toThrow(TypeError)
    }
  })

  test('answers 204 without a body, and a redirect as it is', async () => {
    const url = await serve((asked, answer) => {
      answer.writeHead(asked.url === '/away' ? 302 : 204, { location: 'http://elsewhere.example' })
      answer.end()
    })
    expect((await plainFetch(`${url}/done`, { method: 'PUT', body: '{}' })).status).toBe(204)
    expect((await plainFetch(`${url}/away`)).status).toBe(302)
  })

  test('a cut connection is the error that fetch throws, wherever it is cut', async () => {
    const url = await serve((asked, answer) => {
      if (asked.url === '/at-once') asked.socket.destroy()
      else answer.write('half', () => asked.socket.destroy())
    })
    for (const path of ['/at-once', '/half']) {
      const failed = plainFetch(url + path)
      await expect(failed).rejects.toThrow(TypeError)
      await expect(failed).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    }
  })

  test('a signal ends it with its reason, before the answer and within it', async () => {
    const controllers = new Map<string | undefined, AbortController>()
    const url = await serve((asked, answer) => {
      if (asked.url === '/within') answer.write('half')
      controllers.get(asked.url)?.abort(new Error(`too late: ${asked.url}`))
    })
    for (const path of ['/before', '/within']) {
      const controller = new AbortController()
      controllers.set(path, controller)
      const failed = plainFetch(url + path, { signal: controller.signal })
      await expect(failed).rejects.toThrow(`too late: ${path}`)
    }
  })

  test('leaves what is not plain to the built-in fetch', async () => {
    const url = await serve((asked, answer) => answer.end(asked.headers['content-type']))
    const form = await plainFetch(url, { method: 'POST', body: new URLSearchParams('a=1') })
    expect(await form.text()).toContain('application/x-www-form-urlencoded')
    expect((await plainFetch(new Request(url))).status).toBe(200)
  })
})
