import { readFileSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../../test/database.ts'
import type { Database } from './connection.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase({ poolSize: 2 })
})
afterAll(() => database.close())

/** SQL types by the type that the query builder has for them, `| null` and Generated taken off. */
const sqlTypes: Record<string, string[]> = {
  string: ['text'],
  number: ['int4'],
  bigint: ['int8'],
  boolean: ['bool'],
  Date: ['timestamptz'],
  Buffer: ['bytea'],
  JsonColumn: ['jsonb'],
  "'test' | 'live'": ['text'],
  'ColumnType<unknown, string | null, string | null>': ['jsonb'],
  'ColumnType<unknown, string | undefined, string>': ['jsonb'],
}

interface Column {
  readonly type: string
  readonly nullable: boolean
  /** May an insert leave it out? */
  readonly optional: boolean
}

/** Tables and columns of `*tables.ts`, read from the text: types are gone when a program runs. */
function declared(): Map<string, Map<string, Column>> {
  const folder = new URL('.', import.meta.url)
  const files = readdirSync(folder).filter(name => name.endsWith('tables.ts'))
  const text = files.map(name => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  const bodies = new Map(
    [...text.matchAll(/^export interface (\w+) \{\n([\s\S]*?)^\}/gm)].map(
      ([, name = '', body = '']) => [name, fieldsOf(body)] as const,
    ),
  )
  const tables = [...(bodies.get('Tables') ?? [])]
  return new Map(
    tables.map(([table, name]) => {
      const columns = [...(bodies.get(name) ?? [])]
      return [table, new Map(columns.map(([column, type]) => [column, columnOf(type)]))]
    }),
  )
}

function fieldsOf(body: string): Map<string, string> {
  return new Map(
    [...body.matchAll(/^ {2}(\w+): (.+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  )
}

function columnOf(type: string): Column {
  const generated = /^Generated<(.+)>$/.exec(type)?.[1]
  const plain = (generated ?? type).replace(/ \| null$/, '')
  return {
    type: plain,
    nullable: plain !== (generated ?? type) || type.startsWith('ColumnType<unknown, string | null'),
    optional: generated !== undefined,
  }
}

interface SchemaColumn {
  readonly table_name: string
  readonly column_name: string
  readonly udt_name: string
  readonly is_nullable: 'YES' | 'NO'
  readonly generated: boolean
}

async function migrated(): Promise<SchemaColumn[]> {
  const { rows } = await database.pool.query<SchemaColumn>(
    `select table_name, column_name, udt_name, is_nullable,
       column_default is not null or is_identity = 'YES' as generated
     from information_schema.columns where table_schema = 'public'
       and table_name <> 'schema_migrations' and table_name not like 'kysely%'
     order by table_name, ordinal_position`,
  )
  return rows
}

test('tables.ts lists the columns of the migrated schema, and no other', async () => {
  const named = [...declared()].flatMap(([table, columns]) =>
    [...columns.keys()].map(column => `${table}.${column}`),
  )
  const there = (await migrated()).map(each => `${each.table_name}.${each.column_name}`)
  expect(named.toSorted()).toEqual(there.toSorted())
  expect(named.length).toBeGreaterThan(100)
})

test('a column has the type and the nulls that tables.ts says, and a default if it may be left out', async () => {
  const tables = declared()
  const wrong = (await migrated()).filter(each => {
    const column = tables.get(each.table_name)?.get(each.column_name)
    return !(
      column !== undefined &&
      sqlTypes[column.type]?.includes(each.udt_name) === true &&
      column.nullable === (each.is_nullable === 'YES') &&
      (each.generated || !column.optional)
    )
  })
  expect(wrong).toEqual([])
})

test('every row but that of a company belongs to an environment', async () => {
  const columns = await migrated()
  const tables = new Set(columns.map(each => each.table_name))
  const without = [...tables].filter(
    table =>
      !columns.some(
        each =>
          each.table_name === table &&
          each.column_name === 'environment_id' &&
          each.is_nullable === 'NO',
      ),
  )
  expect(without).toEqual(['companies', 'environments'])
})
