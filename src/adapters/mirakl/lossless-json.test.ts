import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allCurrencies } from '../../domain/currency.ts'
import { formatDecimal } from '../../domain/money.ts'
import { amountOf, at, rootField } from './fields.ts'
import { decimal, parseJson, writeJson } from './lossless-json.ts'

const currencies = fc.constantFrom(...allCurrencies())
const amounts = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })

describe('lossless JSON', () => {
  it('brings every amount of every currency there and back', () => {
    fc.assert(
      fc.property(amounts, currencies, (amount, currency) => {
        const text = writeJson({ total: decimal(formatDecimal({ amount, currency })) })
        expect(amountOf(at(rootField(parseJson(text)), 'total'), currency)).toBe(amount)
      }),
    )
  })

  it('writes a number, not a text, with its zeros', () => {
    expect(writeJson({ amount: decimal('54.00'), left: undefined })).toBe('{"amount":54.00}')
    expect(writeJson([decimal('5000'), decimal('-1.230')])).toBe('[5000,-1.230]')
  })

  it('keeps whole numbers as numbers and everything else as it was written', () => {
    const text = '{"id":2001,"a":54.0,"b":1e2,"c":-0,"d":12345678901234567890,"e":[0.10],"f":"54"}'
    expect(parseJson(text)).toEqual({
      id: 2001,
      a: '54.0',
      b: '1e2',
      c: '-0',
      d: '12345678901234567890',
      e: ['0.10'],
      f: '54',
    })
  })

  it('refuses what is not a plain decimal', () => {
    for (const text of ['', 'abc', '1e2', '01', '1.', ' 1', 'NaN'])
      expect(() => decimal(text)).toThrow(RangeError)
  })
})
