import { expect, test } from 'vitest'
import { days, openLaboratory, openSeller, pay, refusal } from './laboratory.ts'

const eur = { currency: 'eur' } as const

test('a line comes with the object behind it, on the platform and on the account', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox, clock } = lab
  const destination = await openSeller(lab)
  const charge = await pay(lab, 10_000)
  const source_transaction = charge.id
  const transfer = await stripe.transfers.create({
    ...eur,
    amount: 9_000,
    destination,
    source_transaction,
  })
  const reversal = await stripe.transfers.createReversal(transfer.id, { amount: 500 })
  await stripe.refunds.create({ charge: charge.id, amount: 400 })
  await stripe.topups.create({ ...eur, amount: 700 })
  sandbox.takeFee({ ...eur, amount: 80, description: 'Connect (2026-11)' })
  await clock.advance(days(2))
  await stripe.payouts.create({ ...eur, amount: 100 })
  const expanded = { limit: 100, expand: ['data.source'] }
  const own = await stripe.balanceTransactions.list(expanded)
  const shown = own.data.map(({ type, net, source }) => [
    type,
    net,
    typeof source === 'object' ? (source?.object ?? null) : 'an id',
  ])
  expect(shown).toEqual([
    ['payout', -100, 'payout'],
    ['topup', 700, 'topup'],
    ['stripe_fee', -80, null],
    ['refund', -400, 'refund'],
    ['transfer_refund', 500, 'transfer_reversal'],
    ['transfer', -9_000, 'transfer'],
    // 1.4 % and 25 cents.
    ['charge', 10_000 - 165, 'charge'],
  ])
  const asSeller = { stripeAccount: destination }
  const theirs = await stripe.balanceTransactions.list(expanded, asSeller)
  expect(theirs.data).toMatchObject([
    {
      type: 'payment_refund',
      net: -500,
      reporting_category: 'refund',
      source: { object: 'refund', source_transfer_reversal: reversal.id },
    },
    {
      type: 'payment',
      net: 9_000,
      reporting_category: 'charge',
      source: { object: 'charge', source_transfer: transfer.id },
    },
  ])
})

test('lists are bounded by time and by type; a manual payout names no lines', async () => {
  const lab = openLaboratory()
  const { stripe, clock } = lab
  const first = Math.floor(clock.now().getTime() / 1000)
  await pay(lab, 10_000)
  await clock.advance(days(3))
  await pay(lab, 2_000)
  await stripe.payouts.create({ ...eur, amount: 100 })
  const amounts = async (query: object) =>
    (await stripe.balanceTransactions.list(query)).data.map(({ amount }) => amount)
  expect(await amounts({ created: { gte: first, lt: first + 1 } })).toEqual([10_000])
  expect(await amounts({ created: { gte: first + 1 } })).toEqual([-100, 2_000])
  expect(await amounts({ type: 'charge' })).toEqual([2_000, 10_000])
  const [payout] = (await stripe.payouts.list()).data
  const refused = await refusal(stripe.balanceTransactions.list({ payout: payout?.id ?? '' }))
  expect(refused.message).toMatch(/only be filtered on automatic transfers/)
})
