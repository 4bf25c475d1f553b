import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/app/config.ts'
import { UsageError } from '../../src/domain/errors.ts'
import { fuzzing } from './runs.ts'

const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
/** Every variable that has a row in docs/configuration.md. */
const documented = [...page.matchAll(/^\| `([A-Z][A-Z0-9_]+)`/gm)].map(([, name]) => name ?? '')

const values = fc.oneof(
  fc.constantFrom(
    ' ',
    '-1',
    '-0',
    '1e400',
    'NaN',
    '0x10',
    '9'.repeat(400),
    'constructor',
    '__proto__',
    'toString',
    'true ',
    'https://',
    'https://a b',
    'http://[::1',
    'javascript:alert(1)',
    '2026-02-30',
    '0000-00-00',
    '* * * * * * *',
    '\ud800',
    'a\nb',
    '{"a":1}',
    ',,,',
    '=',
    'x'.repeat(100_000),
  ),
  fc.string({ maxLength: 30 }),
)
const good = {
  MIRAKL_HOST_NAME: 'https://acme.mirakl.net',
  MIRAKL_API_KEY: 'front-key',
  STRIPE_CLIENT_SECRET: 'sk_test_123',
}

test('an odd value of any variable is taken or refused by name, in one line', () => {
  expect(documented.length).toBeGreaterThan(40)
  const property = fc.property(fc.constantFrom(...documented), values, (name, value) => {
    try {
      readConfig({ ...good, [name]: value })
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError)
      if (!(error instanceof UsageError)) return
      expect(error.message).toContain(name)
      expect(error.message).toMatch(/^[A-Z][A-Z0-9_]+ \S/)
    }
  })
  fc.assert(property, fuzzing(1_500))
})
