/** A message as a mail program shows it. */
export interface ReadMessage {
  readonly subject: string
  readonly from: string
  readonly to: string
  /** '' when it has no such part. */
  readonly text: string
  readonly html: string
}

interface Part {
  readonly headers: ReadonlyMap<string, string>
  /** One character for each octet. */
  readonly body: string
}

/** Reads what Tributary's mails are made of: MIME (RFC 2045, 2047) with a text, an HTML part, or both. */
export function readMessage(message: Buffer): ReadMessage {
  const whole = partOf(message.toString('latin1'))
  const parts = leavesOf(whole)
  const bodyOf = (type: string): string => {
    const found = parts.find(part => typeOf(part).type === type)
    return found === undefined ? '' : decodeBody(found)
  }
  const header = (name: string): string => decodeWords(whole.headers.get(name) ?? '')
  return {
    subject: header('subject'),
    from: header('from'),
    to: header('to'),
    text: bodyOf('text/plain'),
    html: bodyOf('text/html'),
  }
}

function partOf(source: string): Part {
  const end = source.indexOf('\r\n\r\n')
  const head = end < 0 ? source : source.slice(0, end)
  const headers = new Map<string, string>()
  // A line that begins with a space goes on with the one before.
  for (const line of head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  return { headers, body: end < 0 ? '' : source.slice(end + 4) }
}

function leavesOf(part: Part): Part[] {
  const { type, boundary } = typeOf(part)
  if (!type.startsWith('multipart/')) return [part]
  // Before the first boundary stands nothing, after the last one `--`.
  const pieces = `\r\n${part.body}`.split(`\r\n--${boundary}`).slice(1)
  return pieces
    .filter(piece => !piece.startsWith('--'))
    .flatMap(piece => leavesOf(partOf(piece.replace(/^[ \t]*\r\n/, ''))))
}

function typeOf(part: Part): { type: string; boundary: string; charset: string } {
  const header = part.headers.get('content-type') ?? 'text/plain'
  const value = (name: string) => new RegExp(`${name}="?([^";]+)"?`, 'i').exec(header)?.[1]
  return {
    type: (header.split(';')[0] ?? '').trim().toLowerCase(),
    boundary: value('boundary') ?? '',
    charset: value('charset') ?? 'utf-8',
  }
}

function decodeBody(part: Part): string {
  const encoding = part.headers.get('content-transfer-encoding')?.toLowerCase()
  const { charset } = typeOf(part)
  if (encoding === 'base64') return asText(Buffer.from(part.body, 'base64'), charset)
  if (encoding === 'quoted-printable') {
    return asText(unquote(part.body.replaceAll(/=[ \t]*\r\n/g, '')), charset)
  }
  return asText(Buffer.from(part.body, 'latin1'), charset)
}

/** Headers with letters beyond ASCII: `=?UTF-8?Q?D=C3=A9fi?=`. */
function decodeWords(value: string): string {
  return value
    .replaceAll(/(\?=)\s+(?==\?)/g, '$1')
    .replaceAll(
      /=\?([^?]+)\?([bq])\?([^?]*)\?=/gi,
      (_, charset: string, how: string, word: string) =>
        how.toLowerCase() === 'b'
          ? asText(Buffer.from(word, 'base64'), charset)
          : asText(unquote(word.replaceAll('_', ' ')), charset),
    )
}

function unquote(text: string): Buffer {
  const octets = text.replaceAll(/=([0-9A-F]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  return Buffer.from(octets, 'latin1')
}

function asText(octets: Buffer, charset: string): string {
  return new TextDecoder(charset).decode(octets).replaceAll('\r\n', '\n')
}
