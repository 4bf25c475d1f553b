import { expect, test } from 'vitest'
import { allCurrencies, decimalsOf, isCurrency } from './currency.ts'

/** What Intl lists and nobody is paid in: each with the reason why it is not in our table. */
const leftOut: Record<string, string> = {
  ANG: 'replaced by XCG in 2025',
  CUC: 'withdrawn in 2021',
  HRK: 'replaced by EUR in 2023',
  SLL: 'replaced by SLE in 2024',
  XDR: 'special drawing rights, a unit of account',
  XSU: 'Sucre, a unit of account',
  ZWL: 'replaced by ZWG in 2024',
}

/** In ISO 4217 and not (yet) in the list of this Node. */
const ahead = ['UYI', 'VED']

/** Intl shows these without decimals by custom (CLDR); ISO 4217 gives them a minor unit. */
const shownWithout = 'AFN ALL COP HUF IDR IQD IRR KPW LAK LBP MGA MMK PKR SOS SYP YER'.split(' ')

test('the table is what Intl lists, but for exceptions with a reason', () => {
  const known = new Set(allCurrencies())
  const listed = Intl.supportedValuesOf('currency')
  expect(listed.filter(code => !known.has(code))).toEqual(Object.keys(leftOut))
  expect([...known].filter(code => !listed.includes(code)).toSorted()).toEqual(ahead)
})

test('decimals are those of ISO 4217', () => {
  const differing = allCurrencies().filter(code => {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency: code })
    return format.resolvedOptions().maximumFractionDigits !== decimalsOf(code)
  })
  expect(differing.toSorted()).toEqual(shownWithout)
  expect(['JPY', 'EUR', 'KWD'].map(decimalsOf)).toEqual([0, 2, 3])
})

test('a code stands in the table once', () => {
  const codes = allCurrencies()
  expect(new Set(codes).size).toBe(codes.length)
  expect(codes.every(code => /^[A-Z]{3}$/.test(code))).toBe(true)
})

test('a code that is not in the table has no decimals to guess', () => {
  expect(['eur', 'ZZZ', '', 'EURO'].some(isCurrency)).toBe(false)
  expect(() => decimalsOf('ZZZ')).toThrow('unknown currency ZZZ')
})
