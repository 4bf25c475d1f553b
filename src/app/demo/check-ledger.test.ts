import { expect, test } from 'vitest'
import { checkLedger } from './check-ledger.ts'

const zero = { currency: 'EUR', total: 0n, unbalanced: [] }
const days = [
  { day: 1, lines: [zero] },
  { day: 2, lines: [zero, { ...zero, currency: 'JPY' }] },
]
test('a ledger that adds up to zero has no problem', () => {
  const verdict = { balancedDays: 2, days: 2, problems: [] }
  expect(checkLedger(days)).toEqual(verdict)
})

test('a day whose entries do not add up is named, with its posting', () => {
  const broken = { currency: 'EUR', total: 1n, unbalanced: ['movement:mv_1:succeeded'] }
  const { balancedDays, problems } = checkLedger([...days, { day: 3, lines: [broken] }])
  expect(balancedDays).toBe(2)
  expect(problems).toEqual([
    'ledger: day 3: EUR is 1',
    'ledger: day 3: movement:mv_1:succeeded does not add up to zero',
  ])
})
