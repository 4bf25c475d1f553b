import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createHttpNotifier } from '../src/adapters/notifications/http.ts'
import type { Notifier } from '../src/workflows/ports.ts'

export interface Received {
  readonly id: string
  readonly body: string
  /** Does the signature verify, as docs/notifications.md says it is checked? */
  readonly signed: boolean
}

/** An endpoint of the operator's own, on a port of its own; it can be killed and started again. */
export async function openNotificationEndpoint(secret = 'tnsec_test') {
  const received: Received[] = []
  let answer = 200
  let location: string | null = null
  let server: Server | null = null
  let port = 0
  const start = async (): Promise<void> => {
    const made = createServer((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => (body += text))
      request.on('end', () => {
        const header = String(request.headers['tributary-signature'])
        const id = String(request.headers['tributary-id'])
        if (answer < 300) received.push({ id, body, signed: verifies(secret, header, body) })
        const headers = location === null ? {} : { location }
        response.writeHead(answer, headers).end(answer < 300 ? '' : 'no room')
      })
    })
    made.listen(port, '127.0.0.1')
    await once(made, 'listening')
    const address = made.address()
    port = typeof address === 'object' && address !== null ? address.port : 0
    server = made
  }
  const kill = async (): Promise<void> => {
    const running = server
    server = null
    if (running === null) return
    running.closeAllConnections()
    running.close()
    await once(running, 'close')
  }
  await start()
  const url = `http://127.0.0.1:${port}/notifications`
  const notifierAllowing = (allow: readonly string[]): Notifier =>
    createHttpNotifier({ url, secret, allow, userAgent: 'Tributary/test' })
  return {
    url,
    received,
    notifier: notifierAllowing(['127.0.0.1']),
    notifierAllowing,
    start,
    kill,
    /** Answers with this status from now on; below 300 it takes notifications. */
    answerWith: (status: number) => void (answer = status),
    redirectTo: (target: string) => {
      answer = 307
      location = target
    },
  }
}

function verifies(secret: string, header: string, body: string): boolean {
  const [, seconds = '', mac = ''] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(header) ?? []
  return mac === createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
}
