import { describe, expect, it } from 'vitest'
import { createNames } from './names.ts'

describe('names', () => {
  it('are unique and sort by time, also while the clock stands still', () => {
    const names = createNames({ now: () => new Date(1_800_000_000_000) })
    const made = Array.from({ length: 10_000 }, () => names.next('mv'))
    expect(new Set(made).size).toBe(made.length)
    expect(made.toSorted()).toEqual(made)
    expect(made[0]).toMatch(/^mv_[0-9a-f]{32}$/)
  })

  it('never go back with the clock', () => {
    let now = 2_000
    const names = createNames({ now: () => new Date(now) })
    const first = names.next('run')
    now = 1_000
    expect(names.next('run') > first).toBe(true)
  })
})
