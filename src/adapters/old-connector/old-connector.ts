import pg from 'pg'
import { UsageError } from '../../domain/errors.ts'
import type {
  OldAccount,
  OldCheckpoint,
  OldMovement,
  OldPayment,
  OldTable,
} from '../../domain/old-records.ts'
import {
  accountOf,
  checkpointOf,
  movementsOf,
  type OldReading,
  paymentOf,
  type Row,
} from './rows.ts'
import { type FoundSchema, readSchema, type TableKey } from './schema.ts'
import { selectionOf } from './selections.ts'

const rowsPerPage = 200
const connectTimeoutMilliseconds = 10_000

/**
 * The database of the old connector as it was at one moment: one read-only SQL transaction, so that
 * every table is of the same moment, and nothing in it can be changed. Pages follow the primary key.
 */
export interface OldConnector {
  count(table: OldTable): Promise<number>
  accounts(): AsyncIterable<readonly OldReading<OldAccount>[]>
  payments(): AsyncIterable<readonly OldReading<OldPayment>[]>
  movements(table: OldMovement['table']): AsyncIterable<readonly OldReading<OldMovement>[]>
  checkpoints(): Promise<readonly OldCheckpoint[]>
  /** Which of these ids of the provider some row names already. */
  named(providerIds: readonly string[]): Promise<ReadonlySet<string>>
  /** The currency of most of its transfers and payouts; null: no row has one. */
  mainCurrency(): Promise<string | null>
  close(): Promise<void>
}

/**
 * Opens it.
 * @param url `postgres://…`
 * @throws UsageError when it cannot be reached, or has none of the tables
 */
export async function openOldConnector(url: string): Promise<OldConnector> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'tributary import',
    connectionTimeoutMillis: connectTimeoutMilliseconds,
  })
  // A lost connection shows in the query that waits for it.
  client.on('error', () => undefined)
  const host = new URL(url).host
  try {
    await client.connect()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError(
      '--from',
      `--from names a database that cannot be opened (${host}): ${why}`,
    )
  }
  try {
    await client.query('begin transaction isolation level repeatable read read only')
    await client.query('set local idle_in_transaction_session_timeout = 0')
    const schema = await readSchema(client)
    if (schema.transfers === undefined) {
      throw new UsageError(
        '--from',
        `--from names a database without the table stripe_transfer (${host}): give the one that the connector's DATABASE_URL names`,
      )
    }
    return connectorOn(client, schema)
  } catch (error) {
    await client.end()
    throw error
  }
}

function connectorOn(client: pg.Client, schema: FoundSchema): OldConnector {
  const pages = (key: TableKey) => pagesOf(client, selectionOf(schema, key))
  return {
    count: async table => {
      const found = schema[table]
      if (found === undefined) return 0
      const { rows } = await client.query<{ n: string }>(`select count(*) n from ${found.name}`)
      return Number(rows[0]?.n ?? '0')
    },
    accounts: () => mapped(pages('accounts'), row => [accountOf(row)]),
    payments: () => mapped(pages('payments'), row => [paymentOf(row)]),
    movements: table => mapped(pages(table), row => movementsOf(row, table)),
    checkpoints: async () => {
      const found: OldCheckpoint[] = []
      for await (const page of pages('config')) found.push(...page.map(checkpointOf))
      return found
    },
    named: ids => namedIn(client, schema, ids),
    mainCurrency: () => mainCurrencyOf(client, schema),
    close: () => client.end(),
  }
}

async function* pagesOf(client: pg.Client, selection: string | null): AsyncGenerator<Row[]> {
  if (selection === null) return
  // Ids of sequences start at 1; a row of somebody's own hand may have any.
  let after = '-2147483648'
  for (;;) {
    const { rows } = await client.query<Row>(selection, [after, rowsPerPage])
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = String(last['row'])
  }
}

async function* mapped<T>(pages: AsyncIterable<Row[]>, read: (row: Row) => T[]) {
  for await (const page of pages) yield page.flatMap(read)
}

async function namedIn(
  client: pg.Client,
  schema: FoundSchema,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const places = [
    [schema.transfers, 'transfer_id'],
    [schema.payouts, 'payout_id', 'stripe_payout_id'],
    [schema.refunds, 'stripe_refund_id'],
    [schema.refunds, 'stripe_reversal_id'],
  ] as const
  const selects = places.flatMap(([table, ...columns]) => {
    const column = table?.column('t', ...columns) ?? 'null'
    if (table === undefined || column === 'null') return []
    return [`select ${column} id from ${table.name} t where ${column} = any($1)`]
  })
  const { rows } = await client.query<{ id: string }>(selects.join(' union '), [[...ids]])
  return new Set(rows.map(row => row.id))
}

async function mainCurrencyOf(client: pg.Client, schema: FoundSchema): Promise<string | null> {
  const tables = [schema.transfers, schema.payouts].flatMap(table => table ?? [])
  const all = tables.map(table => `select upper(currency) code from ${table.name}`)
  const { rows } = await client.query<{ code: string }>(
    `select code from (${all.join(' union all ')}) c where code is not null
     group by code order by count(*) desc, code limit 1`,
  )
  return rows[0]?.code ?? null
}
