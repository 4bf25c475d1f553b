import { describe, expect, test } from 'vitest'
import { createStripeEvents } from '../../src/adapters/stripe/events.ts'
import type { Plan } from '../../src/domain/plan.ts'
import type { Seller } from '../../src/domain/seller.ts'
import type { EventSubject } from '../../src/workflows/ports.ts'
import { chargeOf, movementOf, openSeller, openStripe, pay, start } from './stripe-laboratory.ts'

const seller: Seller = {
  id: '2001',
  name: 'Vélos du Midi',
  email: 'shop@velos.test',
  country: 'FR',
  currency: 'EUR',
  professional: true,
  website: 'https://velos.test',
  phone: '+33102030405',
  ignored: false,
  linkShown: null,
  paymentBlocked: false,
  kyc: null,
  updatedAt: start,
}
const urls = { refresh: 'https://hub.test/refresh', back: 'https://hub.test/back' }

describe('accounts', () => {
  test('an account is made once per key, with its controller and what the shop tells', async () => {
    const { provider, stripe } = openStripe()
    const made = await provider.createAccount({ seller, prefill: true }, 'account:2001:1')
    if (made.result !== 'created') throw new Error(JSON.stringify(made))
    expect(made.account).toMatchObject({
      country: 'FR',
      transfersActive: false,
      detailsSubmitted: false,
      standing: 'open',
      hasDashboard: true,
    })
    const account = await stripe.accounts.retrieve(made.account.id)
    expect(account).toMatchObject({
      business_type: 'company',
      business_profile: { name: 'Vélos du Midi', url: 'https://velos.test' },
      controller: { stripe_dashboard: { type: 'express' }, losses: { payments: 'application' } },
      settings: { payouts: { debit_negative_balances: false, schedule: { interval: 'manual' } } },
      metadata: { miraklShopId: '2001', pluginName: 'tributary', pluginVersion: '0.1.0' },
    })
    const again = await provider.createAccount({ seller, prefill: true }, 'account:2001:1')
    expect(again).toMatchObject({ account: { id: made.account.id } })
  })

  test('an account whose answer was lost is found when its key is forgotten, or does not fit', async () => {
    const { provider, stripe, clock } = openStripe()
    const request = { seller, prefill: true, askedBefore: true }
    const made = await provider.createAccount(request, 'account:2001:1')
    await clock.advance(25 * 3600 * 1000)
    const moved = { ...request, seller: { ...seller, email: 'new@velos.test' } }
    expect(await provider.createAccount(moved, 'account:2001:1')).toEqual(made)
    expect((await stripe.accounts.list()).data).toHaveLength(1)
    const other = await provider.createAccount(request, 'account:2001:2')
    expect(other).toMatchObject({ result: 'created' })
    expect((await stripe.accounts.list()).data).toHaveLength(2)
  })

  test('a platform that may not use Accounts v1 is told what to do', async () => {
    const { provider, sandbox } = openStripe()
    sandbox.configure({ accountsV1Refused: true })
    expect(await provider.createAccount({ seller, prefill: false }, 'k')).toMatchObject({
      result: 'rejected',
      mend: expect.stringContaining('Accounts v1'),
    })
  })

  test('its life: onboarding, ready, more asked, rejected, disconnected', async () => {
    const { provider, sandbox } = openStripe()
    const made = await provider.createAccount({ seller, prefill: false }, 'account:2001:1')
    if (made.result !== 'created') throw new Error(JSON.stringify(made))
    const { id } = made.account
    expect(await provider.onboardingLink(id, urls)).toMatchObject({ result: 'made' })
    expect(await provider.loginLink(id)).toMatchObject({ result: 'refused', reason: 'refused' })
    sandbox.completeOnboarding(id)
    expect(await provider.account(id)).toMatchObject({
      transfersActive: true,
      payoutsEnabled: true,
      detailsSubmitted: true,
      disabledReason: null,
      standing: 'open',
    })
    expect(await provider.loginLink(id)).toMatchObject({ result: 'made' })
    sandbox.requireMore(id, ['external_account'], 'requirements.past_due')
    expect(await provider.account(id)).toMatchObject({
      currentlyDue: ['external_account'],
      payoutsEnabled: false,
      standing: 'open',
    })
    sandbox.rejectAccount(id)
    expect(await provider.account(id)).toMatchObject({
      disabledReason: 'rejected.fraud',
      standing: 'rejected',
    })
    sandbox.deauthorize(id)
    expect(await provider.account(id)).toMatchObject({ id, standing: 'lost' })
    expect(await provider.onboardingLink(id, urls)).toMatchObject({ reason: 'lost' })
    expect(await provider.loginLink(id)).toMatchObject({ reason: 'lost' })
  })

  test('all of them, 100 a page, newest first, as each is read by itself', async () => {
    const { provider, stripe, sandbox } = openStripe()
    const made: string[] = []
    for (let count = 0; count < 130; count += 1) {
      made.push((await stripe.accounts.create({ type: 'express', country: 'FR' })).id)
    }
    const [first = '', left = ''] = made
    sandbox.requireMore(first, ['company.tax_id'], undefined, { deadline: 1_793_600_000 })
    sandbox.deauthorize(left)
    const page = await provider.accounts?.(null)
    expect(page?.accounts).toHaveLength(100)
    const rest = await provider.accounts?.(page?.next ?? null)
    expect(rest).toMatchObject({ next: null })
    const listed = [...(page?.accounts ?? []), ...(rest?.accounts ?? [])]
    expect(listed.map(({ id }) => id)).toEqual(made.filter(id => id !== left).toReversed())
    expect(listed.at(-1)).toEqual(await provider.account(first))
    expect(listed.at(-1)?.currentDeadline).toEqual(new Date(1_793_600_000_000))
  })

  test('the same requirements in another order are the same account', async () => {
    const lists = [
      ['b', 'a'],
      ['a', 'b'],
    ]
    const { provider } = openStripe({
      fetch: async () =>
        Response.json({
          id: 'acct_1',
          object: 'account',
          payouts_enabled: false,
          charges_enabled: false,
          details_submitted: true,
          requirements: { currently_due: lists.pop() },
        }),
    })
    expect(await provider.account('acct_1')).toEqual(await provider.account('acct_1'))
  })

  test('one that cannot be read is left out of its page, the others are there', async () => {
    const account = { id: 'acct_1', object: 'account', payouts_enabled: false }
    const whole = { ...account, id: 'acct_2', charges_enabled: true, details_submitted: true }
    const list = { object: 'list', has_more: true, data: [whole, account] }
    const { provider } = openStripe({ fetch: async () => Response.json(list) })
    expect(await provider.accounts?.(null)).toMatchObject({
      accounts: [{ id: 'acct_2', currentlyDue: [], futureDue: [], currentDeadline: null }],
      next: 'acct_1',
    })
  })

  test('a list that Stripe cannot give is an error with a mend', async () => {
    const { provider, faults } = openStripe()
    faults.add({ side: 'stripe', kind: 'rate_limited', path: '/accounts' })
    await expect(provider.accounts?.(null)).rejects.toMatchObject({ kind: 'rate_limited' })
  })

  test('an id that is none of Stripe’s accounts is lost', async () => {
    const { provider, requests } = openStripe()
    expect(await provider.account('../balance')).toMatchObject({ standing: 'lost' })
    expect(await provider.account('acct_nobody')).toMatchObject({ standing: 'lost' })
    expect(requests).toHaveLength(1)
  })

  test('an account without the Express Dashboard has no login link', async () => {
    const { provider, stripe } = openStripe()
    const { id } = await stripe.accounts.create({ type: 'standard', country: 'FR' })
    expect(await provider.account(id)).toMatchObject({ hasDashboard: false })
    expect(await provider.loginLink(id)).toMatchObject({ reason: 'no_dashboard' })
  })

  test('a read that Stripe cannot answer is an error with a mend, a link is unavailable', async () => {
    const { provider, faults } = openStripe()
    faults.add({ side: 'stripe', kind: 'rate_limited', path: '/account' })
    await expect(provider.account('acct_1')).rejects.toMatchObject({ kind: 'rate_limited' })
    expect(await provider.onboardingLink('acct_1', urls)).toMatchObject({ result: 'unavailable' })
  })
})

describe('payments', () => {
  test('every payment is listed once: attempts, authorisations and plain charges', async () => {
    const laboratory = openStripe()
    const { provider, stripe } = laboratory
    const waiting = await pay(laboratory, 1000, { capture_method: 'manual' })
    const retried = await stripe.paymentIntents.create({ amount: 2000, currency: 'eur' })
    await stripe.paymentIntents
      .confirm(retried.id, { payment_method: 'pm_card_chargeDeclined' })
      .catch(() => undefined)
    expect(await provider.payment(retried.id)).toMatchObject({ status: 'failed' })
    await stripe.paymentIntents.confirm(retried.id, { payment_method: 'pm_card_visa' })
    const plain = await stripe.charges.create({ amount: 3000, currency: 'eur', source: 'tok_visa' })
    const { payments, next } = await provider.payments({ createdSince: start, after: null })
    expect(payments.map(payment => [payment.id, payment.status])).toEqual([
      [plain.id, 'captured'],
      [retried.id, 'captured'],
      [waiting.id, 'authorized'],
    ])
    expect(next).toBeNull()
    expect(await provider.payment('ch_unknown')).toBeNull()
    expect(await provider.payment('something else')).toBeNull()
  })

  test('a long list is read page by page', async () => {
    const laboratory = openStripe()
    for (let made = 0; made < 101; made += 1) await pay(laboratory, 100)
    const first = await laboratory.provider.payments({ createdSince: null, after: null })
    expect(first.payments).toHaveLength(100)
    const rest = await laboratory.provider.payments({ createdSince: null, after: first.next })
    expect(rest).toMatchObject({ payments: { length: 1 }, next: null })
  })
})

test('a shadow run sees what the old connector moved, and not what we did', async () => {
  const laboratory = openStripe()
  const { provider, stripe } = laboratory
  const charge = chargeOf(await pay(laboratory, 20_000))
  const account = await openSeller(laboratory)
  const movement = movementOf({
    currency: 'EUR',
    do: 'transfer',
    amount: 100n,
    destination: account,
    sourceCharge: charge,
    group: null,
  })
  await provider.send(movement, 'key')
  const plan: Plan = {
    kind: 'transfer',
    source: movement.source,
    parties: movement.parties,
    currency: 'EUR',
    account,
    checks: [],
    decision: { to: 'nothing' },
    facts: {},
  }
  expect(await provider.seen(plan)).toBeNull()
  const old = await stripe.transfers.create({
    amount: 9000,
    currency: 'eur',
    destination: account,
    source_transaction: charge,
    metadata: { miraklId: 'order-1', miraklShopId: '2001' },
  })
  expect(await provider.seen(plan)).toEqual({ providerId: old.id, amount: 9000n })
})

test('the webhooks of a sale, a seller and a payout are read', async () => {
  const laboratory = openStripe()
  const { provider, stripe, sandbox, clock, delivered } = laboratory
  const secrets: string[] = []
  for (const connect of [false, true]) {
    const url = `http://hub.test/${connect}`
    const made = await stripe.webhookEndpoints.create({ url, connect, enabled_events: ['*'] })
    secrets.push(made.secret ?? '')
  }
  await pay(laboratory, 20_000)
  const account = await openSeller(laboratory)
  const parts = { currency: 'EUR', amount: 5000n }
  const transfer = movementOf({
    ...parts,
    do: 'transfer',
    destination: account,
    sourceCharge: null,
    group: null,
  })
  await provider.send(transfer, 'transfer')
  const payout = movementOf({ ...parts, do: 'payout', account, statement: null })
  const sent = await provider.send(payout, 'payout')
  if (sent.result !== 'accepted') throw new Error(JSON.stringify(sent))
  await clock.advance(10 * 86_400_000)
  sandbox.bouncePayout(sent.providerId)
  sandbox.deauthorize(account)
  await sandbox.settled()
  const reader = createStripeEvents({
    purchaseMetadataKey: 'mirakl_commercial_order_id',
    live: false,
    now: () => start,
  })
  const subjects = delivered.map(({ body, signature }): EventSubject => {
    const answer = reader.verify(body, signature, secrets)
    if (!answer.ok) throw new Error(answer.problem)
    return answer.event.subject
  })
  expect(subjects).toContainEqual(
    expect.objectContaining({
      about: 'payment',
      payment: expect.objectContaining({ purchaseId: 'purchase-1', status: 'captured' }),
    }),
  )
  expect(subjects).toContainEqual(
    expect.objectContaining({ about: 'movement', object: 'transfer', movementId: transfer.id }),
  )
  const payouts = subjects.flatMap(subject =>
    subject.about === 'movement' && subject.object === 'payout' ? [subject] : [],
  )
  expect(payouts.every(({ movementId }) => movementId === payout.id)).toBe(true)
  expect(payouts.map(({ outcome }) => outcome.result)).toEqual(
    expect.arrayContaining(['accepted', 'succeeded', 'rejected']),
  )
  expect(payouts.at(-1)).toMatchObject({ takenBack: 5000n, account })
  expect(subjects).toContainEqual({ about: 'account_lost', accountId: account })
})
