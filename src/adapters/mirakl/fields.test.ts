import { describe, expect, it } from 'vitest'
import type { Json } from '../../domain/json.ts'
import { amountOf, nameOf, priceOf, readingOf, sumOf, at, rootField, textOrNull } from './fields.ts'

const field = (value: Json) => ({ value, path: 'the.field' })

describe('texts', () => {
  it.each([
    ['zero octet', 'a\0b', 'a character that cannot be kept: "a\\u0000b"'],
    ['half a pair', 'a\ud800b', 'a character that cannot be kept: "a\\ud800b"'],
    ['endless', 'x'.repeat(10_001), `longer than 10000 characters: "${'x'.repeat(57)}..."`],
    ['an object', { a: 1 }, 'not a text: an object'],
  ])('%s is set aside', (_, value, problem) => {
    expect(() => textOrNull(field(value))).toThrow(problem)
  })

  it('an id has 255 characters at most, as it stands in an index', () => {
    expect(nameOf(field('i'.repeat(255)))).toHaveLength(255)
    expect(() => nameOf(field('i'.repeat(256)))).toThrow('longer than 255 characters')
  })
})

describe('amounts', () => {
  it.each(['1e400', '1e999', '9'.repeat(300), '1e14', '-1e14', '9223372036854775808'])(
    '%s is more than any column holds, and more than anybody owes',
    value => expect(() => amountOf(field(value), 'EUR')).toThrow(/too large|not an amount/),
  )

  it.each([
    'NaN',
    'Infinity',
    '0x10',
    '1,5',
    '1_000',
    '١٢',
    '',
    ' ',
    '--1',
    '+-1',
    '1e',
    '.5',
    '5.',
  ])('"%s" is none', value => expect(() => amountOf(field(value), 'EUR')).toThrow('not an amount'))

  it.each([
    ['-0', 0n],
    ['1e3', 100_000n],
    ['150e-2', 150n],
    ['10000000000000', 1_000_000_000_000_000n],
  ])('%s is %s minor units', (value, amount) => {
    expect(amountOf(field(value), 'EUR')).toBe(amount)
  })

  it('a price is never below zero', () => {
    expect(priceOf(field('0'), 'EUR')).toBe(0n)
    expect(() => priceOf(field('-0.01'), 'EUR')).toThrow('negative: "-0.01"')
  })

  it('a sum has the bound of an amount', () => {
    const rows = Array.from({ length: 3 }, () => ({ amount: '9e12' }))
    expect(() => sumOf(field(rows), 'EUR')).toThrow('too large')
  })
})

it('the name of what is set aside can be kept, and is no longer than an id', () => {
  const read = (id: Json) => readingOf({ id }, [['id']], root => nameOf(at(root, 'missing')))
  expect(read('a\0b')).toMatchObject({ ok: false, id: 'a\uFFFDb', field: 'missing' })
  const long = read('\ud83d\ude00'.repeat(500))
  expect(long.ok ? '' : long.id).toMatch(/^.{254,255}$/s)
  expect(read({ a: 1 })).toMatchObject({ id: '' })
  expect(rootField(null)).toMatchObject({ path: '' })
})
