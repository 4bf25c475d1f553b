import { expect, test } from 'vitest'
import { at } from '../../test/builders/moments.ts'
import { orderOf } from '../../test/builders/order.ts'
import { isAborted, needsDebit, stageOf } from './order.ts'

test.each([
  ['STAGING', 'undecided'],
  ['WAITING_ACCEPTANCE', 'undecided'],
  ['WAITING_DEBIT', 'waiting_debit'],
  ['WAITING_DEBIT_PAYMENT', 'waiting_debit'],
  ['SHIPPING', 'kept'],
  ['CLOSED', 'kept'],
  ['A_STATE_OF_TOMORROW', 'kept'],
  ['REFUSED', 'refused'],
  ['ORDER_REFUSED', 'refused'],
  ['CANCELED', 'canceled'],
  ['ORDER_CANCELLED', 'canceled'],
])('an order that is %s is %s', (state, stage) => {
  const order = orderOf({ state })
  expect(stageOf(order)).toBe(stage)
  expect(isAborted(order)).toBe(stage === 'refused' || stage === 'canceled')
})

test('a service waits for its debit until the debit itself says otherwise', () => {
  const service = orderOf({ domain: 'service', state: 'ORDER_ACCEPTED', debitedAt: null })
  expect(stageOf(service)).toBe('waiting_debit')
  expect(stageOf({ ...service, debitedAt: at('09:00') })).toBe('kept')
  expect(stageOf({ ...service, state: 'ORDER_REFUSED' })).toBe('refused')
})

test('one workflow alone has no debit to confirm', () => {
  expect(needsDebit(orderOf({ workflow: 'NO_CUSTOMER_PAYMENT_CONFIRMATION' }))).toBe(false)
  expect(needsDebit(orderOf({ workflow: null }))).toBe(true)
  expect(needsDebit(orderOf({ workflow: 'PAY_ON_DELIVERY' }))).toBe(true)
})
