import { expect, test } from 'vitest'
import { costOf } from './book-entry.ts'

test.each([
  ['charge', { amount: 10_000n, fee: 165n, net: 9_835n }, 165n],
  ['charge', { amount: 10_000n, fee: 0n, net: 10_000n }, 0n],
  ['refund', { amount: -1_000n, fee: -15n, net: -985n }, -15n],
  ['provider_fee', { amount: -80n, fee: 0n, net: -80n }, 80n],
  // A tax on a fee stands beside it, as the fee of the fee.
  ['provider_fee', { amount: -80n, fee: 16n, net: -96n }, 96n],
  ['dispute', { amount: -10_000n, fee: 1_500n, net: -11_500n }, 0n],
] as const)('a %s of %o costs %s', (kind, amounts, cost) => {
  expect(costOf({ kind, ...amounts })).toBe(cost)
})
