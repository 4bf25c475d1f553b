import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/database/connection.ts'
import { isReasonCode, reasons } from '../../src/domain/reasons.ts'
import { mapSeller } from '../../src/workflows/map-seller.ts'
import { openSellerLink } from '../../src/workflows/open-seller-link.ts'
import { storeProviderEvent } from '../../src/workflows/store-provider-event.ts'
import { openTestDatabase } from '../database.ts'
import { type Laboratory, openLaboratory } from './laboratory.ts'

// One test for each defect of the connector that Tributary replaces, named after its number.

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const minute = 60_000
const day = 24 * 60 * minute

async function paidOrder(lab: Laboratory, shopId: number, purchase: string): Promise<void> {
  await lab.pay(purchase, 1_000)
  const [order = ''] = lab.mirakl.placePurchase({
    commercialId: purchase,
    currency: 'EUR',
    orders: [{ shopId, lines: [{ price: '10.00', commission: '1.00' }] }],
  })
  lab.mirakl.acceptOrder(order)
  await lab.receive()
  await lab.run('validate-payments')
}

describe('defect 5: an order of a seller who was ignored', () => {
  test('is held, looked at again at every run, and moved once the flag is cleared', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    lab.mirakl.updateShop(shop, { additionalFields: { 'stripe-ignored': 'true' } })
    await lab.run('onboard-sellers')
    await paidOrder(lab, shop, 'P-1')
    expect(await lab.run('split-payments')).toMatchObject({
      onHold: 1,
      holds: { seller_ignored: 1 },
    })
    expect(await lab.run('split-payments')).toMatchObject({
      onHold: 1,
      holds: { seller_ignored: 1 },
    })
    await lab.clock.advance(minute)
    lab.mirakl.updateShop(shop, { additionalFields: { 'stripe-ignored': 'false' } })
    await lab.run('onboard-sellers')
    expect(await lab.run('split-payments')).toMatchObject({ succeeded: 1, onHold: 0 })
  })

  test('is held while KYC is open and moved once it clears', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    const account = await lab.accountOf(shop)
    lab.stripe.requireMore(account, ['individual.verification.document'], 'requirements.past_due')
    await lab.receive()
    await paidOrder(lab, shop, 'P-1')
    const held = await lab.run('split-payments')
    expect(held).toMatchObject({ onHold: 1, succeeded: 0 })
    lab.stripe.completeOnboarding(account)
    await lab.receive()
    expect(await lab.run('split-payments')).toMatchObject({ onHold: 0, succeeded: 1 })
  })
})

describe('defect 6: KYC and the ignored flag', () => {
  test('news of KYC never touches the flag, and the flag never touches KYC', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    const account = await lab.accountOf(shop)
    lab.mirakl.updateShop(shop, { additionalFields: { 'stripe-ignored': 'true' } })
    await lab.clock.advance(minute)
    await lab.run('onboard-sellers')
    lab.stripe.requireMore(account, ['external_account'])
    await lab.receive()
    for (let run = 0; run < 3; run += 1) {
      await lab.clock.advance(minute)
      await lab.run('onboard-sellers')
    }
    expect(await lab.fieldOf(shop, 'ignored')).toBe(true)
  })

  test('writes a KYC state once, not at every run', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    expect(lab.mirakl.shops().find(each => each.shopId === shop)?.kyc).toBe('APPROVED')
    const before = lab.calls.mirakl.filter(call => call === 'PUT /api/shops').length
    for (let run = 0; run < 3; run += 1) {
      await lab.clock.advance(minute)
      await lab.run('onboard-sellers')
    }
    expect(lab.calls.mirakl.filter(call => call === 'PUT /api/shops')).toHaveLength(before)
  })
})

describe('defect 10: an event of a type that nothing is done for', () => {
  test('is stored, answered, and ignored with its reason', async () => {
    const lab = await openLaboratory(database)
    const body = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'invoice.some_day_new',
      created: Math.floor(lab.clock.now().getTime() / 1000),
      livemode: false,
      data: { object: { id: 'in_1', object: 'invoice' } },
    })
    const timestamp = Math.floor(lab.clock.now().getTime() / 1000)
    const [secret = ''] = lab.secrets
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp })
    const delivery = { body, signature, secrets: lab.secrets, provider: 'stripe' }
    expect(await storeProviderEvent(lab.work(), lab.reader, delivery)).toMatchObject({
      result: 'stored',
    })
    expect(await storeProviderEvent(lab.work(), lab.reader, delivery)).toMatchObject({
      result: 'duplicate',
    })
    await lab.receive()
    const events = await database.queries
      .selectFrom('inbound_events')
      .select(['type', 'status'])
      .where('environment_id', '=', lab.environment.id)
      .execute()
    expect(events).toEqual([{ type: 'invoice.some_day_new', status: 'ignored' }])
  })
})

describe('defect 14: the link that stands in Mirakl', () => {
  test('is our own, never changes, and mints a fresh link at each click', async () => {
    const lab = await openLaboratory(database)
    const shop = lab.mirakl.addShop({ currency: 'EUR', country: 'FRA' })
    await lab.run('onboard-sellers')
    const link = String(await lab.fieldOf(shop, 'link'))
    expect(link).toMatch(/^https:\/\/pay\.example\/onboarding\//)
    const token = link.split('/').at(-1) ?? ''
    const clicks = []
    for (let click = 0; click < 3; click += 1) {
      clicks.push(await openSellerLink(lab.work(), lab.signer, token, null))
    }
    const urls = clicks.map(click => (click.to === 'provider' ? click.url : ''))
    expect(new Set(urls).size).toBe(3)
    lab.stripe.completeOnboarding(await lab.accountOf(shop))
    await lab.receive()
    await lab.clock.advance(minute)
    await lab.run('onboard-sellers')
    expect(await lab.fieldOf(shop, 'link')).toBe(link)
    const dashboard = await openSellerLink(lab.work(), lab.signer, token, null)
    expect(dashboard).toMatchObject({ to: 'provider' })
    expect(dashboard.to === 'provider' && urls.includes(dashboard.url)).toBe(false)
  })

  test('explains a rejected account instead of a loop', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    lab.stripe.rejectAccount(await lab.accountOf(shop))
    const token =
      String(await lab.fieldOf(shop, 'link'))
        .split('/')
        .at(-1) ?? ''
    const click = await openSellerLink(lab.work(), lab.signer, token, null)
    expect(click).toEqual({ to: 'explanation', why: 'rejected' })
  })
})

describe('defect 15: page size, memory and 429', () => {
  test('250 orders cost three pages, an unchanged backlog costs none, a 429 is waited for', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    for (let index = 0; index < 250; index += 1) {
      lab.mirakl.placePurchase({
        commercialId: `P-${index}`,
        currency: 'EUR',
        orders: [{ shopId: shop, lines: [{ price: '10.00' }] }],
      })
    }
    lab.calls.mirakl.length = 0
    lab.faults.add({
      side: 'mirakl',
      kind: 'rate_limited',
      path: '/api/orders',
      times: 1,
      retryAfterSeconds: 2,
    })
    await lab.run('split-payments')
    expect(lab.calls.mirakl.filter(call => call === 'GET /api/orders')).toHaveLength(3 + 1)
    await lab.clock.advance(60 * minute)
    await lab.run('split-payments')
    lab.calls.mirakl.length = 0
    await lab.clock.advance(60 * minute)
    await lab.run('split-payments')
    expect(lab.calls.mirakl).toEqual(['GET /api/orders'])
  })
})

describe('defect 18: payouts know paid and bounced, and Mirakl is told', () => {
  async function cycleOf(lab: Laboratory): Promise<number> {
    const shop = await lab.openSeller()
    await paidOrder(lab, shop, 'P-1')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({ start: '2026-11-01T00:00:00Z', end: '2026-11-05T00:00:00Z' })
    await lab.run('settle-sellers')
    return shop
  }

  test('a payout that the bank refuses is failed, held, and goes again when the account changed', async () => {
    const lab = await openLaboratory(database)
    const shop = await cycleOf(lab)
    const account = await lab.accountOf(shop)
    const [payout] = await lab.movements('payout')
    expect(payout).toMatchObject({ status: 'accepted', amount: 900n })
    lab.stripe.bouncePayout(payout?.providerId ?? '', 'account_closed')
    await lab.receive()
    const [failed] = await lab.movements('payout')
    expect(failed).toMatchObject({ status: 'failed', reason: 'bank_refused' })
    await lab.clock.advance(day)
    expect(await lab.run('settle-sellers')).toMatchObject({ sent: 0, holds: { bank_refused: 1 } })
    // The seller corrects the bank account: the provider tells that the account was updated.
    lab.stripe.requireMore(account, ['external_account'])
    await lab.receive()
    lab.stripe.completeOnboarding(account)
    await lab.receive()
    await lab.clock.advance(day)
    expect(await lab.run('settle-sellers')).toMatchObject({ sent: 1, accepted: 1 })
    await lab.clock.advance(3 * day)
    await lab.receive()
    const landed = await lab.run('settle-sellers')
    expect(landed).toMatchObject({ confirmed: 1, error: null })
    expect(await lab.movements('payout')).toMatchObject([{ status: 'succeeded', attempt: 2 }])
  })

  test('a new bank account alone, which only an event tells of, lets the payout go again', async () => {
    const lab = await openLaboratory(database)
    const shop = await cycleOf(lab)
    const account = await lab.accountOf(shop)
    const [payout] = await lab.movements('payout')
    lab.stripe.bouncePayout(payout?.providerId ?? '', 'account_closed')
    await lab.receive()
    await lab.clock.advance(day)
    expect(await lab.run('settle-sellers')).toMatchObject({ sent: 0, holds: { bank_refused: 1 } })
    // An account.updated whose account is as we know it: what changed is not in it.
    await lab.sdk.accounts.update(account, { metadata: { bank: 'new' } })
    await lab.receive()
    await lab.clock.advance(day)
    expect(await lab.run('settle-sellers')).toMatchObject({ sent: 1, accepted: 1 })
  })

  test('a new bank account that was seen before the refusal lets the payout go again', async () => {
    const lab = await openLaboratory(database)
    const shop = await cycleOf(lab)
    const account = await lab.accountOf(shop)
    const [payout] = await lab.movements('payout')
    lab.stripe.changeBank(account)
    await lab.receive()
    await lab.clock.advance(day)
    // The payout was on its way to the bank that there was.
    lab.stripe.bouncePayout(payout?.providerId ?? '', 'account_closed')
    await lab.receive()
    expect(await lab.movements('payout')).toMatchObject([{ reason: 'bank_refused' }])
    await lab.clock.advance(day)
    expect(await lab.run('settle-sellers')).toMatchObject({ sent: 1, accepted: 1 })
    // The new one refuses too: now it waits.
    const [second] = await lab.movements('payout')
    lab.stripe.bouncePayout(second?.providerId ?? '', 'account_closed')
    await lab.receive()
    await lab.clock.advance(day)
    expect(await lab.run('settle-sellers')).toMatchObject({ sent: 0, holds: { bank_refused: 1 } })
  })

  test('a payout that comes back after its bank was replaced goes to the new one', async () => {
    const lab = await openLaboratory(database)
    const shop = await cycleOf(lab)
    const account = await lab.accountOf(shop)
    await lab.clock.advance(3 * day)
    await lab.receive()
    const [paid] = await lab.movements('payout')
    lab.stripe.changeBank(account)
    await lab.receive()
    await lab.clock.advance(day)
    lab.stripe.bouncePayout(paid?.providerId ?? '', 'account_closed')
    await lab.receive()
    await lab.clock.advance(day)
    expect(await lab.run('settle-sellers')).toMatchObject({ sent: 1, accepted: 1 })
  })

  test('a payout taken back after it was paid is a return, and its successor has the next sequence', async () => {
    const lab = await openLaboratory(database)
    const shop = await cycleOf(lab)
    const account = await lab.accountOf(shop)
    await lab.clock.advance(3 * day)
    await lab.receive()
    const [paid] = await lab.movements('payout')
    expect(paid).toMatchObject({ status: 'succeeded' })
    lab.stripe.bouncePayout(paid?.providerId ?? '', 'account_closed')
    await lab.receive()
    expect(await lab.movements('payout')).toMatchObject([{ status: 'succeeded' }])
    expect(await lab.movements('return')).toMatchObject([{ origin: 'observed', amount: 900n }])
    await lab.clock.advance(minute)
    lab.stripe.requireMore(account, ['external_account'])
    await lab.receive()
    lab.stripe.completeOnboarding(account)
    await lab.receive()
    await lab.clock.advance(day)
    await lab.run('settle-sellers')
    const payouts = await lab.movements('payout')
    expect(payouts.map(each => [each.source.sequence, each.status])).toEqual([
      [2, 'accepted'],
      [1, 'succeeded'],
    ])
  })
})

describe('defect 20: zero amounts', () => {
  test('a cycle without subscription, invoices and credits writes its payout and nothing else', async () => {
    const lab = await openLaboratory(database)
    const shop = await lab.openSeller()
    await paidOrder(lab, shop, 'P-1')
    await lab.run('split-payments')
    await lab.clock.advance(3 * day)
    lab.mirakl.closeCycle({
      shopIds: [shop],
      start: '2026-11-01T00:00:00Z',
      end: '2026-11-05T00:00:00Z',
    })
    const empty = await lab.openSeller()
    lab.mirakl.closeCycle({
      shopIds: [empty],
      start: '2026-11-01T00:00:00Z',
      end: '2026-11-05T00:00:00Z',
    })
    await lab.run('settle-sellers')
    const settled = (await lab.movements()).filter(each => each.source.type === 'cycle')
    expect(settled.map(each => each.kind)).toEqual(['payout'])
    const cycles = await database.queries
      .selectFrom('cycles')
      .select(['seller_id', 'amount'])
      .where('environment_id', '=', lab.environment.id)
      .execute()
    expect(cycles).toHaveLength(2)
  })
})

describe('defect 22: one company with several shops', () => {
  test('one Stripe account serves two shops', async () => {
    const lab = await openLaboratory(database)
    const first = await lab.openSeller()
    const account = await lab.accountOf(first)
    lab.environment.settings.enable satisfies object
    const second = lab.mirakl.addShop({ currency: 'EUR', country: 'FRA' })
    await database.queries
      .deleteFrom('checkpoints')
      .where('environment_id', '=', lab.environment.id)
      .execute()
    await lab.run('onboard-sellers', { mode: 'dry_run' })
    expect(await mapSeller(lab.work(), String(second), account)).toMatchObject({ ok: true })
    expect(await mapSeller(lab.work(), String(second), account)).toMatchObject({
      ok: false,
      problem: 'mapped',
    })
    await paidOrder(lab, first, 'P-1')
    await paidOrder(lab, second, 'P-2')
    await lab.run('split-payments')
    const transfers = await lab.movements('transfer')
    expect(transfers.map(each => [each.parties.sellerId, each.account, each.status])).toEqual([
      [String(second), account, 'succeeded'],
      [String(first), account, 'succeeded'],
    ])
  })
})

describe('defect 24: reasons are codes', () => {
  test('every hold of a run has a code, a text in three languages, a mend and somebody who can', async () => {
    const lab = await openLaboratory(database)
    const shop = lab.mirakl.addShop({ currency: 'EUR', country: 'FRA' })
    await lab.run('onboard-sellers')
    await paidOrder(lab, shop, 'P-1')
    const report = await lab.run('split-payments')
    expect(report.onHold).toBe(1)
    for (const code of Object.keys(report.holds)) {
      expect(isReasonCode(code)).toBe(true)
      if (!isReasonCode(code)) continue
      const reason = reasons[code]
      expect([reason.text.en, reason.text.fr, reason.text.de, reason.mend].every(Boolean)).toBe(
        true,
      )
      expect(reason.unblockedBy).not.toBe('nobody')
    }
  })
})
