import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paymentOf } from '../../test/builders/payment.ts'
import { exact } from '../../test/builders/plan-facts.ts'
import { partOf, takenFrom } from './conversion.ts'
import type { Payment } from './payment.ts'

/** 100.00 USD that brought 91.37 EUR. */
const payment = converted(10_000n, 9_137n)

function converted(captured: bigint, amount: bigint): Payment {
  const settled = { amount, currency: 'EUR' }
  return paymentOf({ status: 'captured', currency: 'USD', authorized: captured, captured, settled })
}

const inEuros = (amount: bigint, of = payment) =>
  partOf({ amount, currency: 'USD' }, of, exact).amount

const positive = fc.bigInt({ min: 1n, max: 10n ** 12n })
/** A payment, what it brought, and parts that are no more than the payment. */
const shared = fc
  .record({
    parts: fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n })),
    own: positive,
    brought: positive,
  })
  .map(({ parts, own, brought }) => {
    const captured = parts.reduce((sum, part) => sum + part, own)
    return { parts, captured, brought, payment: converted(captured, brought) }
  })

describe('a part of a converted payment', () => {
  it('is the same part of what the payment brought, rounded down, with the order’s amount beside it', () => {
    expect(partOf({ amount: 9_000n, currency: 'USD' }, payment, exact)).toEqual({
      amount: 8_223n,
      currency: 'EUR',
      original: { amount: 9_000n, currency: 'USD' },
    })
    expect(inEuros(10_000n)).toBe(9_137n)
    expect(inEuros(0n)).toBe(0n)
  })

  it('may be more than the payment: the operator adds to it', () => {
    expect(inEuros(20_000n)).toBe(18_274n)
  })

  it('is rounded to what the provider can express, at once', () => {
    const tens = (amount: bigint) => amount - (amount % 10n)
    expect(partOf({ amount: 9_000n, currency: 'USD' }, payment, tens).amount).toBe(8_220n)
  })

  it('is the amount itself when nothing was converted or nobody knows it', () => {
    const same = paymentOf({ status: 'captured' })
    const own = { amount: 9_000n, currency: 'EUR' }
    for (const each of [same, { ...same, settled: null }, null]) {
      expect(partOf(own, each, exact)).toEqual({ ...own, original: null })
    }
  })

  it('never makes the parts more than what was brought, in whatever order they come', () => {
    fc.assert(
      fc.property(shared, ({ parts, captured, brought, payment: of }) => {
        const made = parts.map(part => inEuros(part, of))
        const total = made.reduce((sum, part) => sum + part, 0n)
        expect(total).toBeLessThanOrEqual(brought)
        // The operator's rest, as a part of its own, is what the sellers' parts leave, but for rounding.
        const rest = inEuros(captured - parts.reduce((sum, part) => sum + part, 0n), of)
        expect(brought - total - rest).toBeGreaterThanOrEqual(0n)
        expect(brought - total - rest).toBeLessThanOrEqual(BigInt(parts.length))
        expect(parts.toReversed().map(part => inEuros(part, of))).toEqual(made.toReversed())
      }),
    )
  })

  it('brings a refund that was left out and what was left of it to no more than both', () => {
    fc.assert(
      fc.property(positive, positive, positive, (kept, refunded, brought) => {
        const of = converted(kept + refunded, brought)
        expect(inEuros(kept, of) + inEuros(refunded, of)).toBeLessThanOrEqual(brought)
      }),
    )
  })
})

describe('what is taken of a transfer', () => {
  it('is all that is left when all that is left is asked for', () => {
    expect(takenFrom({ ordered: 9_000n, sent: 8_223n }, 9_000n)).toBe(8_223n)
    expect(takenFrom({ ordered: 9_000n, sent: 8_223n }, 12_000n)).toBe(8_223n)
    expect(takenFrom({ ordered: 9_000n, sent: 8_223n }, 2_700n)).toBe(2_466n)
    expect(takenFrom({ ordered: 0n, sent: 0n }, 2_700n)).toBe(0n)
  })

  it('is the amount itself without conversion', () => {
    fc.assert(
      fc.property(positive, positive, (left, ordered) => {
        expect(takenFrom({ ordered: left, sent: left }, ordered)).toBe(
          ordered < left ? ordered : left,
        )
      }),
    )
  })

  it('adds up to exactly what was sent once everything is taken, and never to more', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), positive, (parts, sent) => {
        let rest = { ordered: parts.reduce((sum, part) => sum + part, 0n), sent }
        let total = 0n
        for (const part of parts) {
          const taken = takenFrom(rest, part)
          expect(taken).toBeGreaterThanOrEqual(0n)
          total += taken
          expect(total).toBeLessThanOrEqual(sent)
          rest = { ordered: rest.ordered - part, sent: rest.sent - taken }
        }
        expect(total).toBe(sent)
      }),
    )
  })
})
