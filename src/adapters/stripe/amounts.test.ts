import { expect, test } from 'vitest'
import { allCurrencies } from '../../domain/currency.ts'
import {
  AmountNotExpressible,
  fromStripe,
  representable,
  toStripe,
  UnreadableAmount,
} from './amounts.ts'

test.each([
  ['EUR', 1999n, 1999],
  ['JPY', 5000n, 5000],
  ['KWD', 1230n, 1230],
  ['ISK', 5n, 500],
  ['UGX', 12n, 1200],
  ['MGA', 5000n, 50],
])('%s: %i minor units are %i at Stripe, and back', (currency, iso, stripe) => {
  expect(toStripe(iso, currency)).toBe(stripe)
  expect(fromStripe(stripe, currency.toLowerCase())).toBe(iso)
})

test.each([
  ['KWD', 1234n, 'down', 'transfer', 1230n],
  ['KWD', 1234n, 'up', 'transfer', 1240n],
  ['KWD', 1234n, 'up', 'refund', 1240n],
  ['KWD', 1234n, 'down', 'refund', 1230n],
  ['KWD', 1230n, 'up', 'refund', 1230n],
  ['HUF', 12_345n, 'down', 'payout', 12_300n],
  ['TWD', 12_345n, 'down', 'payout', 12_300n],
  ['HUF', 12_345n, 'down', 'transfer', 12_345n],
  ['MGA', 12_345n, 'down', 'transfer', 12_300n],
  ['ISK', 7n, 'down', 'payout', 7n],
  ['EUR', 1n, 'down', 'capture', 1n],
] as const)('%s %i %s for a %s is %i', (currency, amount, direction, use, expected) => {
  expect(representable(amount, currency, direction, use)).toBe(expected)
})

test('what is representable can be written and comes back the same, in every currency', () => {
  for (const currency of allCurrencies()) {
    for (const amount of [0n, 1n, 99n, 12_345n]) {
      const kept = representable(amount, currency, 'down', 'payout')
      expect(kept <= amount).toBe(true)
      expect(fromStripe(toStripe(kept, currency), currency.toLowerCase())).toBe(kept)
    }
  }
})

test('what cannot be written is refused, not rounded', () => {
  expect(() => toStripe(12_345n, 'MGA')).toThrow(AmountNotExpressible)
  expect(() => toStripe(2n ** 60n, 'EUR')).toThrow(AmountNotExpressible)
  expect(() => fromStripe(1.5, 'eur')).toThrow(UnreadableAmount)
})

test('a balance with digits that ISO does not have counts for less, never for more', () => {
  expect(fromStripe(599, 'isk')).toBe(5n)
  expect(fromStripe(-501, 'isk')).toBe(-6n)
})
