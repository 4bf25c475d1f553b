import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBody, encodeBody } from './json-body.ts'

/** Values as the domain has them: plain objects and lists, amounts, moments, text, gaps. */
const anyValue = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.bigInt(),
    fc.date({ noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]\w{0,8}$/), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
})).value

test('a value comes back exactly as it was', () => {
  fc.assert(
    fc.property(anyValue, value => {
      expect(decodeBody(JSON.parse(encodeBody(value)))).toEqual(value)
    }),
  )
})

test('amounts and moments stay readable in the database', () => {
  const encoded = encodeBody({ total: 5n, at: new Date('2026-03-10T08:00:00Z') })
  expect(encoded).toBe('{"total":{"$n":"5"},"at":{"$d":"2026-03-10T08:00:00.000Z"}}')
})
