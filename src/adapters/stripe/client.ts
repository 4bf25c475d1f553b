import PQueue from 'p-queue'
import Stripe from 'stripe'
import { isReadable, makeStorable } from './answers.ts'

/** How the adapter reaches Stripe. */
export interface StripeOptions {
  /** `sk_…` or `rk_…`, of the platform. */
  readonly secretKey: string
  /** Full URL, default https://api.stripe.com. A path in it is put before every request's path. */
  readonly apiBase?: string
  readonly fetch: typeof fetch
  /** The platform's own account id; without it `GET /v1/account` is asked once. */
  readonly platformAccountId?: string
  /** Metadata key under which charges and intents name their purchase. */
  readonly purchaseMetadataKey: string
  /** Calls per second to one endpoint, default 25 (Stripe's limit per endpoint); null: no pacing. */
  readonly requestsPerSecond?: number | null
  /** Calls per second altogether, default 100 (Stripe's live limit); null: no pacing. */
  readonly totalPerSecond?: number | null
  /** Seconds that one request may take, default 30. */
  readonly timeoutSeconds?: number
  /** How often the SDK itself repeats a request that got no answer, after a short wait; default 2. */
  readonly networkRetries?: number
  /** Written into the metadata of what we make. */
  readonly pluginVersion: string
}

export interface StripeClient {
  readonly options: StripeOptions
  /**
   * One paced call of the SDK. Throws the SDK's errors, and `UnreadableAnswer` for what is no Stripe
   * object.
   * @param endpoint what Stripe counts by: the resource's name
   */
  ask<T extends object>(endpoint: string, call: (sdk: Stripe) => Promise<T>): Promise<T>
  platformAccountId(): Promise<string>
}

/** An answer without an error and without a whole Stripe object in it, for example a proxy's JSON. */
export class UnreadableAnswer extends Error {
  constructor() {
    super('The answer of Stripe could not be read.')
    this.name = 'UnreadableAnswer'
  }
}

export function createClient(options: StripeOptions): StripeClient {
  const sdk = createSdk(options)
  const pace = createPacing(options.requestsPerSecond, options.totalPerSecond)
  let platform: Promise<string> | null = null
  const ask: StripeClient['ask'] = (endpoint, call) =>
    pace(endpoint, async () => {
      const answer = await call(sdk)
      if (!isReadable(answer)) throw new UnreadableAnswer()
      makeStorable(answer)
      return answer
    })
  return {
    options,
    ask,
    platformAccountId() {
      if (options.platformAccountId !== undefined) return Promise.resolve(options.platformAccountId)
      platform ??= ask('accounts', s => s.accounts.retrieveCurrent()).then(
        account => account.id,
        (error: unknown) => {
          platform = null
          throw error
        },
      )
      return platform
    },
  }
}

function createSdk(options: StripeOptions): Stripe {
  const base = new URL(options.apiBase ?? 'https://api.stripe.com')
  const protocol = base.protocol === 'http:' ? 'http' : 'https'
  const prefix = base.pathname.replace(/\/+$/, '')
  return new Stripe(options.secretKey, {
    httpClient: Stripe.createFetchHttpClient(
      prefix === '' ? options.fetch : withPrefix(options.fetch, prefix),
    ),
    host: base.hostname,
    port: base.port === '' ? (protocol === 'http' ? '80' : '443') : base.port,
    protocol,
    maxNetworkRetries: options.networkRetries ?? 2,
    timeout: (options.timeoutSeconds ?? 30) * 1000,
    telemetry: false,
    appInfo: { name: 'tributary', version: options.pluginVersion },
  })
}

/** The SDK knows host and port only; a base URL with a path needs the path put in front. */
function withPrefix(inner: typeof fetch, prefix: string): typeof fetch {
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    url.pathname = prefix + url.pathname
    return inner(url, init)
  }
}

type Pace = <T>(endpoint: string, call: () => Promise<T>) => Promise<T>

/**
 * Paces before the SDK and not below it: the SDK's timeout must not run while a call waits its turn.
 * Its few retries are therefore not counted.
 */
function createPacing(
  perEndpoint: number | null | undefined,
  inTotal: number | null | undefined,
): Pace {
  const total = queueOf(inTotal === undefined ? 100 : inTotal)
  const endpoints = new Map<string, PQueue | null>()
  const endpointQueue = (endpoint: string): PQueue | null => {
    const known = endpoints.get(endpoint)
    if (known !== undefined) return known
    const made = queueOf(perEndpoint === undefined ? 25 : perEndpoint)
    endpoints.set(endpoint, made)
    return made
  }
  return (endpoint, call) => {
    const queue = endpointQueue(endpoint)
    const counted = total === null ? call : () => total.add(call)
    return queue === null ? counted() : queue.add(counted)
  }
}

function queueOf(perSecond: number | null): PQueue | null {
  return perSecond === null ? null : new PQueue({ interval: 1000, intervalCap: perSecond })
}
