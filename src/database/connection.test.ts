import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../test/database.ts'
import { connect, type Database, openDatabase } from './connection.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
  await sql`create table counters (name text primary key, value int8 not null)`.execute(
    database.queries,
  )
  await sql`insert into counters values ('a', 0), ('b', 0)`.execute(database.queries)
})
afterAll(() => database.close())

test('columns keep every digit and every day', async () => {
  const { rows } = await sql`
    select 12345678901234567::int8 as big, array[1, null]::int8[] as bigs, '2026-03-29'::date as day,
      12.340::numeric as decimal, '2026-03-29T01:00:00+02'::timestamptz as moment,
      7::int4 as small`.execute(database.queries)
  expect(rows).toEqual([
    {
      big: 12345678901234567n,
      bigs: [1n, null],
      day: '2026-03-29',
      decimal: '12.340',
      moment: new Date('2026-03-28T23:00:00Z'),
      small: 7,
    },
  ])
})

test('an error in the work rolls everything back', async () => {
  const work = database.inTransaction(async queries => {
    await sql`insert into counters values ('gone', 1)`.execute(queries)
    throw new Error('no')
  })
  await expect(work).rejects.toThrow('no')
  const { rows } = await sql`select 1 from counters where name = 'gone'`.execute(database.queries)
  expect(rows).toEqual([])
})

test('a deadlock is tried again', async () => {
  let arrived = 0
  let open = () => {}
  const both = new Promise<void>(resolve => (open = resolve))
  let attempts = 0
  const bump = (first: string, second: string) =>
    database.inTransaction(async queries => {
      attempts += 1
      await sql`update counters set value = value + 1 where name = ${first}`.execute(queries)
      if (++arrived === 2) open()
      await both
      await sql`update counters set value = value + 1 where name = ${second}`.execute(queries)
    })
  await Promise.all([bump('a', 'b'), bump('b', 'a')])
  expect(attempts).toBe(3)
  const { rows } = await sql`select value from counters where name in ('a', 'b')`.execute(
    database.queries,
  )
  expect(rows).toEqual([{ value: 2n }, { value: 2n }])
})

test('a serialization failure is given up after four attempts', async () => {
  let attempts = 0
  const work = database.inTransaction(async queries => {
    attempts += 1
    await sql`do $$ begin raise exception 'always' using errcode = '40001'; end $$`.execute(queries)
  })
  await expect(work).rejects.toMatchObject({ code: '40001' })
  expect(attempts).toBe(4)
})

test('a statement that runs too long is stopped', async () => {
  const hasty = await connect(database.connectionString, { poolSize: 1, statementTimeout: 20 })
  await expect(sql`select pg_sleep(20)`.execute(hasty.queries)).rejects.toMatchObject({
    code: '57014',
  })
  await hasty.close()
})

test('a server that does not answer is an error, not a crash', async () => {
  await expect(connect('postgres://postgres@127.0.0.1:1/none', {})).rejects.toThrow('ECONNREFUSED')
})

test('with an address the home is left alone; without one it holds the server', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tributary-connection-'))
  const unused = join(home, 'unused')
  const named = await openDatabase({ url: database.connectionString, home: unused })
  expect(existsSync(unused)).toBe(false)
  await named.close()
  const own = await openDatabase({ home })
  const pidFile = join(home, 'postgres', 'postmaster.pid')
  expect(existsSync(pidFile)).toBe(true)
  await own.close()
  await own.close()
  expect(existsSync(pidFile)).toBe(false)
  rmSync(home, { recursive: true, force: true })
})
