import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellOf } from './difference-csv.ts'

test.each([
  ['plain', '"plain"'],
  ['a "quoted" one, with a comma', '"a ""quoted"" one, with a comma"'],
  ['-9000', '"-9000"'],
  ['-9000+1', `"'-9000+1"`],
  ['=1+1', `"'=1+1"`],
  ['+33 1', `"'+33 1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  [' =1', `"' =1"`],
])('%s', (text, cell) => {
  expect(cellOf(text)).toBe(cell)
})

test('no cell begins as a formula does, and none breaks out of its quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      const inside = cellOf(text).slice(1, -1)
      expect(inside.replaceAll('""', '')).not.toContain('"')
      expect(/^\s*[=+@]/.test(inside)).toBe(false)
      expect(/^\s*-/.test(inside) && !/^-\d+$/.test(inside)).toBe(false)
    }),
  )
})
