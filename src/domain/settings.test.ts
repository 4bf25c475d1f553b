import { expect, test } from 'vitest'
import { at } from '../../test/builders/moments.ts'
import { barredBy } from './settings.ts'

test.each([
  ['test', null, '08:00', null],
  ['live', null, '08:00', 'no_start_date'],
  ['live', '08:00', '07:59', 'before_start_date'],
  ['live', '08:00', '08:00', null],
  ['test', '08:00', '07:59', 'before_start_date'],
  ['test', '08:00', '08:01', null],
] as const)('%s, started at %s, of %s: %s', (mode, start, created, expected) => {
  const startDate = start === null ? null : at(start)
  expect(barredBy({ mode, startDate }, at(created))).toBe(expected)
})
