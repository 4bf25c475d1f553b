import { expect, test } from 'vitest'
import type { Json } from './json.ts'
import { isStorable, storableJson, storableText } from './storable.ts'

test.each([
  ['plain', 'plain'],
  ['zero\0octet', 'zero\uFFFDoctet'],
  ['half \ud83d pair', 'half \uFFFD pair'],
  ['whole \ud83d\ude00 pair', 'whole \ud83d\ude00 pair'],
])('%j is kept as %j', (given, kept) => {
  expect(storableText(given)).toBe(kept)
  expect(isStorable(given)).toBe(given === kept)
})

test('a document is kept with its keys, and not deeper than a hundred levels', () => {
  const odd = JSON.parse('{"a\\u0000":["\\ud800",1,null],"__proto__":{"b":true}}') as Json
  expect(JSON.stringify(storableJson(odd))).toBe(
    '{"a\uFFFD":["\uFFFD",1,null],"__proto__":{"b":true}}',
  )
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as Json
  expect(JSON.stringify(storableJson(deep))).toHaveLength(
    100 + '"left out: nested too deep"'.length + 100,
  )
})
