import { describe, expect, it } from 'vitest'
import { readCycleLine } from './cycle-lines.ts'

const line = (type: string, change: object = {}) => ({
  id: 'l1',
  type,
  amount: 12.5,
  currency_iso_code: 'USD',
  entities: { order: { id: 'C1-A' }, refund: { id: 77 } },
  ...change,
})

describe('a line of a cycle', () => {
  it.each([
    ['ORDER_AMOUNT', 'C1-A', null],
    ['ORDER_SHIPPING_AMOUNT_TAX', 'C1-A', null],
    ['COMMISSION_VAT', 'C1-A', null],
    ['OPERATOR_REMITTED_ORDER_AMOUNT_TAX', 'C1-A', null],
    ['REFUND_ORDER_AMOUNT', 'C1-A', '77'],
    ['REFUND_COMMISSION_FEE', 'C1-A', '77'],
    ['OPERATOR_REMITTED_REFUND_ORDER_SHIPPING_AMOUNT_TAX', 'C1-A', '77'],
    // They name an order, and no movement of it has their money.
    ['SELLER_FEE_ON_ORDER', null, null],
    ['SELLER_PENALTY_FEE_TAX', null, null],
    ['OPERATOR_PAID_ORDER_SHIPPING_AMOUNT', null, null],
    ['PURCHASE_ORDER_AMOUNT_TAX', null, null],
    ['ORDER_FEE_AMOUNT', null, null],
    ['SUBSCRIPTION_FEE', null, null],
    ['RESERVE_FUNDING', null, null],
    ['A_TYPE_OF_NEXT_YEAR', null, null],
  ])('%s belongs to order %s, refund %s', (type, orderId, refundId) => {
    const value = { id: 'l1', orderId, refundId, amount: 1_250n }
    expect(readCycleLine(line(type), 'USD')).toMatchObject({ ok: true, value })
  })

  it('is none when it is the payout of the cycle', () => {
    expect(readCycleLine(line('PAYMENT'), 'USD')).toBeNull()
  })

  it.each([
    ['currency_iso_code', line('ORDER_AMOUNT', { currency_iso_code: 'EUR' })],
    ['amount', line('ORDER_AMOUNT', { amount: 1.234 })],
    ['type', line('')],
    ['entities.order.id', line('COMMISSION_FEE', { entities: {} })],
    ['entities.refund.id', line('REFUND_ORDER_AMOUNT', { entities: { order: { id: 'C1-A' } } })],
  ])('is set aside for its %s', (field, raw) => {
    expect(readCycleLine(raw, 'USD')).toMatchObject({ ok: false, id: 'l1', field })
  })
})
