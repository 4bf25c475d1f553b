import { expect, test } from 'vitest'
import { days, openLaboratory, openSeller, pay, refusal } from './laboratory.ts'

const toEuros = { usd: { currency: 'eur', rate: '0.9137' } }

test('a charge in a currency without a bank account settles in another', async () => {
  const lab = openLaboratory()
  lab.sandbox.configure({ conversions: toEuros })
  const { id } = await pay(lab, 10_001, { currency: 'usd' })
  const charge = await lab.stripe.charges.retrieve(id, { expand: ['balance_transaction'] })
  expect(charge).toMatchObject({
    amount: 10_001,
    currency: 'usd',
    // 100.01 x 0.9137 = 91.379137; the fee is of the settled amount.
    balance_transaction: { amount: 9138, currency: 'eur', exchange_rate: 0.9137, fee: 153 },
  })
  expect(lab.sandbox.books().accounts[lab.sandbox.platformAccountId]).toEqual({
    eur: { available: 0, pending: 9138 - 153 },
  })
})

test.each([
  ['jpy', 'eur', '0.0061', 10_000, 6100],
  ['usd', 'jpy', '156.42', 1000, 1564],
  ['eur', 'kwd', '0.3561', 1000, 3561],
])('%s in %s at %s: %i is %i', async (from, to, rate, amount, brought) => {
  const lab = openLaboratory()
  lab.sandbox.configure({ conversions: { [from]: { currency: to, rate } } })
  const { id } = await pay(lab, amount, { currency: from })
  const charge = await lab.stripe.charges.retrieve(id, { expand: ['balance_transaction'] })
  expect(charge.balance_transaction).toMatchObject({ amount: brought, currency: to })
})

test('its transfers are in the currency that it settled in, and share what it brought', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox } = lab
  sandbox.configure({ conversions: toEuros })
  const destination = await openSeller(lab)
  const charge = await pay(lab, 10_000, { currency: 'usd' })
  const asked = { destination, source_transaction: charge.id }
  const wrong = await refusal(stripe.transfers.create({ ...asked, currency: 'usd', amount: 100 }))
  expect(wrong).toMatchObject({ statusCode: 400, type: 'StripeInvalidRequestError' })
  expect(wrong.message).toContain('balance transaction (eur) must be the same')
  const over = await refusal(stripe.transfers.create({ ...asked, currency: 'eur', amount: 9138 }))
  expect(over.message).toContain('must not exceed the source amount of 9137 eur')
  const transfer = await stripe.transfers.create({ ...asked, currency: 'eur', amount: 9137 })
  const reversal = await stripe.transfers.createReversal(transfer.id, { amount: 137 })
  expect(reversal).toMatchObject({ amount: 137, currency: 'eur' })
  expect(sandbox.books().accounts[destination]).toEqual({ eur: { available: 0, pending: 9000 } })
})

test('refunds and disputes are of the day on which they happen', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox, clock } = lab
  await pay(lab, 100_000)
  sandbox.configure({ conversions: toEuros })
  const charge = await pay(lab, 10_000, { currency: 'usd' })
  await clock.advance(days(3))
  sandbox.configure({ conversions: { usd: { currency: 'eur', rate: '0.95' } } })
  const refund = await stripe.refunds.create({
    charge: charge.id,
    amount: 2000,
    expand: ['balance_transaction'],
  })
  expect(refund).toMatchObject({
    amount: 2000,
    currency: 'usd',
    balance_transaction: { amount: -1900, currency: 'eur', exchange_rate: 0.95 },
  })
  sandbox.failRefund(refund.id)
  expect(sandbox.books().totals.eur).toMatchObject({ refunded: 0 })
  const dispute = await stripe.disputes.retrieve(sandbox.dispute(charge.id, { amount: 1000 }))
  expect(dispute).toMatchObject({
    amount: 1000,
    currency: 'usd',
    balance_transactions: [{ amount: -950, currency: 'eur' }],
  })
})

test.each(['huf', 'twd'])('%s is paid out in whole units only', async currency => {
  const lab = openLaboratory()
  const { stripe } = lab
  await pay(lab, 2_000_000, { currency })
  await lab.clock.advance(days(3))
  const refused = await refusal(stripe.payouts.create({ amount: 1_000_050, currency }))
  expect(refused).toMatchObject({ statusCode: 400, param: 'amount' })
  expect(await stripe.payouts.create({ amount: 1_000_000, currency })).toMatchObject({ currency })
})
