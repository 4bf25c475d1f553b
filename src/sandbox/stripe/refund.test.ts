import { expect, test } from 'vitest'
import { days, openLaboratory, openSeller, pay, refusal } from './laboratory.ts'

test('refunds in parts, never more than was captured', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox } = lab
  await pay(lab, 5000)
  const charge = await pay(lab, 10_000)
  const first = await stripe.refunds.create({ charge: charge.id, amount: 4000 })
  expect(first).toMatchObject({ status: 'succeeded', currency: 'eur', charge: charge.id })
  const over = await refusal(stripe.refunds.create({ charge: charge.id, amount: 6001 }))
  expect(over).toMatchObject({ statusCode: 400, param: 'amount' })
  if (typeof charge.payment_intent !== 'string') throw new Error('no payment intent')
  await stripe.refunds.create({ payment_intent: charge.payment_intent })
  const again = await refusal(stripe.refunds.create({ charge: charge.id }))
  expect(again.code).toBe('charge_already_refunded')
  const seen = await stripe.charges.retrieve(charge.id, { expand: ['refunds'] })
  expect(seen).toMatchObject({ refunded: true, amount_refunded: 10_000 })
  expect(seen.refunds?.data.map(({ amount }) => amount)).toEqual([6000, 4000])
  expect(sandbox.books().totals.eur).toMatchObject({ captured: 15_000, refunded: 10_000 })
})

test('a refund that the balance does not cover waits and is paid when money comes', async () => {
  const lab = openLaboratory()
  const { stripe, clock } = lab
  const destination = await openSeller(lab)
  const charge = await pay(lab, 10_000)
  await stripe.transfers.create({
    amount: 9000,
    currency: 'eur',
    destination,
    source_transaction: charge.id,
  })
  await clock.advance(days(2))
  const refund = await stripe.refunds.create({ charge: charge.id, amount: 5000 })
  expect(refund).toMatchObject({ status: 'pending', pending_reason: 'insufficient_funds' })
  await pay(lab, 6000)
  const paid = await stripe.refunds.retrieve(refund.id, { expand: ['balance_transaction'] })
  expect(paid).toMatchObject({ status: 'succeeded', balance_transaction: { amount: -5000 } })
})

test('a waiting refund can be canceled', async () => {
  const lab = openLaboratory()
  const { stripe } = lab
  const charge = await pay(lab, 1000)
  const refund = await stripe.refunds.create({ charge: charge.id })
  expect(refund.status).toBe('pending')
  const canceled = await stripe.refunds.cancel(refund.id)
  expect(canceled.status).toBe('canceled')
  expect((await stripe.charges.retrieve(charge.id)).amount_refunded).toBe(0)
})

test('a failed refund brings the money back', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox } = lab
  await pay(lab, 5000)
  const charge = await pay(lab, 1000)
  const refund = await stripe.refunds.create({ charge: charge.id })
  sandbox.failRefund(refund.id)
  const failed = await stripe.refunds.retrieve(refund.id, {
    expand: ['failure_balance_transaction'],
  })
  expect(failed).toMatchObject({
    status: 'failed',
    failure_reason: 'lost_or_stolen_card',
    failure_balance_transaction: { amount: 1000, type: 'refund_failure' },
  })
  expect(sandbox.books().totals.eur?.refunded).toBe(0)
  const events = await stripe.events.list({ type: 'refund.*' })
  expect(events.data.map(({ type }) => type)).toEqual([
    'refund.failed',
    'refund.updated',
    'refund.created',
  ])
})

test('counts what a partial capture released as refunded, and refunds only what was captured', async () => {
  const lab = openLaboratory()
  const { stripe, sandbox } = lab
  const intent = await stripe.paymentIntents.create({
    amount: 20_675,
    currency: 'eur',
    payment_method: 'pm_card_bypassPending',
    confirm: true,
    capture_method: 'manual',
  })
  await pay(lab, 5000)
  const captured = await stripe.paymentIntents.capture(intent.id, {
    amount_to_capture: 20_300,
    expand: ['latest_charge'],
  })
  expect(captured.latest_charge).toMatchObject({
    amount: 20_675,
    amount_captured: 20_300,
    amount_refunded: 375,
    refunded: false,
  })
  expect(sandbox.books().totals.eur?.refunded).toBe(0)
  const over = await refusal(stripe.refunds.create({ payment_intent: intent.id, amount: 20_301 }))
  expect(over.param).toBe('amount')
  const refund = await stripe.refunds.create({
    payment_intent: intent.id,
    expand: ['charge'],
  })
  expect(refund.amount).toBe(20_300)
  expect(refund.charge).toMatchObject({ amount_refunded: 20_675, refunded: true })
})

test('a partial capture leaves only what was captured to its transfers', async () => {
  const lab = openLaboratory()
  const { stripe } = lab
  const destination = await openSeller(lab)
  const intent = await stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'eur',
    payment_method: 'pm_card_visa',
    confirm: true,
    capture_method: 'manual',
  })
  const { latest_charge: charge } = await stripe.paymentIntents.capture(intent.id, {
    amount_to_capture: 6000,
  })
  if (typeof charge !== 'string') throw new Error('no charge')
  const transfer = { currency: 'eur', destination, source_transaction: charge }
  await refusal(stripe.transfers.create({ ...transfer, amount: 6001 }))
  await stripe.transfers.create({ ...transfer, amount: 6000 })
})

test('a refund of a plain authorisation keeps its metadata', async () => {
  const { stripe } = openLaboratory()
  const charge = await stripe.charges.create({
    amount: 1000,
    currency: 'eur',
    source: 'tok_visa',
    capture: false,
  })
  const refund = await stripe.refunds.create({ charge: charge.id, metadata: { movement: 'mv_1' } })
  expect(refund).toMatchObject({ amount: 1000, metadata: { movement: 'mv_1' } })
})
