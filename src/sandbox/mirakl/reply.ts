/** The request was refused: an HTTP status and the message Mirakl would write. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** 400 with Mirakl's `{status, message}`. */
export function badRequest(message: string): Refusal {
  return new Refusal(400, message)
}

/** A JSON answer. Raw numbers in the body keep their digits. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
  })
}

/** 204, as PA01, PA02, IV07 and SBC07 answer. */
export function noContent(): Response {
  return new Response(null, { status: 204 })
}

/** Seconds and Z: `2025-11-03T09:00:00Z`. */
export function seconds(at: number): string
export function seconds(at: number | undefined | null): string | null
export function seconds(at: number | undefined | null): string | null {
  return at === undefined || at === null ? null : `${new Date(at).toISOString().slice(0, 19)}Z`
}

/** Milliseconds and Z: `2025-11-03T09:00:00.046Z`. */
export function millis(at: number): string
export function millis(at: number | undefined | null): string | null
export function millis(at: number | undefined | null): string | null {
  return at === undefined || at === null ? null : new Date(at).toISOString()
}

/**
 * Lays a patch over an answer: objects are merged, arrays by position, everything else replaced.
 * This is how a test plants what no simulator would write by itself.
 */
export function patched(value: unknown, patch: unknown): unknown {
  if (patch === undefined) return value
  if (Array.isArray(value) && Array.isArray(patch)) {
    return value.map((element, at) => patched(element, patch[at]))
  }
  if (!isObject(value) || !isObject(patch)) return patch
  const result: Record<string, unknown> = { ...value }
  for (const [key, part] of Object.entries(patch)) result[key] = patched(result[key], part)
  return result
}

function isObject(value: unknown): value is Record<string, unknown> {
  // A raw number is an object too, without a prototype, and is replaced as a whole.
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  )
}
