import { expect, test } from 'vitest'
import { parseJson } from './lossless-json.ts'
import { withoutDepths } from './nesting.ts'

const nested = (levels: number, inner = '1') => '['.repeat(levels) + inner + ']'.repeat(levels)

test('what is nested without end is left out, and its neighbours are read', () => {
  const text = `{"bad":${nested(200_000)},"good":{"amount":1.50},"worse":{"a":${nested(300, '{}')}}}`
  const read = parseJson(text) as { bad: unknown; good: unknown }
  expect(read.good).toEqual({ amount: '1.50' })
  expect(JSON.stringify(read)).toContain('nested too deep')
})

test.each([
  nested(100),
  '{"text":"[[[\\"]]}"}',
  '"\\\\"',
  '"open',
  '{"text":"never ends \\',
  ']]',
  '[[',
])('%s stays as it is', text => {
  expect(withoutDepths(text)).toBe(text)
})

test('a text with brackets in it ends no list', () => {
  const inner = nested(150, '"]]\\"]"')
  expect(withoutDepths(`[${inner},2]`)).toBe(`[${nested(99, '"nested too deep"')},2]`)
})
