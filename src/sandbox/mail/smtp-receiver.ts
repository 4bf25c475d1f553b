import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A mail as it came in, before anything in it was read. */
export interface Envelope {
  readonly from: string
  readonly to: readonly string[]
  /** The whole message, its octets as they came. */
  readonly message: Buffer
}

/** Octets of one message at most; more is refused with 552. */
const messageLimit = 10 * 1024 * 1024
const lineLimit = 8192

/**
 * Receives mail by SMTP (RFC 5321) on 127.0.0.1: no encryption, no password, no delivery.
 * @param port 0 takes any free one
 */
export async function receiveMail(
  port: number,
  keep: (envelope: Envelope) => void,
): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    converse(socket, keep)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Reads lines as latin1, one character for each octet, so that nothing in a message is lost. */
function converse(socket: Socket, keep: (envelope: Envelope) => void): void {
  const session = createSession(keep)
  let unread = ''
  socket.setEncoding('latin1')
  socket.write('220 sandbox ESMTP\r\n')
  socket.on('data', (chunk: string) => {
    unread += chunk
    for (let end = unread.indexOf('\r\n'); end >= 0; end = unread.indexOf('\r\n')) {
      const answer = session.read(unread.slice(0, end))
      unread = unread.slice(end + 2)
      if (answer === null) continue
      socket.write(`${answer}\r\n`)
      if (answer.startsWith('221')) return void socket.end()
    }
    if (unread.length > lineLimit) socket.destroy()
  })
}

/** What the server knows of one connection; `read` answers a line, null: no answer is due. */
function createSession(keep: (envelope: Envelope) => void) {
  let from: string | null = null
  let to: string[] = []
  let lines: string[] | null = null
  let size = 0
  const reset = () => {
    from = null
    to = []
    lines = null
    size = 0
  }
  const body = (line: string, before: string[]): string | null => {
    if (line !== '.') {
      size += line.length + 2
      // A dot was put before a line that begins with one (RFC 5321, 4.5.2).
      if (size <= messageLimit) before.push(line.startsWith('.') ? line.slice(1) : line)
      return null
    }
    const tooLong = size > messageLimit
    if (!tooLong)
      keep({ from: from ?? '', to, message: Buffer.from(before.join('\r\n'), 'latin1') })
    reset()
    return tooLong ? '552 The message is too long' : '250 Kept'
  }
  return {
    read(line: string): string | null {
      if (lines !== null) return body(line, lines)
      const [verb = ''] = line.toUpperCase().split(' ')
      const address = /<([^>]*)>/.exec(line)?.[1]
      switch (verb) {
        case 'EHLO':
          reset()
          return `250-sandbox\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SIZE ${messageLimit}`
        case 'HELO':
        case 'RSET':
          reset()
          return '250 OK'
        case 'MAIL':
          if (address === undefined) return '501 MAIL FROM:<address>'
          reset()
          from = address
          return '250 OK'
        case 'RCPT':
          if (from === null) return '503 MAIL comes first'
          if (address === undefined) return '501 RCPT TO:<address>'
          to.push(address)
          return '250 OK'
        case 'DATA':
          if (to.length === 0) return '503 RCPT comes first'
          lines = []
          return '354 The message, then a dot on a line of its own'
        case 'NOOP':
          return '250 OK'
        case 'QUIT':
          return '221 Bye'
        default:
          return '502 Not known here'
      }
    },
  }
}
