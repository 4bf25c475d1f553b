import { expect, it } from 'vitest'
import { orderWith } from '../../test/builders/order.ts'
import { transferFacts } from '../../test/builders/plan-facts.ts'
import { planFundedTransfer, planTransfer } from './plan-transfer.ts'

const exact = (amount: bigint) => amount

/** 100.00, of which the operator pays 30.00; commission 10.00: 20.00 more than the customer paid. */
const order = orderWith({ operatorFunding: 3_000n })

it('a promotion larger than the commission is paid from the charge and from the platform', () => {
  const facts = transferFacts({ order, debited: 7_000n })
  expect(planTransfer(facts, exact).decision).toMatchObject({ to: 'move', amount: 7_000n })
  const funded = planFundedTransfer(facts, 2_000n, exact)
  expect(funded?.decision).toMatchObject({
    to: 'move',
    amount: 2_000n,
    instruction: { sourceCharge: null },
  })
  expect(funded?.source).toMatchObject({ id: order.id, part: 'funding' })
})

it('without the debit the promotion is taken off what was sold', () => {
  const facts = transferFacts({ order, debited: null })
  expect(planTransfer(facts, exact).decision).toMatchObject({ to: 'move', amount: 7_000n })
})

it('waits for the balance of the platform, and the rest does not', () => {
  const facts = transferFacts({ order, debited: 7_000n })
  const short = { to: 'hold', reason: 'platform_balance_short', amount: 2_000n }
  expect(planFundedTransfer(facts, 1_999n, exact)?.decision).toEqual(short)
  expect(planFundedTransfer(facts, null, exact)?.decision).toEqual(short)
})

it('a customer who paid nothing leaves all to the platform', () => {
  const facts = transferFacts({ order: orderWith({ operatorFunding: 10_000n }), debited: 0n })
  expect(planTransfer(facts, exact).decision).toEqual({ to: 'nothing' })
  expect(planFundedTransfer(facts, 9_000n, exact)?.decision).toMatchObject({ amount: 9_000n })
})

it.each([
  ['the customer was debited for all of it', 10_000n, 3_000n],
  ['the commission bears the promotion', 9_500n, 500n],
])('is not there when %s', (_, debited, operatorFunding) => {
  const facts = transferFacts({ order: orderWith({ operatorFunding }), debited })
  expect(planFundedTransfer(facts, 10_000n, exact)).toBeNull()
  expect(planTransfer(facts, exact).decision).toMatchObject({ to: 'move', amount: 9_000n })
})
