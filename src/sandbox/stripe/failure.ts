/** The body of Stripe's `error` object; https://docs.stripe.com/api/errors */
export interface FailureBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  message: string
  code?: string
  param?: string
  decline_code?: string
  charge?: string
  payment_intent?: object
}

/** An answer of the API that is no success. */
export class StripeFailure extends Error {
  readonly status: number
  readonly body: FailureBody
  /** Whether an idempotency key keeps it: what is refused before the request began to run is not kept. */
  readonly kept: boolean

  constructor(status: number, body: FailureBody, kept: boolean) {
    super(body.message)
    this.status = status
    this.body = body
    this.kept = kept
  }
}

/** A refusal with status 400 of a request that had begun to run; kept by its idempotency key. */
export function refused(
  message: string,
  more: Omit<FailureBody, 'type' | 'message'> = {},
): StripeFailure {
  return new StripeFailure(400, { type: 'invalid_request_error', message, ...more }, true)
}

/** A parameter that could not be read: 400, not kept by the idempotency key. */
export function invalidParameter(message: string, param: string, code?: string): StripeFailure {
  const body: FailureBody = { type: 'invalid_request_error', message, param }
  return new StripeFailure(400, code === undefined ? body : { ...body, code }, false)
}

/** 404 for an object of the path; `noun` as in Stripe's sentence, e.g. `transfer`. */
export function missing(noun: string, id: string, param = 'id'): StripeFailure {
  const message = `No such ${noun}: '${id}'`
  const body: FailureBody = {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message,
    param,
  }
  return new StripeFailure(404, body, true)
}

/** 400 for an object named by a parameter. */
export function missingReference(noun: string, id: string, param: string): StripeFailure {
  return refused(`No such ${noun}: '${id}'`, { code: 'resource_missing', param })
}

/** 403 as for an account that does not exist or is not connected (any more). */
export function noAccess(key: string, account: string): StripeFailure {
  const message = `The provided key '${maskKey(key)}' does not have access to account '${account}' (or that account does not exist). Application access may have been revoked.`
  return new StripeFailure(
    403,
    { type: 'invalid_request_error', code: 'account_invalid', message },
    false,
  )
}

/** A key as Stripe's sentences show it: its beginning and its last four characters. */
export function maskKey(key: string): string {
  return `${key.slice(0, 8)}${'*'.repeat(Math.max(0, key.length - 12))}${key.slice(-4)}`
}
