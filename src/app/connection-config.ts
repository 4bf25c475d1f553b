import type { MiraklAuth } from '../adapters/mirakl/authorization.ts'
import {
  isLoopback,
  refuse,
  textOf,
  urlOf,
  type Variables,
  wholeNumberOf,
  withoutSlash,
} from './environment-values.ts'

/** How the marketplace is reached. */
export interface MiraklConfig {
  readonly baseUrl: string
  readonly auth: MiraklAuth
  readonly customFieldCode: string
  readonly ignoredFieldCode: string
}

/** How Stripe is reached. */
export interface StripeConfig {
  readonly secretKey: string
  readonly apiBase: string
  readonly accountId: string | null
  readonly purchaseMetadataKey: string
  /** Null: no pacing. */
  readonly requestsPerSecond: number | null
  readonly sellersWebhookSecret: string | null
  readonly operatorWebhookSecret: string | null
}

export type Mode = 'test' | 'live'

const tenant = 'https://your-tenant.mirakl.net'

/** Null when nothing of Mirakl is configured; half of it is refused. */
export function readMirakl(variables: Variables, mode: Mode): MiraklConfig | null {
  const names = ['MIRAKL_HOST_NAME', 'MIRAKL_API_KEY', 'MIRAKL_CLIENT_ID', 'MIRAKL_CLIENT_SECRET']
  if (names.every(name => textOf(variables, name) === undefined)) return null
  const url = urlOf(variables, 'MIRAKL_HOST_NAME', tenant)
  if (url === undefined) {
    return refuse('MIRAKL_HOST_NAME', 'is missing', `write the URL of the tenant, ${tenant}`)
  }
  if (url.protocol === 'http:' && mode === 'live') {
    return refuse('MIRAKL_HOST_NAME', 'is http in a live environment', 'write it with https://')
  }
  return {
    baseUrl: withoutSlash(url),
    auth: readAuth(variables, mode, url),
    customFieldCode: textOf(variables, 'MIRAKL_CUSTOM_FIELD_CODE') ?? 'stripe-url',
    ignoredFieldCode: textOf(variables, 'MIRAKL_IGNORED_SHOP_FIELD_CODE') ?? 'stripe-ignored',
  }
}

function readAuth(variables: Variables, mode: Mode, host: URL): MiraklAuth {
  const key = textOf(variables, 'MIRAKL_API_KEY')
  const clientId = textOf(variables, 'MIRAKL_CLIENT_ID')
  const clientSecret = textOf(variables, 'MIRAKL_CLIENT_SECRET')
  const oauth = clientId !== undefined || clientSecret !== undefined
  if (key !== undefined && oauth) {
    return refuse(
      'MIRAKL_API_KEY',
      'is set beside MIRAKL_CLIENT_ID or MIRAKL_CLIENT_SECRET',
      'keep one way of signing in and remove the other',
    )
  }
  if (key !== undefined) {
    const bearer = /^Bearer\s+(\S+)$/i.exec(key)?.[1]
    return bearer === undefined ? { kind: 'apiKey', key } : { kind: 'bearer', token: bearer }
  }
  if (!oauth) {
    return refuse(
      'MIRAKL_API_KEY',
      'is missing',
      'write the API key of an operator user, or set MIRAKL_CLIENT_ID, MIRAKL_CLIENT_SECRET and MIRAKL_AUTH_URL',
    )
  }
  return readOAuth(variables, mode, host, { clientId, clientSecret })
}

function readOAuth(
  variables: Variables,
  mode: Mode,
  host: URL,
  given: { clientId: string | undefined; clientSecret: string | undefined },
): MiraklAuth {
  const { clientId, clientSecret } = given
  if (clientId === undefined) {
    return refuse(
      'MIRAKL_CLIENT_ID',
      'is missing',
      'write the client that MIRAKL_CLIENT_SECRET belongs to',
    )
  }
  if (clientSecret === undefined) {
    return refuse('MIRAKL_CLIENT_SECRET', 'is missing', 'write the secret of MIRAKL_CLIENT_ID')
  }
  const url = urlOf(variables, 'MIRAKL_AUTH_URL', 'https://auth.mirakl.net/oauth/token')
  if (url?.protocol === 'http:' && mode === 'live') {
    return refuse('MIRAKL_AUTH_URL', 'is http in a live environment', 'write it with https://')
  }
  // Tenants differ in where their tokens come from; the tenant itself is only a guess for loopback.
  if (url === undefined && !isLoopback(host)) {
    return refuse('MIRAKL_AUTH_URL', 'is missing', 'write where MIRAKL_CLIENT_ID gets its tokens')
  }
  const authUrl = url === undefined ? `${withoutSlash(host)}/oauth/token` : withoutSlash(url)
  return { kind: 'oauth', authUrl, clientId, clientSecret }
}

/** The mode of the environment: that of the secret key, which an explicit mode must agree with. */
export function readMode(variables: Variables): Mode | null {
  const key = textOf(variables, 'STRIPE_CLIENT_SECRET')
  const wanted = textOf(variables, 'TRIBUTARY_MODE')
  if (wanted !== undefined && wanted !== 'test' && wanted !== 'live') {
    return refuse('TRIBUTARY_MODE', `is "${wanted}"`, 'write test or live')
  }
  if (key === undefined) return wanted ?? null
  const mode = /^(?:sk|rk)_(test|live)_\S+$/.exec(key)?.[1] as Mode | undefined
  if (mode === undefined) {
    return refuse(
      'STRIPE_CLIENT_SECRET',
      'is no secret key',
      'write a key that begins with sk_test_, rk_test_, sk_live_ or rk_live_',
    )
  }
  if (wanted !== undefined && wanted !== mode) {
    return refuse(
      'STRIPE_CLIENT_SECRET',
      `is a ${mode} key in a ${wanted} environment`,
      `write a key that begins with sk_${wanted}_ or rk_${wanted}_`,
    )
  }
  const publishable = textOf(variables, 'STRIPE_PUBLISHABLE_KEY')
  if (publishable !== undefined && !publishable.startsWith(`pk_${mode}_`)) {
    return refuse(
      'STRIPE_PUBLISHABLE_KEY',
      `is no ${mode} key, and STRIPE_CLIENT_SECRET is one`,
      `write a key that begins with pk_${mode}_`,
    )
  }
  return mode
}

const stripeHost = 'https://api.stripe.com'

/** Null when STRIPE_CLIENT_SECRET is missing. */
export function readStripe(variables: Variables, mode: Mode): StripeConfig | null {
  const secretKey = textOf(variables, 'STRIPE_CLIENT_SECRET')
  const base = urlOf(variables, 'STRIPE_API_BASE', stripeHost)
  if (base?.protocol === 'http:' && mode === 'live') {
    return refuse('STRIPE_API_BASE', 'is http in a live environment', 'write it with https://')
  }
  const accountId = textOf(variables, 'STRIPE_ACCOUNT_ID')
  if (accountId !== undefined && !/^acct_\w+$/.test(accountId)) {
    return refuse('STRIPE_ACCOUNT_ID', `is "${accountId}"`, 'write the id of the platform, acct_…')
  }
  const perSecond = wholeNumberOf(variables, 'STRIPE_REQUESTS_PER_SECOND', { min: 0, max: 1000 })
  if (secretKey === undefined) return null
  return {
    secretKey,
    apiBase: base === undefined ? stripeHost : withoutSlash(base),
    accountId: accountId ?? null,
    purchaseMetadataKey:
      textOf(variables, 'PAYMENT_METADATA_COMMERCIAL_ORDER_ID') ?? 'mirakl_commercial_order_id',
    requestsPerSecond: perSecond === 0 ? null : (perSecond ?? 25),
    sellersWebhookSecret: signingSecret(variables, 'STRIPE_SELLERS_WEBHOOK_SECRET'),
    operatorWebhookSecret: signingSecret(variables, 'STRIPE_OPERATOR_WEBHOOK_SECRET'),
  }
}

function signingSecret(variables: Variables, name: string): string | null {
  const text = textOf(variables, name)
  if (text === undefined) return null
  if (/^whsec_\S+$/.test(text)) return text
  return refuse(
    name,
    'is no signing secret',
    'write the whsec_… that Stripe shows for the endpoint',
  )
}
