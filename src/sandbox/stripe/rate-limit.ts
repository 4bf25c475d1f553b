import { StripeFailure } from './failure.ts'

const perEndpoint = 25
const overall = 100

/**
 * Counts requests in windows of one second: 25 for one endpoint, 100 in all (https://docs.stripe.com/rate-limits).
 * @param milliseconds a clock; real time by default, because that is what a client that slows down obeys
 * @returns a check to be called for each request; throws StripeFailure 429
 */
export function createRateLimit(
  milliseconds: () => number = () => performance.now(),
): (endpoint: string) => void {
  let second = -1
  let total = 0
  const counted = new Map<string, number>()
  return endpoint => {
    const now = Math.floor(milliseconds() / 1000)
    if (now !== second) {
      second = now
      total = 0
      counted.clear()
    }
    const here = (counted.get(endpoint) ?? 0) + 1
    if (here > perEndpoint || total + 1 > overall) throw exceeded()
    counted.set(endpoint, here)
    total += 1
  }
}

function exceeded(): StripeFailure {
  const message =
    'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.'
  return new StripeFailure(
    429,
    { type: 'invalid_request_error', code: 'rate_limit', message },
    false,
  )
}
