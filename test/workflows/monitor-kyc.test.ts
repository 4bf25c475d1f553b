import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { representable } from '../../src/adapters/stripe/amounts.ts'
import { accountById } from '../../src/store/accounts.ts'
import { dueSellers } from '../../src/store/sellers.ts'
import { explain } from '../../src/workflows/explain.ts'
import type { PaymentProvider } from '../../src/workflows/ports.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, openLaboratory } from './laboratory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute

/** A laboratory whose webhooks are all lost: only looking brings news. */
const deaf = () => openLaboratory(database, { webhooks: false })

const storedOf = async (lab: Laboratory, shop: number) =>
  accountById(database.queries, lab.environment.id, await lab.accountOf(shop))
const kycOf = (lab: Laboratory, shop: number) =>
  lab.mirakl.shops().find(each => each.shopId === shop)?.kyc
const dueOf = async (lab: Laboratory) => {
  const query = { after: '', limit: 100, now: lab.clock.now() }
  return (await dueSellers(database.queries, lab.environment.id, query)).map(each => each.id)
}
const accountCalls = (lab: Laboratory) =>
  lab.calls.stripe.filter(call => call.startsWith('GET /v1/accounts'))

/** Shops of which each has an account that can be paid; made a hundred at a time. */
async function openMany(lab: Laboratory, count: number): Promise<number[]> {
  const shops = Array.from({ length: count }, () =>
    lab.mirakl.addShop({ currency: 'EUR', country: 'FRA' }),
  )
  await lab.run('onboard-sellers')
  for (const shop of shops) lab.stripe.completeOnboarding(await lab.accountOf(shop))
  await lab.clock.advance(minute)
  await lab.run('monitor-kyc')
  await lab.run('onboard-sellers')
  await lab.clock.advance(minute)
  return shops
}

describe('monitor-kyc', () => {
  test('sees what no webhook told, and the next onboard-sellers run tells Mirakl', async () => {
    const lab = await deaf()
    const shop = await lab.openSeller()
    expect(kycOf(lab, shop)).toBe('APPROVED')
    lab.stripe.requireMore(await lab.accountOf(shop), ['external_account'], 'requirements.past_due')
    await lab.clock.advance(60 * minute)
    expect(await lab.run('monitor-kyc')).toMatchObject({
      error: null,
      failed: 0,
      onHold: 1,
      holds: { seller_restricted: 1 },
    })
    expect(await dueOf(lab)).toEqual([String(shop)])
    await lab.run('onboard-sellers')
    expect(kycOf(lab, shop)).toBe('PENDING_SUBMISSION')
  })

  test('lists 100 a page, stores only what changed, and reads nothing twice', async () => {
    const lab = await deaf()
    const shops = await openMany(lab, 130)
    const [first = 0] = shops
    const before = await storedOf(lab, first)
    lab.stripe.requireMore(await lab.accountOf(shops[7] ?? 0), ['company.tax_id'])
    lab.calls.stripe.length = 0
    await lab.clock.advance(60 * minute)
    const changedAt = lab.clock.now()
    await lab.run('monitor-kyc')
    expect(accountCalls(lab)).toEqual(['GET /v1/accounts', 'GET /v1/accounts'])
    expect(await dueOf(lab)).toEqual([String(shops[7])])
    expect(await storedOf(lab, shops[7] ?? 0)).toMatchObject({
      currentlyDue: ['company.tax_id'],
      changedAt,
    })
    expect(await storedOf(lab, first)).toEqual(before)
  })

  test('leaves alone what a platform has beside the shops', async () => {
    const lab = await deaf()
    await lab.openSeller()
    await lab.sdk.accounts.create({ type: 'express', country: 'FR' })
    await lab.clock.advance(60 * minute)
    await lab.run('monitor-kyc')
    const rows = await database.queries
      .selectFrom('accounts')
      .select('id')
      .where('environment_id', '=', lab.environment.id)
      .execute()
    expect(rows).toHaveLength(1)
  })

  test('an account that left the platform is read by itself and stored as lost', async () => {
    const lab = await deaf()
    const shop = await lab.openSeller()
    lab.stripe.deauthorize(await lab.accountOf(shop))
    await lab.clock.advance(60 * minute)
    await lab.run('monitor-kyc')
    expect(await storedOf(lab, shop)).toMatchObject({ standing: 'lost', transfersActive: false })
    lab.calls.stripe.length = 0
    await lab.clock.advance(60 * minute)
    await lab.run('monitor-kyc')
    expect(accountCalls(lab)).toEqual(['GET /v1/accounts'])
  })

  test('keeps requirements, deadlines and refusals, and explain seller shows them', async () => {
    const lab = await deaf()
    const shop = await lab.openSeller()
    const seconds = (days: number) => Math.floor(lab.clock.now().getTime() / 1000) + days * 86_400
    const [deadline, futureDeadline] = [seconds(14), seconds(90)]
    const refused = 'individual.verification.document'
    lab.stripe.requireMore(await lab.accountOf(shop), [refused], undefined, {
      deadline,
      futureDeadline,
      futureDue: ['company.registration_number'],
      errors: [
        {
          code: 'verification_document_not_readable',
          reason: 'The document cannot be read.',
          requirement: refused,
        },
      ],
    })
    await lab.clock.advance(60 * minute)
    await lab.run('monitor-kyc')
    const moment = (unix: number) => new Date(unix * 1000)
    expect(await storedOf(lab, shop)).toMatchObject({
      currentDeadline: moment(deadline),
      futureDeadline: moment(futureDeadline),
    })
    const source = { ...lab, representable, language: 'en' as const }
    expect(await explain(source, 'seller', String(shop))).toMatchObject({
      facts: {
        disabledReason: null,
        currentlyDue: [refused],
        currentDeadline: moment(deadline).toISOString(),
        requirementProblems: [`${refused}: The document cannot be read.`],
        futureDue: ['company.registration_number'],
        futureDeadline: moment(futureDeadline).toISOString(),
      },
    })
  })

  test('held money of a seller whose KYC clears is moved by the next run', async () => {
    const lab = await deaf()
    const shop = await lab.openSeller()
    const account = await lab.accountOf(shop)
    lab.stripe.requireMore(account, ['external_account'], 'requirements.past_due')
    await lab.clock.advance(60 * minute)
    await lab.run('monitor-kyc')
    await lab.pay('P-1', 1_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [{ price: '10.00', commission: '1.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    await lab.run('validate-payments')
    expect(await lab.run('split-payments')).toMatchObject({
      sent: 0,
      holds: { seller_restricted: 1 },
    })
    lab.stripe.completeOnboarding(account)
    await lab.clock.advance(60 * minute)
    expect(await lab.run('monitor-kyc')).toMatchObject({ onHold: 0 })
    expect(await lab.run('split-payments')).toMatchObject({ succeeded: 1, onHold: 0 })
  })

  test('a payout held for KYC goes once the account may be paid out again', async () => {
    const lab = await deaf()
    const shop = await lab.openSeller()
    await lab.pay('P-1', 1_000)
    const [order = ''] = lab.mirakl.placePurchase({
      commercialId: 'P-1',
      currency: 'EUR',
      orders: [{ shopId: shop, lines: [{ price: '10.00', commission: '1.00' }] }],
    })
    lab.mirakl.acceptOrder(order)
    await lab.run('validate-payments')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T00:00:00Z' })
    const account = await lab.accountOf(shop)
    lab.stripe.requireMore(account, ['external_account'], 'requirements.past_due')
    await lab.run('monitor-kyc')
    expect(await lab.run('settle-sellers')).toMatchObject({ sent: 0, onHold: 1 })
    lab.stripe.completeOnboarding(account)
    await lab.clock.advance(60 * minute)
    await lab.run('monitor-kyc')
    expect(await lab.run('settle-sellers')).toMatchObject({ sent: 1, accepted: 1 })
  })

  test('a dry run compares and stores nothing', async () => {
    const lab = await deaf()
    const shop = await lab.openSeller()
    const before = await storedOf(lab, shop)
    lab.stripe.requireMore(await lab.accountOf(shop), ['external_account'])
    await lab.clock.advance(60 * minute)
    await lab.run('monitor-kyc', { mode: 'dry_run' })
    expect(await storedOf(lab, shop)).toEqual(before)
    expect(lab.logs.at(-1)).toMatchObject({ fields: { looked: 1, changed: 1 } })
  })

  test('with a shop named, only its account is read', async () => {
    const lab = await deaf()
    const [shop] = [await lab.openSeller(), await lab.openSeller()]
    lab.calls.stripe.length = 0
    await lab.run('monitor-kyc', { scope: { sellerId: String(shop) } })
    expect(accountCalls(lab)).toEqual([`GET /v1/accounts/${await lab.accountOf(shop)}`])
  })
})

describe('monitor-kyc when the provider fails', () => {
  test('without a list each account is read; one that fails never stops the others', async () => {
    const lab = await deaf()
    const shops = await openMany(lab, 5)
    const bad = await lab.accountOf(shops[2] ?? 0)
    for (const shop of shops) lab.stripe.requireMore(await lab.accountOf(shop), ['company.tax_id'])
    await lab.clock.advance(60 * minute)
    const { accounts: _, ...rest } = lab.provider
    const provider: PaymentProvider = {
      ...rest,
      account: id => (id === bad ? Promise.reject(new Error('torn')) : lab.provider.account(id)),
    }
    expect(await lab.run('monitor-kyc', { provider })).toMatchObject({ error: null, failed: 1 })
    const others = shops.filter(shop => shop !== shops[2]).map(String)
    expect(await dueOf(lab)).toEqual(others)
  })

  test('a list that is refused is replaced by single reads', async () => {
    const lab = await deaf()
    const shop = await lab.openSeller()
    lab.stripe.requireMore(await lab.accountOf(shop), ['company.tax_id'])
    await lab.clock.advance(60 * minute)
    const provider = { ...lab.provider, accounts: () => Promise.reject(new Error('not permitted')) }
    expect(await lab.run('monitor-kyc', { provider })).toMatchObject({ error: null, failed: 0 })
    expect(await dueOf(lab)).toEqual([String(shop)])
  })

  test('it stops when no account is answered for', async () => {
    const lab = await deaf()
    await openMany(lab, 60)
    await lab.clock.advance(60 * minute)
    const { accounts: _, ...rest } = lab.provider
    const provider: PaymentProvider = {
      ...rest,
      account: () => Promise.reject(new Error('out of reach')),
    }
    const report = await lab.run('monitor-kyc', { provider })
    expect(report.error).toBe('out of reach')
    expect(report.failed).toBeLessThan(60)
  })
})

describe('defect 6: monitor-kyc and the ignored flag', () => {
  test('neither ever touches the other', async () => {
    const lab = await deaf()
    const shop = await lab.openSeller()
    const ignored = async () => {
      const row = database.queries.selectFrom('sellers').select('ignored')
      return row.where('environment_id', '=', lab.environment.id).executeTakeFirstOrThrow()
    }
    for (const flag of ['true', 'false']) {
      lab.mirakl.updateShop(shop, { additionalFields: { 'stripe-ignored': flag } })
      await lab.clock.advance(minute)
      await lab.run('onboard-sellers')
      const asked = ['external_account']
      lab.stripe.requireMore(await lab.accountOf(shop), asked, 'requirements.past_due')
      await lab.run('monitor-kyc')
      lab.stripe.completeOnboarding(await lab.accountOf(shop))
      await lab.clock.advance(minute)
      await lab.run('monitor-kyc')
      await lab.run('onboard-sellers')
      expect(await lab.fieldOf(shop, 'ignored')).toBe(flag === 'true')
      expect(await ignored()).toEqual({ ignored: flag === 'true' })
      expect(await storedOf(lab, shop)).toMatchObject({ transfersActive: true })
    }
  })
})
