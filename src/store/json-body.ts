/**
 * JSON of domain values in a jsonb column: bigint as {"$n":"12"}, Date as {"$d":"..."}; everything
 * else as it is. So an order comes back exactly as it was read.
 */
export function encodeBody(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, shown: unknown) {
    // `shown` is already text for a Date (its toJSON ran first): look at the value itself.
    const own = this[key]
    if (own instanceof Date) return { $d: own.toISOString() }
    return typeof shown === 'bigint' ? { $n: shown.toString() } : shown
  })
}

/** @param T what was encoded; the column is written by this file's `encodeBody` alone. */
export function decodeBody<T>(body: unknown): T {
  return revive(body) as T
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive)
  if (typeof value !== 'object' || value === null) return value
  if ('$n' in value && typeof value.$n === 'string') return BigInt(value.$n)
  if ('$d' in value && typeof value.$d === 'string') return new Date(value.$d)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revive(each)]))
}
