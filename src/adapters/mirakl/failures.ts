import type { Json } from '../../domain/json.ts'
import { MarketplaceError } from '../../domain/errors.ts'
import { storableText } from '../../domain/storable.ts'
import type { EndpointCode } from './endpoints.ts'
import { endpoints } from './endpoints.ts'
import { at, listOf, rootField, textOrNull, Unreadable } from './fields.ts'
import { parseJson } from './lossless-json.ts'

/**
 * Mirakl's own words in the body of a refusal; null when there are none (an empty body, a gateway's
 * HTML). Two shapes exist: `{status, message}` and `{errors: [{code, field, message}]}`. No table
 * of codes is public, so nothing may be decided by them.
 */
export function messageOf(body: string): string | null {
  try {
    return messageIn(parseJson(body))
  } catch {
    return null
  }
}

/** The same for a body that is already read, for example a `shop_error` of S07. */
export function messageIn(body: Json): string | null {
  const root = rootField(body)
  try {
    const parts = listOf(at(root, 'errors')).map(error => {
      const field = textOrNull(at(error, 'field'))
      const message = textOrNull(at(error, 'message')) ?? textOrNull(at(error, 'code')) ?? ''
      return field === null ? message : `${field}: ${message}`
    })
    const said = parts.length > 0 ? parts.join('; ') : textOrNull(at(root, 'message'))
    return said === null || said === '' ? null : storableText(said.slice(0, 500))
  } catch (error) {
    if (error instanceof Unreadable) return null
    throw error
  }
}

/** What a status means for the whole marketplace, in words that a person can act upon. */
export function refusalOf(code: EndpointCode, status: number, body: string): MarketplaceError {
  const { method, path } = endpoints[code]
  const said = messageOf(body)
  const message = `Mirakl answered ${status} to ${code} (${method} ${path})${said === null ? '.' : `: ${said}`}`
  switch (status) {
    case 401:
      return new MarketplaceError(
        'unauthorized',
        message,
        'Check the Mirakl API key (or the token, or the client id and secret): it must be the one of this tenant and still be valid.',
      )
    case 403:
      return new MarketplaceError(
        'forbidden',
        message,
        `Give the role of the API user the right to ${code} in the Mirakl back office, or use the operator's key.`,
      )
    case 404:
      return new MarketplaceError(
        'not_found',
        message,
        `Check the address of the Mirakl tenant, and that ${code} is switched on for it.`,
      )
    case 429:
      return rateLimited(code, null)
    default:
      return isFailing(status)
        ? new MarketplaceError('unavailable', message, 'Wait: the next run asks again.')
        : new MarketplaceError(
            'refused',
            message,
            'Read the message of Mirakl: a setting or an argument of this call is wrong.',
          )
  }
}

/** @param seconds after which Mirakl may be asked again; null when it did not say */
export function rateLimited(code: EndpointCode, seconds: number | null): MarketplaceError {
  const when = seconds === null ? 'later' : `in ${seconds} seconds`
  return new MarketplaceError(
    'rate_limited',
    `Mirakl allows no more calls of ${code} for the moment (429); it may be asked again ${when}.`,
    'Wait: the next run asks again. When it happens often, run the job less often, or look for another program that uses the same key.',
    seconds,
  )
}

/** Our own count says so, before Mirakl has to. */
export function budgetSpent(code: EndpointCode, seconds: number): MarketplaceError {
  return new MarketplaceError(
    'rate_limited',
    `${code} was read as often as Mirakl documents; it may be read again in ${seconds} seconds.`,
    'Wait: the next scheduled run reads it. A run by hand is not held back.',
    seconds,
  )
}

/** Mirakl, or something before it, failed; a read may be tried again, a write may have arrived. */
export function isFailing(status: number): boolean {
  return status >= 500 || status === 408
}

/** No answer, or one that nobody can read. */
export function unreachable(code: EndpointCode, problem: string): MarketplaceError {
  return new MarketplaceError(
    'unavailable',
    `${code}: ${problem}`,
    'Check that the Mirakl address can be reached from here; the next run asks again.',
  )
}

/**
 * Why a `fetch` failed: the code of its cause (ECONNRESET, ENOTFOUND, ...). Never its message: for a
 * header that cannot be sent, the message quotes the key.
 */
export function networkProblem(error: unknown, timeoutSeconds: number): string {
  if (!(error instanceof Error)) return 'Mirakl could not be reached.'
  if (error.name === 'TimeoutError')
    return `Mirakl did not answer within ${timeoutSeconds} seconds.`
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error.name
  return `Mirakl could not be reached (${code}).`
}
