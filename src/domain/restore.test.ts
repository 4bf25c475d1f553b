import { describe, expect, it } from 'vitest'
import { isLookedUpFirst, isSourceOrLater, mayBeAdopted, sourceText } from './restore.ts'

const restore = {
  from: new Date('2026-11-01T03:00:00Z'),
  at: new Date('2026-11-02T08:00:00Z'),
  checkedAt: null,
}
const day = 24 * 3600 * 1000
const after = (days: number) => new Date(restore.at.getTime() + days * day)

describe('after a restore', () => {
  it('is looked up first what was planned before it and in the thirty days behind it', () => {
    expect(isLookedUpFirst(null, after(0))).toBe(false)
    expect(isLookedUpFirst(restore, after(-400))).toBe(true)
    expect(isLookedUpFirst(restore, after(29))).toBe(true)
    expect(isLookedUpFirst(restore, after(30))).toBe(false)
  })

  it('is left to the plans for three days what names a lost movement', () => {
    expect(mayBeAdopted(null, after(0))).toBe(false)
    expect(mayBeAdopted(restore, after(2.9))).toBe(true)
    expect(mayBeAdopted(restore, after(3))).toBe(false)
  })
})

describe('the source of a movement as text', () => {
  const source = { type: 'cycle', id: '2003/A', part: 'invoices', sequence: 2 } as const
  const movement = { kind: 'collection', source } as const

  it.each([
    ['the same', 'collection/cycle/2003/A/invoices/2', true],
    ['one that came after it', 'collection/cycle/2003/A/invoices/10', true],
    ['one before it', 'collection/cycle/2003/A/invoices/1', false],
    ['another part', 'collection/cycle/2003/A/subscription/2', false],
    ['another kind', 'credit/cycle/2003/A/invoices/2', false],
    ['another source', 'collection/cycle/2003/invoices/2', false],
    ['no number', 'collection/cycle/2003/A/invoices/x', false],
    ['nothing', '', false],
  ])('%s', (_, text, expected) => {
    expect(isSourceOrLater(text, movement)).toBe(expected)
  })

  it('fits into the metadata of an object', () => {
    expect(sourceText(movement.kind, source)).toBe('collection/cycle/2003/A/invoices/2')
  })
})
