import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allCurrencies, decimalsOf } from './currency.ts'
import {
  absolute,
  add,
  allocate,
  formatDecimal,
  money,
  moneyFromJson,
  moneyToJson,
  parseMoney,
  subtract,
  sum,
  zero,
} from './money.ts'

const currency = fc.constantFrom(...allCurrencies())
const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
const anyMoney = fc.tuple(amount, currency).map(([minor, code]) => money(minor, code))

describe('parseMoney', () => {
  it.each([
    ['19.99', 'EUR', 1_999n],
    ['54', 'EUR', 5_400n],
    ['54.000', 'EUR', 5_400n],
    ['0.1', 'EUR', 10n],
    ['0', 'EUR', 0n],
    ['-0', 'EUR', 0n],
    ['-3.50', 'EUR', -350n],
    ['+3.50', 'EUR', 350n],
    ['007.10', 'EUR', 710n],
    // 0.29 * 100 is 28.999999999999996 in floating point.
    ['0.29', 'EUR', 29n],
    ['1e2', 'EUR', 10_000n],
    ['1.5E+3', 'EUR', 150_000n],
    ['1999e-2', 'EUR', 1_999n],
    ['1e-2', 'EUR', 1n],
    ['0e-30', 'EUR', 0n],
    ['5000', 'JPY', 5_000n],
    ['5000.00', 'JPY', 5_000n],
    ['1.234', 'KWD', 1_234n],
    ['1.23', 'KWD', 1_230n],
    ['123456789012345678901234567890.12', 'EUR', 12_345_678_901_234_567_890_123_456_789_012n],
  ])('reads %s %s', (text, code, expected) => {
    expect(parseMoney(text, code)).toEqual({ ok: true, money: money(expected, code) })
  })

  it.each([
    ['10.075', 'EUR', 'too_many_digits'],
    ['1.2345', 'KWD', 'too_many_digits'],
    ['0.5', 'JPY', 'too_many_digits'],
    ['1e-3', 'EUR', 'too_many_digits'],
    ['', 'EUR', 'not_a_number'],
    ['.5', 'EUR', 'not_a_number'],
    ['5.', 'EUR', 'not_a_number'],
    ['1,50', 'EUR', 'not_a_number'],
    [' 1', 'EUR', 'not_a_number'],
    ['1\n', 'EUR', 'not_a_number'],
    ['0x10', 'EUR', 'not_a_number'],
    ['NaN', 'EUR', 'not_a_number'],
    ['Infinity', 'EUR', 'not_a_number'],
    // An exponent that long is no amount, and would cost the memory of its zeros.
    ['1e1000', 'EUR', 'not_a_number'],
    ['1.00', 'ZZZ', 'unknown_currency'],
    ['1.00', 'eur', 'unknown_currency'],
  ])('refuses %j %s: %s', (text, code, problem) => {
    expect(parseMoney(text, code)).toEqual({ ok: false, problem })
  })

  it('reads back what formatDecimal wrote, in every currency', () => {
    fc.assert(
      fc.property(anyMoney, value => {
        expect(parseMoney(formatDecimal(value), value.currency)).toEqual({ ok: true, money: value })
      }),
    )
  })

  it('reads the same amount in exponent notation, and with zeros behind it', () => {
    fc.assert(
      fc.property(anyMoney, fc.nat({ max: 20 }), (value, zeros) => {
        const { amount: minor, currency: code } = value
        const shifted = `${minor}${'0'.repeat(zeros)}e-${decimalsOf(code) + zeros}`
        expect(parseMoney(shifted, code)).toEqual({ ok: true, money: value })
        if (decimalsOf(code) === 0) return
        const padded = formatDecimal(value) + '0'.repeat(zeros)
        expect(parseMoney(padded, code)).toEqual({ ok: true, money: value })
      }),
    )
  })

  it('never takes a digit that the currency does not have', () => {
    fc.assert(
      fc.property(anyMoney, fc.integer({ min: 1, max: 9 }), (value, digit) => {
        const { currency: code } = value
        const point = decimalsOf(code) === 0 ? '.' : ''
        const text = `${formatDecimal(value)}${point}${digit}`
        expect(parseMoney(text, code)).toEqual({ ok: false, problem: 'too_many_digits' })
      }),
    )
  })

  it('answers any text without throwing', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const read = parseMoney(text, 'EUR')
        if (read.ok) expect(text).toMatch(/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/)
      }),
    )
  })
})

describe('formatDecimal', () => {
  it.each([
    [1_999n, 'EUR', '19.99'],
    [5n, 'EUR', '0.05'],
    [0n, 'EUR', '0.00'],
    [-5n, 'EUR', '-0.05'],
    [5_000n, 'JPY', '5000'],
    [0n, 'JPY', '0'],
    [1_230n, 'KWD', '1.230'],
    [-1n, 'KWD', '-0.001'],
  ])('writes %s %s as %s', (minor, code, text) => {
    expect(formatDecimal(money(minor, code))).toBe(text)
  })

  it('refuses a currency that nobody knows', () => {
    expect(() => formatDecimal(money(1n, 'ZZZ'))).toThrow(RangeError)
  })
})

describe('arithmetic', () => {
  it('refuses to mix currencies', () => {
    const [euro, pound] = [money(1n, 'EUR'), money(1n, 'GBP')]
    expect(() => add(euro, pound)).toThrow('EUR and GBP')
    expect(() => subtract(euro, pound)).toThrow(RangeError)
    expect(() => sum('EUR', [euro, pound])).toThrow(RangeError)
    expect(() => sum('JPY', [euro])).toThrow(RangeError)
  })

  it('undoes an addition by a subtraction, and never changes what it is given', () => {
    fc.assert(
      fc.property(amount, amount, currency, (left, right, code) => {
        const [a, b] = [Object.freeze(money(left, code)), Object.freeze(money(right, code))]
        expect(subtract(add(a, b), b)).toEqual(a)
        expect(sum(code, [a, b])).toEqual(add(b, a))
        expect(add(a, zero(code))).toEqual(a)
        expect(absolute(a).amount).toBe(left < 0n ? -left : left)
      }),
    )
  })

  it('keeps every digit in JSON', () => {
    fc.assert(
      fc.property(anyMoney, value => {
        const text = JSON.stringify(moneyToJson(value))
        expect(moneyFromJson(JSON.parse(text) as ReturnType<typeof moneyToJson>)).toEqual(value)
      }),
    )
    expect(moneyToJson(money(1234n, 'EUR'))).toEqual({ amount: '1234', currency: 'EUR' })
    expect(() => moneyFromJson({ amount: '12.34', currency: 'EUR' })).toThrow(SyntaxError)
  })
})

describe('allocate', () => {
  it.each([
    [100n, [1n, 1n, 1n], 0, [34n, 33n, 33n]],
    [100n, [1n, 1n, 1n], 2, [33n, 33n, 34n]],
    [-100n, [1n, 1n, 1n], 1, [-33n, -34n, -33n]],
    [10n, [0n, 1n], 0, [0n, 10n]],
    [0n, [3n, 4n], 0, [0n, 0n]],
  ])('shares %s by %s, the rest to %s', (total, weights, remainderTo, expected) => {
    const shares = allocate(money(total, 'EUR'), weights, remainderTo)
    expect(shares).toEqual(expected.map(share => money(share, 'EUR')))
  })

  it('loses nothing, and gives everybody else their share rounded towards zero', () => {
    const weights = fc
      .array(fc.bigInt({ min: 0n, max: 10n ** 20n }), { minLength: 1, maxLength: 8 })
      .filter(list => list.some(weight => weight > 0n))
    fc.assert(
      fc.property(anyMoney, weights, fc.nat(), (total, list, pick) => {
        const remainderTo = pick % list.length
        const shares = allocate(total, list, remainderTo)
        const whole = list.reduce((left, right) => left + right, 0n)
        expect(sum(total.currency, shares)).toEqual(total)
        shares.forEach((share, index) => {
          if (index === remainderTo) return
          expect(share.amount).toBe((total.amount * (list[index] ?? 0n)) / whole)
        })
      }),
    )
  })

  it('refuses weights that share nothing', () => {
    const total = money(100n, 'EUR')
    expect(() => allocate(total, [], 0)).toThrow(RangeError)
    expect(() => allocate(total, [0n, 0n], 0)).toThrow(RangeError)
    expect(() => allocate(total, [2n, -1n], 0)).toThrow(RangeError)
    expect(() => allocate(total, [1n, 1n], 2)).toThrow('nobody')
    expect(() => allocate(total, [1n, 1n], -1)).toThrow('nobody')
  })
})
