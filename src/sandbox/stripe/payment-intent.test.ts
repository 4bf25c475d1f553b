import { expect, test } from 'vitest'
import { days, openLaboratory, pay, refusal } from './laboratory.ts'

const card = { currency: 'eur', payment_method: 'pm_card_visa', confirm: true } as const

test('an automatic payment is captured at once, pending for two days, with its fee', async () => {
  const lab = openLaboratory()
  const { clock, stripe } = lab
  const charge = await pay(lab, 10_000, { metadata: { order: 'A-1' } })
  expect(charge).toMatchObject({ captured: true, amount_captured: 10_000, status: 'succeeded' })
  expect(charge.metadata).toEqual({ order: 'A-1' })
  const [booked] = (await stripe.balanceTransactions.list({ source: charge.id })).data
  expect(booked?.id).toBe(charge.balance_transaction)
  expect(booked).toMatchObject({ amount: 10_000, fee: 165, net: 9835, status: 'pending' })
  expect(booked?.fee_details).toHaveLength(1)
  const before = await stripe.balance.retrieve()
  expect([before.available[0]?.amount, before.pending[0]?.amount]).toEqual([0, 9835])
  await clock.advance(days(2))
  const after = await stripe.balance.retrieve()
  expect([after.available[0]?.amount, after.pending[0]?.amount]).toEqual([9835, 0])
})

test('a manual payment is authorised, then captured once for at most its amount', async () => {
  const { stripe } = openLaboratory()
  const intent = await stripe.paymentIntents.create({
    ...card,
    amount: 5000,
    capture_method: 'manual',
    expand: ['latest_charge'],
  })
  expect(intent).toMatchObject({ status: 'requires_capture', amount_capturable: 5000 })
  expect(intent.latest_charge).toMatchObject({ captured: false, balance_transaction: null })
  const tooMuch = await refusal(
    stripe.paymentIntents.capture(intent.id, { amount_to_capture: 5001 }),
  )
  expect(tooMuch).toMatchObject({ statusCode: 400, code: 'amount_too_large' })
  const captured = await stripe.paymentIntents.capture(intent.id, {
    amount_to_capture: 4000,
    expand: ['latest_charge.balance_transaction'],
  })
  expect(captured).toMatchObject({ status: 'succeeded', amount_received: 4000 })
  expect(captured.latest_charge).toMatchObject({
    amount_captured: 4000,
    balance_transaction: { amount: 4000, type: 'charge' },
  })
  const again = await refusal(stripe.paymentIntents.capture(intent.id))
  expect(again).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' })
  expect(again.payment_intent?.status).toBe('succeeded')
})

test('an authorisation ends after seven days, with events', async () => {
  const { stripe, clock } = openLaboratory()
  const intent = await stripe.paymentIntents.create({
    ...card,
    amount: 5000,
    capture_method: 'manual',
    expand: ['latest_charge'],
  })
  const charge = intent.latest_charge
  if (charge === null || typeof charge === 'string') throw new Error('not expanded')
  expect(charge.payment_method_details?.card?.capture_before).toBe(charge.created + 7 * 86_400)
  await clock.advance(days(7))
  const expired = await stripe.paymentIntents.retrieve(intent.id)
  expect(expired).toMatchObject({ status: 'canceled', cancellation_reason: 'automatic' })
  const late = await refusal(stripe.paymentIntents.capture(intent.id))
  expect(late.code).toBe('payment_intent_unexpected_state')
  const events = await stripe.events.list({ types: ['charge.expired', 'payment_intent.canceled'] })
  expect(events.data.map(({ type }) => type)).toEqual(['payment_intent.canceled', 'charge.expired'])
})

test('a canceled authorisation moves no money and cannot be canceled twice', async () => {
  const { stripe, sandbox } = openLaboratory()
  const intent = await stripe.paymentIntents.create({
    ...card,
    amount: 5000,
    capture_method: 'manual',
  })
  const canceled = await stripe.paymentIntents.cancel(intent.id)
  expect(canceled).toMatchObject({ status: 'canceled', amount_capturable: 0 })
  const again = await refusal(stripe.paymentIntents.cancel(intent.id))
  expect(again.code).toBe('payment_intent_unexpected_state')
  expect(sandbox.books().accounts).toEqual({})
})

test('a declined card is a 402 that leaves a failed charge behind', async () => {
  const { stripe } = openLaboratory()
  const declined = await refusal(
    stripe.paymentIntents.create({
      ...card,
      amount: 5000,
      payment_method: 'pm_card_chargeDeclined',
    }),
  )
  expect(declined).toMatchObject({
    statusCode: 402,
    rawType: 'card_error',
    code: 'card_declined',
    decline_code: 'generic_decline',
  })
  const intents = await stripe.paymentIntents.list()
  expect(intents.data[0]?.status).toBe('requires_payment_method')
  const charges = await stripe.charges.list({ payment_intent: intents.data[0]?.id ?? '' })
  expect(charges.data.map(({ status, paid }) => [status, paid])).toEqual([['failed', false]])
})

test('authentication and slow debits finish later', async () => {
  const { stripe, sandbox, clock } = openLaboratory()
  const strong = await stripe.paymentIntents.create({
    ...card,
    amount: 5000,
    payment_method: 'pm_card_authenticationRequired',
  })
  expect(strong.status).toBe('requires_action')
  sandbox.authenticate(strong.id)
  expect((await stripe.paymentIntents.retrieve(strong.id)).status).toBe('succeeded')
  const slow = await stripe.paymentIntents.create({
    ...card,
    amount: 5000,
    payment_method: 'pm_sepa_debit',
  })
  expect(slow.status).toBe('processing')
  await clock.advance(days(3))
  expect((await stripe.paymentIntents.retrieve(slow.id)).status).toBe('succeeded')
})

test('a plain charge is authorised, captured, or released by a refund', async () => {
  const { stripe, sandbox } = openLaboratory()
  const asked = { amount: 2000, currency: 'eur', source: 'tok_visa', capture: false }
  const kept = await stripe.charges.create(asked)
  const captured = await stripe.charges.capture(kept.id, { amount: 1500 })
  expect(captured).toMatchObject({ captured: true, amount_captured: 1500 })
  const again = await refusal(stripe.charges.capture(kept.id))
  expect(again.code).toBe('charge_already_captured')
  const released = await stripe.charges.create(asked)
  const refund = await stripe.refunds.create({ charge: released.id })
  expect(refund).toMatchObject({ status: 'succeeded', balance_transaction: null })
  expect((await stripe.charges.retrieve(released.id)).refunded).toBe(true)
  expect(sandbox.books().totals.eur).toMatchObject({ captured: 1500, refunded: 0 })
})

test('amounts that cannot be charged are refused', async () => {
  const { stripe } = openLaboratory()
  const small = await refusal(stripe.paymentIntents.create({ amount: 49, currency: 'eur' }))
  expect(small.code).toBe('amount_too_small')
  const uneven = await refusal(stripe.paymentIntents.create({ amount: 1234, currency: 'kwd' }))
  expect(uneven).toMatchObject({ statusCode: 400, param: 'amount' })
  const foreign = await refusal(stripe.paymentIntents.create({ amount: 1234, currency: 'xts' }))
  expect(foreign).toMatchObject({ statusCode: 400, param: 'currency' })
})
