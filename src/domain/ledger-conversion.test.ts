import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storedFrom } from '../../test/builders/movement.ts'
import { at } from '../../test/builders/moments.ts'
import { orderWith } from '../../test/builders/order.ts'
import { exact, transferFacts } from '../../test/builders/plan-facts.ts'
import {
  inSettledCurrency,
  movedToSettled,
  rateDifference,
  settledPart,
  settledParts,
  type Settlement,
} from './ledger-conversion.ts'
import { entriesOf, flow, type Posting } from './ledger.ts'
import type { Movement } from './movement.ts'
import { planTransfer } from './plan-transfer.ts'
import { changeOf } from './replan.ts'

const parties = {
  movementId: null,
  paymentId: 'pi_1',
  orderId: null,
  purchaseId: 'P-1',
  sellerId: null,
  cycleId: null,
}
const settlement: Settlement = {
  currency: 'USD',
  captured: 10_001n,
  settled: { amount: 9_138n, currency: 'EUR' },
}

function refundOf(amount: bigint, remainder: bigint): Posting {
  const flows = [
    flow('escrow:P-1', 'customer', amount),
    flow('escrow:P-1', 'commission', remainder),
  ]
  const entries = entriesOf(flows)
  return { key: 'movement:mv_1:sent:1', event: 'refund', currency: 'USD', parties, entries }
}

describe('a posting in the currency that its payment settled in', () => {
  it('is all that the payment brought for all of it', () => {
    expect(settledPart(settlement, 10_001n)).toBe(9_138n)
    expect(settledPart(settlement, -10_001n)).toBe(-9_138n)
  })

  it('adds up to zero, and takes from the escrow the part of the whole', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10_001n), fc.bigInt(0n, 9n), (amount, remainder) => {
        const { currency, entries } = inSettledCurrency(refundOf(amount, remainder), settlement)
        expect(currency).toBe('EUR')
        expect(entries.reduce((sum, entry) => sum + entry.amount, 0n)).toBe(0n)
        const escrow = entries.find(({ account }) => account === 'escrow:P-1')?.amount ?? 0n
        expect(escrow).toBe(-settledPart(settlement, amount + remainder))
      }),
    )
  })

  it('leaves one in another currency as it is', () => {
    const made = { ...refundOf(5n, 0n), currency: 'EUR' }
    expect(inSettledCurrency(made, settlement)).toBe(made)
  })

  it('takes out what was booked before, under keys of its own', () => {
    const [back, there] = movedToSettled(refundOf(5_000n, 0n), settlement)
    expect([back?.key, back?.currency]).toEqual(['movement:mv_1:sent:1:unsettled', 'USD'])
    expect(back?.entries).toContainEqual({ account: 'escrow:P-1', amount: 5_000n })
    expect([there?.key, there?.currency]).toEqual(['movement:mv_1:sent:1:settled', 'EUR'])
    expect(there?.entries).toContainEqual({ account: 'customer', amount: 4_568n })
  })
})

/** A transfer of 90.00 of an order of 100.00 that was made in the settled currency. */
function sentOf(id: string, brought: Settlement): Movement {
  const plan = planTransfer(transferFacts({ order: orderWith({ id }), debited: null }), exact)
  const change = changeOf(null, plan, at('09:00'))
  if (change === null) throw new Error('nothing is written')
  const amount = settledPart(brought, 9_000n)
  const original = { amount: 9_000n, currency: 'USD' }
  const made = { ...storedFrom(change), currency: 'EUR', original, status: 'succeeded' as const }
  return { ...made, amount, sentAmount: amount }
}

it('what the operator keeps and what was sent are all that the orders brought, whatever the rate', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 100_000n), fc.bigInt(0n, 999n), (brought, ownGoods) => {
      const made = {
        currency: 'USD',
        captured: 20_000n + ownGoods,
        settled: { amount: brought, currency: 'EUR' },
      }
      const orders = ['A', 'B'].map(id => ({ id, movements: [sentOf(id, made)], refunds: [] }))
      const kept = settledParts(orders, made).reduce((sum, { part }) => sum + part.commission, 0n)
      const sent = 2n * settledPart(made, 9_000n)
      expect(kept + sent + settledPart(made, ownGoods)).toBe(brought)
    }),
  )
})

describe('the rate of a refund', () => {
  const refund = {
    movementId: 'mv_1',
    parties,
    currency: 'EUR',
    taken: 1_320n,
    booked: 1_217n,
    postings: 0,
  }

  it('costs the operator what the customer cost beyond the part of the payment', () => {
    expect(rateDifference(refund)?.entries).toEqual([
      { account: 'commission', amount: -103n },
      { account: 'customer', amount: 103n },
    ])
  })

  it('brings him what it cost less', () => {
    expect(rateDifference({ ...refund, taken: 1_200n })?.entries).toContainEqual({
      account: 'commission',
      amount: 17n,
    })
  })

  it('is nothing once it is booked', () => {
    expect(rateDifference({ ...refund, booked: 1_320n })).toBeNull()
  })
})
