import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { addressOf } from '../test-server.ts'

/**
 * A database as the old connector leaves it, made by us from what its migrations name: the schema of
 * version 4 (`newest`), and that of the spring of 2020 with the names of then (`oldest`).
 */
export type OldVersion = 'newest' | 'oldest'

const stamps = `creation_datetime timestamp(0) default '2026-10-20 10:00:00' not null,
  modification_datetime timestamp(0) default '2026-10-20 10:00:00' not null`

const newest = [
  `create table account_mapping (id serial primary key, mirakl_shop_id int not null unique,
    stripe_account_id varchar(255) not null unique, payout_enabled boolean default false not null,
    payin_enabled boolean default false not null, disabled_reason varchar(255),
    onboarding_token varchar(255), ignored boolean default false not null, ${stamps})`,
  `create table payment_mapping (id serial primary key, mirakl_commercial_order_id varchar(255),
    stripe_charge_id varchar(255) not null unique, status varchar(255) not null,
    stripe_amount int not null, ${stamps})`,
  `create table stripe_transfer (id serial primary key, account_mapping_id int
    references account_mapping, mirakl_id varchar(255) not null, type varchar(255) not null,
    transfer_id varchar(255), transaction_id varchar(255), amount int, status varchar(255) not null,
    status_reason varchar(1024), currency varchar(255), mirakl_created_date timestamp(0), ${stamps},
    unique (type, mirakl_id))`,
  `create table stripe_payout (id serial primary key, account_mapping_id int
    references account_mapping, amount int, currency varchar(255), mirakl_created_date timestamp(0),
    mirakl_invoice_id int not null unique, payout_id varchar(255), status varchar(255) not null,
    status_reason varchar(1024), ${stamps})`,
  `create table stripe_refund (id serial primary key, type varchar(255) not null, amount int not null,
    currency varchar(255) not null, mirakl_refund_id varchar(255) not null unique,
    mirakl_commercial_order_id varchar(255), mirakl_order_id varchar(255) not null,
    mirakl_order_line_id varchar(255), transaction_id varchar(255), stripe_refund_id varchar(255),
    status varchar(255) not null, status_reason varchar(1024), mirakl_validation_time timestamp(0),
    ${stamps})`,
  `create table config (id serial primary key, key varchar(255) not null unique, value varchar(255))`,
]

const oldest = [
  `create table mirakl_stripe_mapping (id serial primary key, mirakl_shop_id int not null unique,
    stripe_account_id varchar(255) not null unique, payout_enabled boolean default false not null,
    payin_enabled boolean default false not null, disabled_reason varchar(255), ${stamps})`,
  `create table stripe_transfer (id serial primary key, mirakl_stripe_mapping_id int
    references mirakl_stripe_mapping, mirakl_id varchar(255) not null, type varchar(255) not null,
    transfer_id varchar(255), transaction_id varchar(255), amount int not null,
    status varchar(255) not null, failed_reason varchar(1024), currency varchar(255) not null,
    mirakl_update_time timestamp(0) not null, ${stamps})`,
  `create table stripe_payout (id serial primary key, mirakl_stripe_mapping_id int
    references mirakl_stripe_mapping, amount int not null, currency varchar(255) not null,
    mirakl_update_time timestamp(0) not null, mirakl_invoice_id int not null unique,
    stripe_payout_id varchar(255), status varchar(255) not null, failed_reason varchar(1024),
    ${stamps})`,
  `create table mirakl_refund (id serial primary key, amount int not null,
    currency varchar(255) not null, mirakl_refund_id varchar(255) not null unique,
    mirakl_order_id varchar(255) not null, stripe_refund_id varchar(255),
    stripe_reversal_id varchar(255), status varchar(255) not null, failed_reason varchar(1024),
    mirakl_validation_time timestamp(0), commission int default 0, ${stamps})`,
]

export type OldRow = Readonly<Record<string, string | number | null>>

/** Makes the database; `close` drops it. */
export async function createOldDatabase(version: OldVersion = 'newest') {
  const { adminUrl, prefix } = inject('testServer')
  const name = `${prefix}_old_${randomUUID().slice(0, 8)}`
  const onAdmin = (statement: string) => onServer(adminUrl, [statement])
  await onAdmin(`create database ${name}`)
  const url = addressOf(adminUrl, name)
  await onServer(url, version === 'newest' ? newest : oldest)
  return {
    url,
    /** Adds a row and returns its primary key. */
    async add(table: string, row: OldRow): Promise<number> {
      const columns = Object.keys(row).map(column => `"${column}"`)
      const places = columns.map((_, index) => `$${index + 1}`)
      const statement = `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')}) returning id`
      const [added] = await onServer(url, [statement], Object.values(row))
      return Number(added?.['id'])
    },
    run: (statement: string) => onServer(url, [statement]),
    close: () => onAdmin(`drop database if exists ${name} with (force)`),
  }
}

export type OldDatabase = Awaited<ReturnType<typeof createOldDatabase>>

async function onServer(
  url: string,
  statements: readonly string[],
  values: readonly (string | number | null)[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) {
      rows = (await client.query<Record<string, unknown>>(statement, [...values])).rows
    }
    return rows
  } finally {
    await client.end()
  }
}
