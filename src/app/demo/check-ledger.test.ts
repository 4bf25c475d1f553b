import { expect, test } from 'vitest'
import { checkLedger } from './check-ledger.ts'

const zero = { currency: 'EUR', total: 0n, unbalanced: [] }
const days = [
  { day: 1, lines: [zero] },
  { day: 2, lines: [zero, { ...zero, currency: 'JPY' }] },
]
const kept = new Map([
  ['acct_1 EUR', 6_300n],
  ['acct_2 JPY', 0n],
])
const same = { booked: kept, there: kept }

test('a ledger that agrees with the simulator has no problem', () => {
  const verdict = { balancedDays: 2, days: 2, accounts: 2, problems: [] }
  expect(checkLedger(days, same)).toEqual(verdict)
})

test('a day whose entries do not add up is named, with its posting', () => {
  const broken = { currency: 'EUR', total: 1n, unbalanced: ['movement:mv_1:succeeded'] }
  const { balancedDays, problems } = checkLedger([...days, { day: 3, lines: [broken] }], same)
  expect(balancedDays).toBe(2)
  expect(problems).toEqual([
    'ledger: day 3: EUR is 1',
    'ledger: day 3: movement:mv_1:succeeded does not add up to zero',
  ])
})

test.each([
  ['a unit too much', new Map([['acct_1 EUR', 6_301n]]), 'Stripe has 6300, the ledger 6301'],
  ['an account that the ledger does not know', new Map(), 'Stripe has 6300, the ledger 0'],
])('%s at a seller is named', (_, booked, words) => {
  const { problems } = checkLedger(days, { booked, there: kept })
  expect(problems).toEqual([`ledger: at acct_1 EUR ${words}`])
})
