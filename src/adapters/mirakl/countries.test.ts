import { expect, it } from 'vitest'
import { allCountries, countryOf } from './countries.ts'

it('has every country of ISO 3166-1, each with its own code', () => {
  const pairs = [...allCountries()]
  // 249 of ISO and Kosovo.
  expect(pairs).toHaveLength(250)
  expect(new Set(pairs.map(([, short]) => short)).size).toBe(250)
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  for (const [long, short] of pairs) {
    expect(long).toMatch(/^[A-Z]{3}$/)
    expect(names.of(short)).toBeDefined()
  }
})

it('reads both lengths and tolerates what it does not know', () => {
  expect(countryOf('FRA')).toBe('FR')
  expect(countryOf('deu')).toBe('DE')
  expect(countryOf('GB')).toBe('GB')
  expect(countryOf('France')).toBeNull()
  expect(countryOf(null)).toBeNull()
})
