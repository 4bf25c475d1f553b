import { expect, test } from 'vitest'
import { readCheck, readFrom } from './import-old-connector.ts'

test.each(['mysql://host/db', 'host', 'postgres://', ''])('--from refuses %j', text => {
  expect(() => readFrom(text)).toThrow(/--from .*postgres:\/\//)
})

test.each(['postgres://u:p@host:5432/db?sslmode=require', 'postgresql://host/db'])(
  '--from takes %s',
  text => {
    expect(readFrom(text)).toBe(text)
  },
)

test("--from takes the old connector's DATABASE_URL as Doctrine reads it", () => {
  expect(readFrom('pgsql://u:p@db/x?charset=UTF-8')).toBe('postgres://u:p@db/x?charset=UTF-8')
  expect(readFrom('pdo-pgsql://u:p@db/x')).toBe('postgres://u:p@db/x')
})

test('--check none is for a dry run only: what is open must be looked up', () => {
  expect(readCheck('none', false)).toBe('none')
  expect(() => readCheck('none', true)).toThrow(/paid twice/)
  expect(readCheck('open', true)).toBe('open')
  expect(() => readCheck('some', false)).toThrow(/all, open, none/)
})
