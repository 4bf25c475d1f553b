import { expect, test } from 'vitest'
import { warnAfterDays } from './holding-period.ts'

test.each([
  ['FR', 80, 80],
  [null, 80, 80],
  ['US', 80, 720],
  ['TH', 80, 5],
  ['TH', 88, 8],
  ['FR', 10, 45],
] as const)('money in %s, with %i days set, is warned about after %i', (country, set, days) => {
  expect(warnAfterDays(country, set)).toBe(days)
})
