import type pg from 'pg'

/**
 * The old connector renamed tables and columns over the years (its migrations of 2019-09 to 2022-10);
 * each is looked for under every name it ever had, newest first.
 */
const tableNames = {
  accounts: ['account_mapping', 'mirakl_stripe_mapping'],
  payments: ['payment_mapping', 'stripe_charge', 'stripe_payment'],
  transfers: ['stripe_transfer'],
  payouts: ['stripe_payout'],
  refunds: ['stripe_refund', 'mirakl_refund'],
  config: ['config'],
} as const

export type TableKey = keyof typeof tableNames

/** One table as this database has it. */
export interface FoundTable {
  /** Quoted, ready for SQL. */
  readonly name: string
  has(column: string): boolean
  /** The first of these columns that there is, quoted and behind `alias`; else SQL's null. */
  column(alias: string, ...names: readonly string[]): string
}

export type FoundSchema = Readonly<Partial<Record<TableKey, FoundTable>>>

/** Reads which tables and columns there are. Tables of later versions are simply absent. */
export async function readSchema(client: pg.Client): Promise<FoundSchema> {
  const { rows } = await client.query<{ table_name: string; column_name: string }>(
    `select table_name, column_name from information_schema.columns
     where table_schema = current_schema() and table_name = any($1)`,
    [Object.values(tableNames).flat()],
  )
  const columns = Map.groupBy(rows, row => row.table_name)
  const found: Partial<Record<TableKey, FoundTable>> = {}
  for (const key of Object.keys(tableNames) as TableKey[]) {
    const name = tableNames[key].find(each => columns.has(each))
    if (name === undefined) continue
    found[key] = tableOf(name, new Set(columns.get(name)?.map(row => row.column_name)))
  }
  return found
}

function tableOf(name: string, columns: ReadonlySet<string>): FoundTable {
  return {
    name: quoted(name),
    has: column => columns.has(column),
    column: (alias, ...names) => {
      const present = names.find(each => columns.has(each))
      return present === undefined ? 'null' : `${alias}.${quoted(present)}`
    },
  }
}

const quoted = (name: string) => `"${name}"`
