import { describe, expect, it } from 'vitest'
import { UsageError } from '../domain/errors.ts'
import { connected, readConfig } from './config.ts'

const good = {
  MIRAKL_HOST_NAME: 'https://acme.mirakl.net',
  MIRAKL_API_KEY: 'front-key',
  STRIPE_CLIENT_SECRET: 'sk_test_123',
}
const live = {
  ...good,
  STRIPE_CLIENT_SECRET: 'sk_live_123',
  PUBLIC_URL: 'https://pay.example.com',
}
const key = Buffer.alloc(32, 7)

/** What is given beside the good ones (null takes one away), and what the one line must say. */
const refused: readonly (readonly [Record<string, string | null>, RegExp])[] = [
  [{ MIRAKL_HOST_NAME: null }, /^MIRAKL_HOST_NAME is missing: .*https:/],
  [{ MIRAKL_HOST_NAME: 'acme.mirakl.net' }, /^MIRAKL_HOST_NAME is "acme.mirakl.net": .*full URL/],
  [{ MIRAKL_HOST_NAME: 'https://a.net/?x=1' }, /^MIRAKL_HOST_NAME has a query/],
  [{ MIRAKL_API_KEY: null }, /^MIRAKL_API_KEY is missing: .*MIRAKL_CLIENT_ID/],
  [{ MIRAKL_CLIENT_ID: 'c', MIRAKL_CLIENT_SECRET: 's' }, /^MIRAKL_API_KEY is set beside/],
  [{ MIRAKL_API_KEY: null, MIRAKL_CLIENT_ID: 'c' }, /^MIRAKL_CLIENT_SECRET is missing/],
  [{ MIRAKL_API_KEY: null, MIRAKL_CLIENT_SECRET: 's' }, /^MIRAKL_CLIENT_ID is missing/],
  [
    { MIRAKL_API_KEY: null, MIRAKL_CLIENT_ID: 'c', MIRAKL_CLIENT_SECRET: 's' },
    /^MIRAKL_AUTH_URL is missing/,
  ],
  [{ STRIPE_CLIENT_SECRET: 'pk_test_1' }, /^STRIPE_CLIENT_SECRET is no secret key: .*sk_test_/],
  [
    { TRIBUTARY_MODE: 'live' },
    /^STRIPE_CLIENT_SECRET is a test key in a live environment: .*sk_live_/,
  ],
  [
    { TRIBUTARY_MODE: 'test', STRIPE_CLIENT_SECRET: 'rk_live_1' },
    /^STRIPE_CLIENT_SECRET is a live key in a test environment/,
  ],
  [{ TRIBUTARY_MODE: 'stage' }, /^TRIBUTARY_MODE is "stage": write test or live/],
  [{ STRIPE_PUBLISHABLE_KEY: 'pk_live_1' }, /^STRIPE_PUBLISHABLE_KEY is no test key/],
  [{ STRIPE_ACCOUNT_ID: '123' }, /^STRIPE_ACCOUNT_ID is "123"/],
  [{ STRIPE_SELLERS_WEBHOOK_SECRET: 'secret' }, /^STRIPE_SELLERS_WEBHOOK_SECRET is no signing/],
  [{ STRIPE_REQUESTS_PER_SECOND: '-1' }, /^STRIPE_REQUESTS_PER_SECOND is "-1"/],
  [{ STRIPE_API_BASE: 'localhost' }, /^STRIPE_API_BASE is "localhost"/],
  [{ DATABASE_URL: 'mysql://u:p@h/d' }, /^DATABASE_URL is no PostgreSQL address/],
  [
    { PUBLIC_URL: 'https://a.example', BASE_HOST: 'b.example' },
    /^PUBLIC_URL is .*remove BASE_HOST/,
  ],
  [{ PORT: '70000' }, /^PORT is "70000": .*65535/],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL is "loud": write one of trace/],
  [{ ENABLE_SELLER_ONBOARDING: 'constructor' }, /^ENABLE_SELLER_ONBOARDING is "constructor"/],
  [{ ENABLE_SELLER_ONBOARDING: 'ja' }, /^ENABLE_SELLER_ONBOARDING is "ja": write true or false/],
  [
    { ENABLE_PRODUCT_PAYMENT_SPLIT: 'true', ENABLES_AUTOMATIC_TRANSFER_CREATION: 'false' },
    /^ENABLES_AUTOMATIC_TRANSFER_CREATION differs/,
  ],
  [{ TRIBUTARY_START_DATE: '1.11.2026' }, /^TRIBUTARY_START_DATE is "1.11.2026": .*ISO/],
  [{ TRIBUTARY_START_DATE: '2026-02-30' }, /^TRIBUTARY_START_DATE/],
  [{ TRIBUTARY_SECRET_KEY: 'short' }, /^TRIBUTARY_SECRET_KEY is not 32 bytes/],
  [{ TRIBUTARY_TIME_ZONE: 'Mars' }, /^TRIBUTARY_TIME_ZONE is "Mars"/],
  [{ TRIBUTARY_NEAR_EXPIRY: 'panic' }, /^TRIBUTARY_NEAR_EXPIRY is "panic"/],
  [{ TRIBUTARY_SETTLEMENT_FEED: 'csv' }, /^TRIBUTARY_SETTLEMENT_FEED is "csv"/],
  [{ TRIBUTARY_INVOICE_FAILURE_REASON: 'NO' }, /^TRIBUTARY_INVOICE_FAILURE_REASON is "NO"/],
  [{ TRIBUTARY_SCHEDULE_SPLIT_PAYMENTS: 'hourly' }, /^TRIBUTARY_SCHEDULE_SPLIT_PAYMENTS is/],
  [{ TRIBUTARY_SCHEDULE_NOTHING: '* * * * *' }, /^TRIBUTARY_SCHEDULE_NOTHING names no job/],
  [{ MAILER_DSN: 'localhost' }, /^MAILER_DSN is no mail server/],
  [{ MAILER_DSN: 'smtp://u:p@h' }, /^TECHNICAL_ALERT_EMAIL_FROM is missing/],
  [{ TRIBUTARY_SELLER_LINK_CODE: '1' }, /^TRIBUTARY_SELLER_LINK_CODE is on without mail/],
  [{ TECHNICAL_ALERT_EMAIL: 'me' }, /^TECHNICAL_ALERT_EMAIL is "me"/],
  [{ STRIPE_TAX_ACCOUNT: 'x' }, /^STRIPE_TAX_ACCOUNT is "x"/],
  [{ ENABLE_PAYMENT_TAX_SPLIT: 'true' }, /^STRIPE_TAX_ACCOUNT is missing/],
  [
    {
      ENABLE_PAYMENT_TAX_SPLIT: 'true',
      STRIPE_TAX_ACCOUNT: 'acct_1',
      STRIPE_ACCOUNT_ID: 'acct_1',
    },
    /^STRIPE_TAX_ACCOUNT is the platform itself/,
  ],
]

function problemOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  return ''
}

function without(variables: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  )
}

describe('readConfig', () => {
  it.each(refused)('refuses %j in one line', (changes, line) => {
    const problem = problemOf(() => readConfig(without({ ...good, ...changes })))
    expect(problem).toMatch(line)
    expect(problem).not.toContain('\n')
  })

  it.each([
    [{ MIRAKL_HOST_NAME: 'http://acme.mirakl.net' }, /^MIRAKL_HOST_NAME is http in a live/],
    [{ STRIPE_API_BASE: 'http://127.0.0.1:1' }, /^STRIPE_API_BASE is http in a live/],
    [{ PUBLIC_URL: 'http://pay.example.com' }, /^PUBLIC_URL is http in a live/],
    [{ PUBLIC_URL: 'https://localhost' }, /^PUBLIC_URL is an address of this machine/],
    [{ PUBLIC_URL: '', BASE_HOST: 'a.example', SCHEME: 'http' }, /^SCHEME is http in a live/],
  ])('refuses %j in live', (changes, line) => {
    expect(problemOf(() => readConfig({ ...live, ...changes }))).toMatch(line)
  })

  it('takes the mode from the key', () => {
    expect(readConfig(good).mode).toBe('test')
    expect(readConfig({ ...good, STRIPE_CLIENT_SECRET: 'rk_test_1' }).mode).toBe('test')
    expect(readConfig(live).mode).toBe('live')
    expect(readConfig({}).mode).toBeNull()
  })

  it('fills in what is not said', () => {
    const config = readConfig(good)
    expect(config).toMatchObject({
      home: './.tributary',
      databaseUrl: null,
      port: 8080,
      publicUrl: '',
      logLevel: 'info',
      timeZone: 'UTC',
      startDate: null,
      schedules: {},
      mirakl: { customFieldCode: 'stripe-url', ignoredFieldCode: 'stripe-ignored' },
      stripe: { apiBase: 'https://api.stripe.com', requestsPerSecond: 25 },
    })
    expect(config.settings).toMatchObject({
      enable: { onboarding: true, productSplit: false, serviceSplit: false },
      onboardingReturnUrl: 'https://acme.mirakl.net/mmp/shop/account/shop',
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  it.each([
    ['raw', { kind: 'apiKey', key: 'raw' }],
    ['Bearer abc', { kind: 'bearer', token: 'abc' }],
  ])('reads the key %s of Mirakl', (text, auth) => {
    expect(readConfig({ ...good, MIRAKL_API_KEY: text }).mirakl?.auth).toEqual(auth)
  })

  it('reads OAuth', () => {
    const { MIRAKL_API_KEY: _, ...rest } = good
    const oauth = {
      MIRAKL_CLIENT_ID: 'c',
      MIRAKL_CLIENT_SECRET: 's',
      MIRAKL_AUTH_URL: 'https://auth.mirakl.net/oauth/token',
    }
    expect(readConfig({ ...rest, ...oauth }).mirakl?.auth).toEqual({
      kind: 'oauth',
      clientId: 'c',
      clientSecret: 's',
      authUrl: 'https://auth.mirakl.net/oauth/token',
    })
  })

  it('works with an .env of the old connector', () => {
    const config = readConfig({
      ...good,
      BASE_HOST: 'pay.example.com',
      SCHEME: 'https',
      STRIPE_PREFILL_ONBOARDING: 'true',
      ENABLES_AUTOMATIC_TRANSFER_CREATION: 'true',
      ENABLE_SERVICE_PAYMENT_SPLIT: '1',
      KYC_MIRAKL_SHOP_DISABLE_UPDATE: '1',
      MAILER_DSN: 'smtp://null',
      REDIRECT_ONBOARDING: 'https://shop.example.com/back?from=stripe',
      TECHNICAL_ALERT_EMAIL: '',
    })
    expect(config.publicUrl).toBe('https://pay.example.com')
    expect(config.settings).toMatchObject({
      prefillOnboarding: true,
      tellKyc: false,
      enable: { productSplit: true, serviceSplit: true },
      onboardingReturnUrl: 'https://shop.example.com/back?from=stripe',
    })
  })

  it('reads our own knobs', () => {
    const config = readConfig({
      ...good,
      TRIBUTARY_START_DATE: '2026-11-01',
      TRIBUTARY_SECRET_KEY: key.toString('hex'),
      TRIBUTARY_PAY_OUT_PSP_CODES: 'STRIPE, stripe-fr',
      TRIBUTARY_SCHEDULE_SPLIT_PAYMENTS: '*/10 * * * *',
      TRIBUTARY_SCHEDULE_SETTLE_SELLERS: 'off',
      STRIPE_REQUESTS_PER_SECOND: '0',
    })
    expect(config.startDate).toEqual(new Date('2026-11-01T00:00:00Z'))
    expect(config.secretKey?.equals(key)).toBe(true)
    expect(config.settings.ourPspCodes).toEqual(['STRIPE', 'stripe-fr'])
    expect(config.schedules).toEqual({
      'split-payments': '*/10 * * * *',
      'settle-sellers': null,
    })
    expect(config.stripe?.requestsPerSecond).toBeNull()
  })

  it('asks for the connections only where they are needed', () => {
    expect(problemOf(() => connected(readConfig({})))).toMatch(/^MIRAKL_HOST_NAME is missing/)
    const { STRIPE_CLIENT_SECRET: _, ...mirakl } = good
    expect(problemOf(() => connected(readConfig(mirakl)))).toMatch(
      /^STRIPE_CLIENT_SECRET is missing/,
    )
  })

  it('never shows a password of the database', () => {
    const problem = problemOf(() => readConfig({ DATABASE_URL: 'mysql://me:hunter22@h/d' }))
    expect(problem).not.toContain('hunter22')
  })
})
