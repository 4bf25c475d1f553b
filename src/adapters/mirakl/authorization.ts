import { MarketplaceError } from '../../domain/errors.ts'
import type { Clock } from '../../workflows/ports.ts'
import { at, rootField, textOrNull } from './fields.ts'
import { parseJson } from './lossless-json.ts'

/** The three credentials that Mirakl takes; the front key and the operator's key are different ones. */
export type MiraklAuth =
  | { readonly kind: 'apiKey'; readonly key: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | {
      readonly kind: 'oauth'
      /** Full URL of the token endpoint, for example https://auth.mirakl.net/oauth/token. */
      readonly authUrl: string
      readonly clientId: string
      readonly clientSecret: string
    }

export interface Authorization {
  /** Value of the Authorization header. @throws MarketplaceError when no token can be had */
  header(): Promise<string>
  /** Forgets a token that was answered with 401; false: there is nothing to renew. */
  renew(refused: string): boolean
}

export interface TokenSource {
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly timeoutSeconds: number
  wait(seconds: number): Promise<void>
}

/** Lifetime to assume when the answer has no `expires_in` (seconds); Mirakl's own is 3599. */
const assumedLifetime = 300
/** A token is renewed this long before it ends (seconds): a run's next page must not meet a 401. */
const renewEarly = 60
const waits = [1, 3]

export function createAuthorization(auth: MiraklAuth, source: TokenSource): Authorization {
  if (auth.kind !== 'oauth') {
    // A legacy key goes without a scheme word.
    const header = auth.kind === 'apiKey' ? auth.key : `Bearer ${auth.token}`
    return { header: async () => header, renew: () => false }
  }
  let current: { header: string; until: number } | null = null
  let asked: Promise<string> | null = null
  const ask = async (): Promise<string> => {
    const token = await askToken(auth, source)
    const early = Math.min(renewEarly, token.lifetime / 2)
    const until = source.clock.now().getTime() + (token.lifetime - early) * 1000
    current = { header: `Bearer ${token.text}`, until }
    return current.header
  }
  return {
    header: async () => {
      if (current !== null && source.clock.now().getTime() < current.until) return current.header
      asked ??= ask().finally(() => {
        asked = null
      })
      return asked
    },
    renew: refused => {
      if (current?.header === refused) current = null
      return true
    },
  }
}

interface Token {
  readonly text: string
  /** Seconds. */
  readonly lifetime: number
}

async function askToken(
  auth: Extract<MiraklAuth, { kind: 'oauth' }>,
  source: TokenSource,
): Promise<Token> {
  let problem = ''
  for (const pause of [0, ...waits]) {
    if (pause > 0) await source.wait(pause)
    const answer = await askOnce(auth, source)
    if ('token' in answer) return answer.token
    problem = answer.problem
  }
  throw new MarketplaceError(
    'unavailable',
    `Mirakl's token endpoint gave no token: ${problem}`,
    'Check the address of the token endpoint; the next run asks again.',
  )
}

async function askOnce(
  auth: Extract<MiraklAuth, { kind: 'oauth' }>,
  source: TokenSource,
): Promise<{ token: Token } | { problem: string }> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: auth.clientId,
    client_secret: auth.clientSecret,
  })
  let status: number
  let text: string
  try {
    const response = await source.fetch(auth.authUrl, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: form.toString(),
      redirect: 'manual',
      signal: AbortSignal.timeout(source.timeoutSeconds * 1000),
    })
    status = response.status
    text = await response.text()
  } catch {
    return { problem: 'it could not be reached.' }
  }
  if (status >= 400 && status < 500 && status !== 429) throw refusedCredentials(status)
  const token = status === 200 ? readToken(text) : null
  return token === null ? { problem: `it answered ${status} without one.` } : { token }
}

function refusedCredentials(status: number): MarketplaceError {
  return new MarketplaceError(
    'unauthorized',
    `Mirakl's token endpoint answered ${status}: it does not take the client id and secret.`,
    'Check the client id, the client secret and the address of the token endpoint (test and live have different ones).',
  )
}

function readToken(body: string): Token | null {
  try {
    const root = rootField(parseJson(body))
    const text = textOrNull(at(root, 'access_token'))
    if (text === null) return null
    const seconds = Number(textOrNull(at(root, 'expires_in')) ?? Number.NaN)
    return { text, lifetime: seconds > 0 ? seconds : assumedLifetime }
  } catch {
    return null
  }
}
