import { expect, it } from 'vitest'
import { type BookedDebt, debtPosting } from './ledger-debts.ts'

const ofDispute: BookedDebt = {
  id: 'debt_1',
  sellerId: '2001',
  currency: 'EUR',
  source: { type: 'dispute', id: 'dp_1', part: 'mv_1' },
  purchaseId: 'C1',
  collectable: 9_000n,
}
const ofCycle: BookedDebt = {
  ...ofDispute,
  source: { type: 'cycle', id: '7001', part: '' },
  purchaseId: null,
  collectable: 2_000n,
}

it.each([
  ['a lost dispute, written', ofDispute, 'written', 9_000n, { debt: -9_000n, 'escrow:C1': 9_000n }],
  ['won after all', ofDispute, 'given_up', 4_000n, { debt: 4_000n, 'escrow:C1': -4_000n }],
  ['written off', ofDispute, 'written_off', 5_000n, { debt: 5_000n, commission: -5_000n }],
  ['set off: its collection books it', ofDispute, 'set_off', 5_000n, null],
  // 30.00 of the cycle's 50.00 are refunds, whose reversals take the money themselves.
  ['a negative cycle', ofCycle, 'written', 5_000n, { debt: -2_000n, commission: 2_000n }],
  ['with nothing to collect', { ...ofCycle, collectable: 0n }, 'written', 5_000n, null],
] as const)('%s', (_, debt, kind, amount, expected) => {
  const made = debtPosting(debt, { number: 7n, kind, amount })
  const entries = made?.entries.map(each => [each.account.replace(':debt_1', ''), each.amount])
  expect(entries === undefined ? null : Object.fromEntries(entries)).toEqual(expected)
})
