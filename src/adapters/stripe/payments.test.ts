import { expect, test } from 'vitest'
import { paymentOfCharge, paymentOfIntent } from './payments.ts'
import type { ChargeShape, IntentShape } from './shapes.ts'

const key = 'mirakl_commercial_order_id'

const charge = (more: Partial<ChargeShape> = {}): ChargeShape => ({
  id: 'ch_1',
  object: 'charge',
  amount: 20_675,
  amount_captured: 20_675,
  amount_refunded: 0,
  captured: true,
  refunded: false,
  created: 1_800_000_000,
  currency: 'eur',
  metadata: {},
  payment_intent: null,
  status: 'succeeded',
  ...more,
})

const intent = (more: Partial<IntentShape> = {}): IntentShape => ({
  id: 'pi_1',
  object: 'payment_intent',
  amount: 20_675,
  amount_received: 20_675,
  created: 1_800_000_000,
  currency: 'eur',
  latest_charge: charge(),
  metadata: {},
  status: 'succeeded',
  ...more,
})

test.each([
  ['requires_payment_method', null, 'pending'],
  ['requires_confirmation', null, 'pending'],
  ['requires_action', null, 'pending'],
  ['processing', charge({ status: 'pending' }), 'pending'],
  ['requires_payment_method', charge({ status: 'failed', captured: false }), 'failed'],
  ['requires_capture', charge({ captured: false, amount_captured: 0 }), 'authorized'],
  ['canceled', charge({ captured: false, amount_captured: 0, refunded: true }), 'canceled'],
  ['succeeded', charge(), 'captured'],
  ['succeeded', charge({ amount_refunded: 20_675, refunded: true }), 'refunded'],
  ['succeeded', charge({ amount_refunded: 100 }), 'captured'],
  ['a state of the future', null, 'pending'],
] as const)('an intent that is %s', (status, latest, expected) => {
  expect(paymentOfIntent(intent({ status, latest_charge: latest }), key).status).toBe(expected)
})

test.each([
  [charge({ status: 'failed' }), 'failed'],
  [charge({ status: 'pending' }), 'pending'],
  [charge({ captured: false, amount_captured: 0 }), 'authorized'],
  [charge({ captured: false, amount_captured: 0, refunded: true }), 'canceled'],
  [charge(), 'captured'],
  [charge({ amount_refunded: 20_675, refunded: true }), 'refunded'],
] as const)('a plain charge, case %#', (plain, expected) => {
  expect(paymentOfCharge(plain, key).status).toBe(expected)
})

test('what a partial capture released is no refund', () => {
  const partly = charge({ amount_captured: 20_300, amount_refunded: 375 })
  expect(paymentOfIntent(intent({ latest_charge: partly }), key)).toMatchObject({
    status: 'captured',
    authorized: 20_675n,
    captured: 20_300n,
    refunded: 0n,
  })
  const andBack = charge({ amount_captured: 20_300, amount_refunded: 20_675, refunded: true })
  expect(paymentOfCharge(andBack, key)).toMatchObject({ status: 'refunded', refunded: 20_300n })
})

test('a charge that is still pending has brought nothing', () => {
  expect(paymentOfCharge(charge({ status: 'pending' }), key).captured).toBe(0n)
})

test('the purchase is the charge’s, else the intent’s, and an empty text is none', () => {
  const named = intent({ metadata: { [key]: 'of-intent' } })
  expect(paymentOfIntent(named, key).purchaseId).toBe('of-intent')
  const latest = charge({ metadata: { [key]: 'of-charge' } })
  expect(paymentOfIntent({ ...named, latest_charge: latest }, key).purchaseId).toBe('of-charge')
  const empty = charge({ metadata: { [key]: ' ' } })
  expect(paymentOfIntent({ ...named, latest_charge: empty }, key).purchaseId).toBe('of-intent')
  expect(paymentOfCharge(empty, key).purchaseId).toBeNull()
})

test('the end of an authorisation, the group and the reason of a failure are read', () => {
  const card = { card: { capture_before: 1_800_600_000 } }
  const read = paymentOfCharge(
    charge({
      payment_method_details: card,
      transfer_group: 'group_pi_1',
      failure_message: 'Declined.',
      payment_intent: { id: 'pi_1' },
    }),
    key,
  )
  expect(read).toMatchObject({
    id: 'pi_1',
    intentId: 'pi_1',
    chargeId: 'ch_1',
    captureBefore: new Date(1_800_600_000_000),
    transferGroup: 'group_pi_1',
    failure: 'Declined.',
  })
})
