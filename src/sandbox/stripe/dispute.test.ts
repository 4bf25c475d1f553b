import { expect, test } from 'vitest'
import { days, openLaboratory, pay, refusal } from './laboratory.ts'
import type { Laboratory } from './laboratory.ts'

const platform = async ({ stripe }: Laboratory) => {
  const { available, pending } = await stripe.balance.retrieve()
  return [...available, ...pending].reduce((sum, { amount }) => sum + amount, 0)
}

const types = async ({ stripe }: Laboratory) =>
  (await stripe.events.list({ type: 'charge.dispute.*', limit: 20 })).data
    .map(({ type }) => type.replace('charge.dispute.', ''))
    .toReversed()

test('a dispute takes its amount and the fee, and is lost with nothing given back', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox } = lab
  const charge = await pay(lab, 10_000)
  const before = await platform(lab)
  const id = sandbox.dispute(charge.id, { reason: 'product_not_received' })
  expect((await platform(lab)) - before).toBe(-11_500)
  expect((await stripe.charges.retrieve(charge.id)).disputed).toBe(true)
  const dispute = await stripe.disputes.retrieve(id, { expand: ['charge'] })
  expect(dispute).toMatchObject({
    amount: 10_000,
    reason: 'product_not_received',
    status: 'needs_response',
    is_charge_refundable: false,
    charge: { id: charge.id },
    balance_transactions: [
      {
        amount: -10_000,
        fee: 1500,
        net: -11_500,
        type: 'adjustment',
        reporting_category: 'dispute',
      },
    ],
  })
  const booked = await stripe.balanceTransactions.list({ source: id })
  expect(booked.data.map(each => each.id)).toEqual(dispute.balance_transactions.map(e => e.id))
  expect((await refusal(stripe.refunds.create({ charge: charge.id }))).code).toBe('charge_disputed')
  sandbox.disputeLost(id)
  expect((await platform(lab)) - before).toBe(-11_500)
  expect(await types(lab)).toEqual(['created', 'funds_withdrawn', 'closed'])
  expect(() => sandbox.disputeWon(id)).toThrow('already lost')
})

test('a dispute that is won gives back all, or a part, and never the fee', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox } = lab
  const [first, second] = [await pay(lab, 10_000), await pay(lab, 5000)]
  const before = await platform(lab)
  const whole = sandbox.dispute(first.id)
  const part = sandbox.dispute(second.id, { amount: 4000 })
  sandbox.disputeWon(whole)
  sandbox.disputeWon(part, 2500)
  expect((await platform(lab)) - before).toBe(-1500 - 1500 - 1500)
  const { status, balance_transactions } = await stripe.disputes.retrieve(part)
  expect(status).toBe('won')
  expect(balance_transactions.map(({ net }) => net)).toEqual([-5500, 2500])
  expect((await stripe.disputes.list({ charge: second.id })).data).toHaveLength(1)
})

test('an inquiry moves nothing until it becomes a dispute', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox } = lab
  const [first, second] = [await pay(lab, 1000), await pay(lab, 1000)]
  const before = await platform(lab)
  const closed = sandbox.dispute(first.id, { inquiry: true })
  expect((await stripe.disputes.retrieve(closed)).status).toBe('warning_needs_response')
  sandbox.warningClosed(closed)
  expect((await stripe.charges.retrieve(first.id)).disputed).toBe(false)
  const open = sandbox.dispute(second.id, { inquiry: true })
  await stripe.refunds.create({ charge: second.id, amount: 100 })
  expect((await platform(lab)) - before).toBe(-100)
  sandbox.escalateDispute(open)
  expect((await platform(lab)) - before).toBe(-2600)
})

test('evidence is staged, submitted once and decides in test mode; silence loses', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox, clock } = lab
  const id = sandbox.dispute((await pay(lab, 1000)).id)
  const silent = sandbox.dispute((await pay(lab, 1000)).id)
  const staged = { evidence: { product_description: 'A chair' }, submit: false }
  expect((await stripe.disputes.update(id, staged)).status).toBe('needs_response')
  const evidence = { uncategorized_text: 'winning_evidence' }
  const given = await stripe.disputes.update(id, { evidence })
  expect(given).toMatchObject({
    status: 'under_review',
    evidence: { product_description: 'A chair' },
    evidence_details: { has_evidence: true, submission_count: 1 },
  })
  await refusal(stripe.disputes.update(id, { evidence }))
  await clock.advance(days(1))
  expect((await stripe.disputes.retrieve(id)).status).toBe('won')
  await refusal(stripe.disputes.close(id))
  await clock.advance(days(14))
  expect(await stripe.disputes.retrieve(silent)).toMatchObject({
    status: 'lost',
    evidence_details: { past_due: true },
  })
})

test('a top-up brings money a day later, unless the bank takes it back', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox, clock } = lab
  const create = (amount: number) => stripe.topups.create({ amount, currency: 'eur' })
  const [kept, failed, canceled] = [await create(5000), await create(700), await create(30)]
  sandbox.bounceTopup(failed.id)
  await stripe.topups.cancel(canceled.id)
  expect(await platform(lab)).toBe(0)
  await clock.advance(days(1))
  expect(await platform(lab)).toBe(5000)
  expect((await stripe.topups.list({ status: 'succeeded' })).data.map(({ id }) => id)).toEqual([
    kept.id,
  ])
  sandbox.bounceTopup(kept.id)
  expect(await platform(lab)).toBe(0)
  const { data } = await stripe.events.list({ type: 'topup.*' })
  expect(data.map(({ type }) => type.replace('topup.', '')).toReversed()).toEqual([
    'created',
    'created',
    'created',
    'failed',
    'canceled',
    'succeeded',
    'reversed',
  ])
})
