import { expect, test } from 'vitest'
import { days, openLaboratory, openSeller, pay, refusal } from './laboratory.ts'

test('an account made with controller properties goes from nothing to active', async () => {
  const { stripe, sandbox } = openLaboratory()
  const account = await stripe.accounts.create({
    country: 'FR',
    email: 'seller@shop.test',
    controller: {
      fees: { payer: 'application' },
      losses: { payments: 'application' },
      requirement_collection: 'stripe',
      stripe_dashboard: { type: 'express' },
    },
    capabilities: { transfers: { requested: true } },
    business_profile: { name: 'Shop', url: 'https://shop.test' },
    settings: { payouts: { schedule: { interval: 'manual' }, debit_negative_balances: false } },
    metadata: { miraklShopId: '2003' },
  })
  expect(account).toMatchObject({
    capabilities: { transfers: 'inactive' },
    details_submitted: false,
    payouts_enabled: false,
    business_profile: { name: 'Shop' },
    settings: { payouts: { schedule: { interval: 'manual' }, debit_negative_balances: false } },
    metadata: { miraklShopId: '2003' },
  })
  expect(account.requirements?.currently_due).toContain('external_account')
  sandbox.completeOnboarding(account.id)
  const ready = await stripe.accounts.retrieve(account.id)
  expect(ready).toMatchObject({
    capabilities: { transfers: 'active' },
    details_submitted: true,
    payouts_enabled: true,
    charges_enabled: false,
    requirements: { currently_due: [], disabled_reason: null },
  })
})

test('requirements, checks and rejections show as Stripe shows them', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox } = lab
  const id = await openSeller(lab)
  sandbox.requireMore(id, ['company.tax_id'])
  expect(await stripe.accounts.retrieve(id)).toMatchObject({
    payouts_enabled: true,
    requirements: { currently_due: ['company.tax_id'] },
  })
  sandbox.completeOnboarding(id, { pending_verification: ['company.tax_id'] })
  expect(await stripe.accounts.retrieve(id)).toMatchObject({
    payouts_enabled: false,
    capabilities: { transfers: 'inactive' },
    requirements: { disabled_reason: 'requirements.pending_verification' },
  })
  await stripe.accounts.reject(id, { reason: 'fraud' })
  expect(await stripe.accounts.retrieve(id)).toMatchObject({
    requirements: { disabled_reason: 'rejected.fraud' },
  })
})

test('account links open once and for five minutes', async () => {
  const { stripe, sandbox, clock } = openLaboratory()
  const { id: account } = await stripe.accounts.create({ type: 'express' })
  const ask = {
    account,
    type: 'account_onboarding',
    refresh_url: 'https://hub.test/refresh',
    return_url: 'https://hub.test/done',
  } as const
  const link = await stripe.accountLinks.create(ask)
  expect(link.expires_at - link.created).toBe(300)
  expect(sandbox.visitLink(link.url)).toMatchObject({ opened: true, account })
  const closed = { opened: false, redirect: 'https://hub.test/refresh' }
  expect(sandbox.visitLink(link.url)).toEqual(closed)
  const late = await stripe.accountLinks.create(ask)
  await clock.advance(300_000)
  expect(sandbox.visitLink(late.url)).toEqual(closed)
  const update = await refusal(stripe.accountLinks.create({ ...ask, type: 'account_update' }))
  expect(update.param).toBe('type')
})

test('login links are for Express accounts that are through with onboarding', async () => {
  const { stripe, sandbox } = openLaboratory()
  const express = await stripe.accounts.create({ type: 'express' })
  await refusal(stripe.accounts.createLoginLink(express.id))
  sandbox.completeOnboarding(express.id)
  expect((await stripe.accounts.createLoginLink(express.id)).url).toContain(express.id)
  const standard = await stripe.accounts.create({ type: 'standard' })
  sandbox.completeOnboarding(standard.id)
  await refusal(stripe.accounts.createLoginLink(standard.id))
})

test('unknown, deleted and departed accounts are out of reach', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox, clock } = lab
  const denied = { statusCode: 403, code: 'account_invalid' }
  expect(await refusal(stripe.accounts.retrieve('acct_none'))).toMatchObject(denied)
  const id = await openSeller(lab)
  const charge = await pay(lab, 1000)
  const transfer = { amount: 500, currency: 'eur', destination: id, source_transaction: charge.id }
  await stripe.transfers.create(transfer)
  await refusal(stripe.accounts.del(id))
  await clock.advance(days(2))
  await stripe.payouts.create({ amount: 500, currency: 'eur' }, { stripeAccount: id })
  expect(await stripe.accounts.del(id)).toMatchObject({ deleted: true })
  expect(await refusal(stripe.accounts.retrieve(id))).toMatchObject(denied)
  expect(await refusal(stripe.balance.retrieve({}, { stripeAccount: id }))).toMatchObject(denied)
  const left = await openSeller(lab)
  sandbox.deauthorize(left)
  expect(await refusal(stripe.accounts.retrieve(left))).toMatchObject(denied)
  expect((await stripe.accounts.list()).data).toEqual([])
})

test('a platform of Accounts v2 is refused the old way of creating', async () => {
  const { stripe, sandbox } = openLaboratory()
  sandbox.configure({ accountsV1Refused: true })
  expect((await refusal(stripe.accounts.create({ type: 'express' }))).statusCode).toBe(400)
})

test('the key names its own account', async () => {
  const lab = openLaboratory({ platformAccountId: 'acct_hub' })
  expect((await lab.stripe.accounts.retrieveCurrent()).id).toBe('acct_hub')
  const id = await openSeller(lab)
  const own = await lab.stripe.accounts.retrieveCurrent({}, { stripeAccount: id })
  expect(own.id).toBe(id)
})
