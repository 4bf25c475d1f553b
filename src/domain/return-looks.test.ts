import { expect, test } from 'vitest'
import type { MovementKind } from './movement.ts'
import { nextReturnLook } from './return-looks.ts'

const day = 24 * 3600 * 1000
const done = new Date('2026-11-02T08:00:00Z')

/** The days after which a movement is looked at, when every look is made in time. */
function looks(kind: MovementKind, payoutLookDays = 10): number[] {
  const days: number[] = []
  for (let at: Date | null = done; at !== null;) {
    at = nextReturnLook(kind, done, at, { payoutLookDays })
    if (at !== null) days.push((at.getTime() - done.getTime()) / day)
  }
  return days
}

test('looks grow apart, and the last is at the end of the window', () => {
  expect(looks('payout')).toEqual([1, 2, 3, 4.5, 6.75, 10])
  const refunds = looks('refund')
  expect([refunds.length, refunds.at(-1)]).toEqual([10, 30])
  expect(looks('payout', 1)).toEqual([1])
})

test('what cannot come back, and payouts with 0 days, are never looked at', () => {
  expect([looks('transfer'), looks('capture'), looks('payout', 0)]).toEqual([[], [], []])
})

test('a look that comes late is the last one', () => {
  const late = new Date(done.getTime() + 40 * day)
  expect(nextReturnLook('refund', done, late, { payoutLookDays: 10 })).toBeNull()
})
