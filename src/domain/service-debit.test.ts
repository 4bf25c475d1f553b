import { describe, expect, it } from 'vitest'
import { at } from '../../test/builders/moments.ts'
import { decided } from '../../test/builders/mending.ts'
import { orderWith } from '../../test/builders/order.ts'
import { exact, transferFacts } from '../../test/builders/plan-facts.ts'
import { accountOf } from '../../test/builders/seller.ts'
import { customerShare } from './order-amounts.ts'
import { stageOf } from './order.ts'
import { planTaxTransfer } from './plan-tax-transfer.ts'
import { planTransfer } from './plan-transfer.ts'
import { type ServiceDebit, awaitsServiceDebit, isWorthKnown, withDebits } from './service-debit.ts'

const service = orderWith(
  { total: 0n, commission: 1_020n },
  { domain: 'service', state: 'ORDER_ACCEPTED', debitedAt: null, transactionNumber: null },
)

function debitOf(change: Partial<ServiceDebit> = {}): ServiceDebit {
  return {
    id: 'd-1',
    orderId: service.id,
    customerId: 'customer-1',
    amount: 10_200n,
    currency: 'EUR',
    state: 'paid',
    paidAt: at('09:30'),
    reference: 'ch_1',
    ...change,
  }
}

const waiting = { state: 'waiting', paidAt: null, reference: null } as const

describe('a service order with its debits', () => {
  it('is worth its paid debit', () => {
    const order = withDebits(service, [debitOf()])
    expect(order).toMatchObject({
      total: 10_200n,
      debitedAt: at('09:30'),
      transactionNumber: 'ch_1',
    })
    expect(customerShare(order, null)).toBe(10_200n)
    expect(stageOf(order)).toBe('kept')
  })

  it('waits without one, and has no amount to show', () => {
    const order = withDebits(service, [debitOf({ orderId: 'another' })])
    expect([order.total, stageOf(order), isWorthKnown(order)]).toEqual([0n, 'waiting_debit', false])
  })

  it.each([['waiting' as const], ['refused' as const]])('is not paid by a %s one', state => {
    const order = withDebits(service, [debitOf({ ...waiting, state })])
    expect([order.total, awaitsServiceDebit(order)]).toEqual([10_200n, true])
  })

  it('waits for the second of two, as it is split once', () => {
    const second = debitOf({ id: 'd-2', amount: 300n, ...waiting })
    expect(withDebits(service, [debitOf(), second])).toMatchObject({ debitedAt: null })
    const paid = debitOf({
      id: 'd-2',
      amount: 300n,
      paidAt: at('09:45'),
      reference: 'ch_2',
    })
    expect(withDebits(service, [paid, debitOf()])).toMatchObject({
      total: 10_500n,
      debitedAt: at('09:45'),
      transactionNumber: 'ch_2',
    })
  })

  it('counts a paid one after a refused one, and forgets what an earlier reading said', () => {
    const refused = debitOf({ id: 'd-0', ...waiting, state: 'refused' })
    const before = withDebits(service, [debitOf({ amount: 1n })])
    expect(withDebits(before, [refused, debitOf()]).total).toBe(10_200n)
    expect(withDebits(before, [])).toEqual(service)
  })

  it.each(['ORDER_REFUSED', 'ORDER_EXPIRED', 'ORDER_CANCELLED'])('moves nothing in %s', state => {
    expect(['refused', 'canceled']).toContain(stageOf({ ...service, state }))
  })
})

describe('taxes of a price that can be read in several ways', () => {
  const readings = [
    { taxes: 2_000n, amount: 22_000n },
    { taxes: 4_000n, amount: 24_000n },
  ]
  const line = orderWith({ taxes: 2_000n }, { domain: 'service', taxReadings: readings })
  const owing = (amount: bigint) => withDebits(line, [debitOf({ orderId: line.id, amount })])

  it('are those that make what is owed', () => {
    expect(owing(24_000n)).toMatchObject({ lines: [{ taxes: 4_000n }] })
    expect(owing(24_000n).taxesUnknown).toBeUndefined()
  })

  it('are not known when none does, and hold a transfer only where taxes are kept apart', () => {
    const order = owing(23_000n)
    expect(order.taxesUnknown).toBe(true)
    expect(decided(planTransfer(transferFacts({ order }), exact))).toBe('move 22000')
    const taxes = {
      scope: 'goods' as const,
      accountId: 'acct_tax',
      account: accountOf(),
      promised: false,
    }
    const facts = transferFacts({ order, taxes })
    expect(decided(planTransfer(facts, exact))).toBe('hold amount_unreadable')
    const tax = planTaxTransfer(facts, null, exact)
    expect(tax && decided(tax)).toBe('hold amount_unreadable')
  })
})
