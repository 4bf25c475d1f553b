import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from './connection.ts'
import { migrate, type Migrations, pendingMigrations } from './migrate.ts'
import { migrations } from './migrations/all.ts'

const first = '9001-add-fruit'
const second = '9002-add-colour'
const sample: Migrations = {
  ...migrations,
  [first]: { up: async db => void (await sql`create table fruit (name text)`.execute(db)) },
  [second]: {
    up: async db => void (await sql`alter table fruit add colour text`.execute(db)),
  },
}

let database: Database
beforeEach(async () => {
  database = await openTestDatabase()
})
afterEach(() => database.close())

test('a fresh copy has nothing pending', async () => {
  expect(await pendingMigrations(database)).toEqual([])
  expect(await migrate(database)).toEqual([])
})

test('runs what is pending, in order, once', async () => {
  expect(await pendingMigrations(database, sample)).toEqual([first, second])
  expect(await migrate(database, sample)).toEqual([first, second])
  expect(await migrate(database, sample)).toEqual([])
  expect(await pendingMigrations(database, sample)).toEqual([])
})

test('several at once: each migration runs once', async () => {
  const runs = await Promise.all([1, 2, 3].map(() => migrate(database, sample)))
  expect(runs.flat().toSorted()).toEqual([first, second])
})

test('a failing migration is named, and leaves nothing behind', async () => {
  const broken = { ...sample, [second]: { up: () => Promise.reject(new Error('out of ink')) } }
  await expect(migrate(database, broken)).rejects.toThrow(
    'Migration 9002-add-colour failed: out of ink',
  )
  expect(await pendingMigrations(database, sample)).toEqual([first, second])
})

test('a database of a newer version is refused', async () => {
  await migrate(database, sample)
  await expect(migrate(database)).rejects.toThrow('newer version: it has the migrations 9001-add')
  await expect(pendingMigrations(database)).rejects.toThrow('newer version')
})
