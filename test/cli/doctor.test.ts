import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CliMarketplace, openMarketplace } from './marketplace.ts'

/** `tributary doctor` against both simulators: each fault is found and comes with its mend. */

interface Finding {
  check: string
  verdict: string
  found: string
  mend: string | null
}

let market: CliMarketplace

beforeAll(async () => {
  market = await openMarketplace()
})
afterAll(() => market.close())

async function doctor(changes: Record<string, string | null> = {}) {
  const ended = await market.tributary(['doctor', '--json'], changes)
  const { findings } = JSON.parse(ended.stdout) as { findings: Finding[] }
  return { code: ended.code, failed: findings.filter(each => each.verdict === 'fail') }
}

describe('doctor', () => {
  it('finds nothing wrong in a good setup', async () => {
    expect(await doctor()).toEqual({ code: 0, failed: [] })
  })

  it('finds a wrong key of Mirakl', async () => {
    const { code, failed } = await doctor({ MIRAKL_API_KEY: 'shop-key' })
    expect(code).toBe(1)
    expect(failed).toMatchObject([{ check: 'mirakl', mend: expect.stringMatching(/key/i) }])
  })

  it('finds a wrong key of Stripe', async () => {
    const { code, failed } = await doctor({ STRIPE_CLIENT_SECRET: 'sk_test_other' })
    expect(code).toBe(1)
    expect(failed).toMatchObject([
      { check: 'stripe', mend: expect.stringContaining('STRIPE_CLIENT_SECRET') },
    ])
  })

  it('finds a test key in a live environment', async () => {
    const { code, failed } = await doctor({ TRIBUTARY_MODE: 'live' })
    expect(code).toBe(1)
    expect(failed).toMatchObject([
      {
        check: 'configuration',
        found: 'STRIPE_CLIENT_SECRET is a test key in a live environment.',
        mend: expect.stringContaining('sk_live_'),
      },
    ])
  })

  it('finds a tax account that the platform does not have', async () => {
    const taxes = { ENABLE_PAYMENT_TAX_SPLIT: 'true', STRIPE_TAX_ACCOUNT: 'acct_nobody' }
    const { code, failed } = await doctor(taxes)
    expect(code).toBe(1)
    expect(failed).toMatchObject([
      { check: 'tax account', mend: expect.stringContaining('STRIPE_TAX_ACCOUNT') },
    ])
  })

  it('finds tax split without an account', async () => {
    const { code, failed } = await doctor({ ENABLE_PAYMENT_TAX_SPLIT: 'true' })
    expect(code).toBe(1)
    expect(failed).toMatchObject([
      { check: 'configuration', found: expect.stringContaining('STRIPE_TAX_ACCOUNT is missing') },
    ])
  })

  it('finds a missing custom field of Mirakl', async () => {
    const { code, failed } = await doctor({ MIRAKL_CUSTOM_FIELD_CODE: 'pay-link' })
    expect(code).toBe(1)
    expect(failed).toMatchObject([
      {
        check: 'mirakl link field',
        found: expect.stringContaining('no custom field pay-link'),
        mend: expect.stringContaining('type LINK'),
      },
    ])
  })

  it('finds a custom field of the wrong type', async () => {
    const { failed } = await doctor({ MIRAKL_IGNORED_SHOP_FIELD_CODE: 'stripe-url' })
    expect(failed).toMatchObject([{ check: 'mirakl ignored field' }])
  })

  it('finds a missing webhook secret and names the address to register', async () => {
    const { code, failed } = await doctor({ STRIPE_SELLERS_WEBHOOK_SECRET: null })
    expect(code).toBe(1)
    expect(failed).toMatchObject([
      {
        check: 'webhook of sellers',
        mend: expect.stringContaining('http://127.0.0.1:8080/api/public/webhook/sellers'),
      },
    ])
  })

  it('finds the account of another platform', async () => {
    const { failed } = await doctor({ STRIPE_ACCOUNT_ID: 'acct_other' })
    expect(failed).toMatchObject([{ found: expect.stringContaining('STRIPE_ACCOUNT_ID') }])
  })

  it('finds a database that cannot be reached', async () => {
    const { failed } = await doctor({ DATABASE_URL: 'postgres://nobody:pw@127.0.0.1:1/none' })
    expect(failed).toMatchObject([
      { check: 'database', mend: expect.stringContaining('DATABASE_URL') },
    ])
  })

  it('speaks readable lines to a person', async () => {
    const ended = await market.tributary(['doctor'], { STRIPE_OPERATOR_WEBHOOK_SECRET: null })
    expect(ended.stdout).toMatch(/^fail {2}webhook of the operator/m)
    expect(ended.stdout).toContain('1 of')
  })
})
