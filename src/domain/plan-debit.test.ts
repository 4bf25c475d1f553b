import { describe, expect, it } from 'vitest'
import { decidedWhileMending, type Fault } from '../../test/builders/mending.ts'
import { debitOf, paymentOf } from '../../test/builders/payment.ts'
import { debitFacts } from '../../test/builders/plan-facts.ts'
import { type DebitFacts, planDebit } from './plan-debit.ts'
import { reasons } from './reasons.ts'

const withFacts = (change: Partial<DebitFacts>) => (facts: DebitFacts) => ({ ...facts, ...change })
const ofPayment = (change: Parameters<typeof paymentOf>[0]) =>
  withFacts({ payment: paymentOf(change) })

const faults: Fault<DebitFacts>[] = [
  ['before_start_date', withFacts({ barred: 'before_start_date' })],
  ['payment_failed', ofPayment({ status: 'failed', failure: 'card_declined' })],
  ['payment_canceled', ofPayment({ status: 'canceled' })],
  ['payment_refunded', ofPayment({ status: 'refunded' })],
  ['payment_unknown', withFacts({ payment: null })],
  ['payment_pending', ofPayment({ status: 'pending' })],
  ['currency_differs', ofPayment({ currency: 'GBP' })],
  ['amount_differs', withFacts({ confirmedSoFar: 1n })],
  ['paused', withFacts({ paused: true })],
]

function told(facts: DebitFacts): string {
  const { decision } = planDebit(facts)
  return `${decision.to} ${decision.to === 'confirm' ? decision.reference : decision.reason}`
}

const expected = faults.map(([code]) => `${reasons[code].final ? 'refuse' : 'hold'} ${code}`)

describe('what the marketplace is told about a debit', () => {
  it.each(faults)('%s, when nothing else is wrong', (reason, make) => {
    const to = reasons[reason].final ? 'refuse' : 'hold'
    expect(told(make(debitFacts()))).toBe(`${to} ${reason}`)
  })

  it('has its reasons in their order while everything is mended one by one', () => {
    expect(decidedWhileMending(debitFacts(), faults, told)).toEqual([...expected, 'confirm ch_1'])
  })

  it.each<[string, Partial<DebitFacts>, string]>([
    ['the charge is the reference', {}, 'confirm ch_1'],
    ['or the intent', { payment: paymentOf({ chargeId: null }) }, 'confirm pi_1'],
    [
      'a captured payment stands too',
      { payment: paymentOf({ status: 'captured' }) },
      'confirm ch_1',
    ],
    ['more was authorised', { payment: paymentOf({ authorized: 15_000n }) }, 'confirm ch_1'],
    [
      'together with the debits before it',
      { payment: paymentOf({ authorized: 15_000n }), confirmedSoFar: 5_000n },
      'confirm ch_1',
    ],
    [
      'one unit too much with the debits before it',
      { payment: paymentOf({ authorized: 15_000n }), confirmedSoFar: 5_001n },
      'hold amount_differs',
    ],
    [
      'what went back covers nothing any more',
      { payment: paymentOf({ status: 'captured', refunded: 1n }) },
      'hold amount_differs',
    ],
    ['captured without this order', { leftOut: true }, 'refuse payment_canceled'],
    ['a debit of nothing', { debit: debitOf({ amount: 0n }) }, 'confirm ch_1'],
  ])('%s', (_name, change, decision) => {
    expect(told(debitFacts(change))).toBe(decision)
  })

  it('defect 12: a failed payment is refused, with what the provider said', () => {
    const plan = planDebit(
      debitFacts({ payment: paymentOf({ status: 'failed', failure: 'card_declined' }) }),
    )
    expect(plan.decision).toEqual({ to: 'refuse', reason: 'payment_failed' })
    expect(plan.facts).toEqual({ failure: 'card_declined' })
  })
})
