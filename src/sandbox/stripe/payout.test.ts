import { expect, test } from 'vitest'
import { days, openLaboratory, openSeller, pay, refusal } from './laboratory.ts'
import type { Laboratory } from './laboratory.ts'

/** A seller with 9000 available. */
async function richSeller(lab: Laboratory): Promise<string> {
  const destination = await openSeller(lab)
  const charge = await pay(lab, 10_000)
  await lab.stripe.transfers.create({
    amount: 9000,
    currency: 'eur',
    destination,
    source_transaction: charge.id,
  })
  await lab.clock.advance(days(2))
  return destination
}

const some = { amount: 5000, currency: 'eur' } as const

test('a payout leaves, travels and lands after two days', async () => {
  const lab = openLaboratory()
  const { stripe, clock, sandbox } = lab
  const stripeAccount = await richSeller(lab)
  const payout = await stripe.payouts.create(
    { ...some, metadata: { cycle: '7' }, statement_descriptor: 'MARKET' },
    { stripeAccount },
  )
  expect(payout).toMatchObject({ status: 'pending', metadata: { cycle: '7' } })
  const status = async () =>
    (await stripe.payouts.retrieve(payout.id, {}, { stripeAccount })).status
  await clock.advance(days(1))
  expect(await status()).toBe('in_transit')
  await clock.advance(days(1))
  expect(await status()).toBe('paid')
  expect(sandbox.books().accounts[stripeAccount]?.eur).toEqual({ available: 4000, pending: 0 })
  expect(sandbox.books().totals.eur?.paidOut).toBe(5000)
  const booked = await stripe.balanceTransactions.list({ source: payout.id }, { stripeAccount })
  expect(booked.data.map(({ type, amount }) => [type, amount])).toEqual([['payout', -5000]])
})

test('a payout cannot exceed what is available, nor leave a restricted account', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox } = lab
  const stripeAccount = await richSeller(lab)
  const over = await refusal(stripe.payouts.create({ ...some, amount: 9001 }, { stripeAccount }))
  expect(over).toMatchObject({ statusCode: 400, code: 'balance_insufficient' })
  sandbox.requireMore(stripeAccount, ['individual.id_number'], 'requirements.past_due')
  const restricted = await refusal(stripe.payouts.create(some, { stripeAccount }))
  expect(restricted.code).toBe('payouts_not_allowed')
})

test('a bank bounces a payout on its way, and also after it was paid', async () => {
  const lab = openLaboratory()
  const { stripe, clock, sandbox } = lab
  const stripeAccount = await richSeller(lab)
  const early = await stripe.payouts.create(some, { stripeAccount })
  sandbox.bouncePayout(early.id, 'no_account')
  const second = await stripe.payouts.create(some, { stripeAccount })
  await clock.advance(days(3))
  expect((await stripe.payouts.retrieve(early.id, {}, { stripeAccount })).status).toBe('failed')
  sandbox.bouncePayout(second.id)
  const bounced = await stripe.payouts.retrieve(
    second.id,
    { expand: ['failure_balance_transaction'] },
    { stripeAccount },
  )
  expect(bounced).toMatchObject({
    status: 'failed',
    failure_code: 'account_closed',
    failure_balance_transaction: { type: 'payout_failure', amount: 5000 },
  })
  expect(sandbox.books().accounts[stripeAccount]?.eur?.available).toBe(9000)
  const events = await stripe.events.list({ type: 'payout.*', limit: 100 }, { stripeAccount })
  expect(events.data.toReversed().map(({ type }) => type)).toEqual([
    'payout.created',
    'payout.failed',
    'payout.created',
    'payout.updated',
    'payout.paid',
    'payout.failed',
  ])
})

test('only a payout that was not sent can be canceled', async () => {
  const lab = openLaboratory()
  const { stripe, clock, sandbox } = lab
  const stripeAccount = await richSeller(lab)
  const payout = await stripe.payouts.create(some, { stripeAccount })
  const canceled = await stripe.payouts.cancel(payout.id, {}, { stripeAccount })
  expect(canceled.status).toBe('canceled')
  expect(sandbox.books().totals.eur?.paidOut).toBe(0)
  const sent = await stripe.payouts.create(some, { stripeAccount })
  await clock.advance(days(1))
  await refusal(stripe.payouts.cancel(sent.id, {}, { stripeAccount }))
  const listed = await stripe.payouts.list({ status: 'in_transit' }, { stripeAccount })
  expect(listed.data.map(({ id }) => id)).toEqual([sent.id])
})
