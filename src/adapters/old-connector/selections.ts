import type { FoundSchema, FoundTable, TableKey } from './schema.ts'

/**
 * The questions asked of each table. Numbers come as text (no digit is lost), times as UTC: the
 * columns have no time zone, and PHP writes UTC unless it was told otherwise.
 * `$1` is the primary key to read on behind, `$2` the number of rows.
 */
export function selectionOf(schema: FoundSchema, key: TableKey): string | null {
  const table = schema[key]
  if (table === undefined) return null
  const columns = {
    accounts: accountColumns,
    payments: paymentColumns,
    transfers: transferColumns,
    payouts: payoutColumns,
    refunds: refundColumns,
    config: configColumns,
  }[key](table, schema)
  const list = Object.entries(columns).map(([name, text]) => `${text} as "${name}"`)
  const joined = key === 'transfers' || key === 'payouts' ? accountJoin(table, schema) : ''
  const refund = key === 'transfers' ? refundJoin(schema) : ''
  // The page is cut before anything is joined to it.
  return `select ${list.join(', ')}
    from (select * from ${table.name} where id > $1 order by id limit $2) t
    ${joined} ${refund} order by t.id`
}

type Columns = Readonly<Record<string, string>>

function accountColumns(): Columns {
  return { row: 't.id::text', seller: 't.mirakl_shop_id::text', account: 't.stripe_account_id' }
}

function paymentColumns(table: FoundTable): Columns {
  return {
    row: 't.id::text',
    purchase: table.column('t', 'mirakl_commercial_order_id', 'mirakl_order_id'),
    charge: table.column('t', 'stripe_charge_id', 'stripe_payment_id'),
    status: 't.status',
  }
}

function common(table: FoundTable): Columns {
  return {
    row: 't.id::text',
    status: 't.status',
    statusReason: table.column('t', 'status_reason', 'failed_reason'),
    amount: 't.amount::text',
    currency: 'upper(t.currency)',
    createdAt: utc('t.creation_datetime'),
    changedAt: utc('t.modification_datetime'),
  }
}

function transferColumns(table: FoundTable, schema: FoundSchema): Columns {
  const { refunds } = schema
  return {
    ...common(table),
    type: 't.type',
    name: 't.mirakl_id',
    providerId: 't.transfer_id',
    of: table.column('t', 'transaction_id'),
    seller: schema.accounts === undefined ? 'null' : 'a.mirakl_shop_id::text',
    account: schema.accounts === undefined ? 'null' : 'a.stripe_account_id',
    order: refunds === undefined ? 'null' : 'r.mirakl_order_id',
    purchase: refunds?.column('r', 'mirakl_commercial_order_id') ?? 'null',
    ...refundOfReversal(refunds),
    marketplaceAt: utc(table.column('t', 'mirakl_created_date', 'mirakl_update_time')),
  }
}

/** Only a refund that was made: of any other the marketplace still waits, and lists it itself. */
function refundOfReversal(refunds: FoundTable | undefined): Columns {
  if (refunds === undefined) return {}
  const made = (column: string) => `case when r.status = 'REFUND_CREATED' then ${column} end`
  return {
    refundAmount: made('r.amount::text'),
    refundCurrency: made('upper(r.currency)'),
    refundType: made(refunds.has('type') ? 'r.type' : `'REFUND_PRODUCT_ORDER'`),
    refundLine: made(refunds.column('r', 'mirakl_order_line_id')),
  }
}

function payoutColumns(table: FoundTable, schema: FoundSchema): Columns {
  return {
    ...common(table),
    type: `'PAYOUT'`,
    name: 't.mirakl_invoice_id::text',
    providerId: table.column('t', 'payout_id', 'stripe_payout_id'),
    of: 'null',
    seller: schema.accounts === undefined ? 'null' : 'a.mirakl_shop_id::text',
    account: schema.accounts === undefined ? 'null' : 'a.stripe_account_id',
    order: 'null',
    purchase: 'null',
    marketplaceAt: utc(table.column('t', 'mirakl_created_date', 'mirakl_update_time')),
  }
}

function refundColumns(table: FoundTable): Columns {
  return {
    ...common(table),
    type: table.has('type') ? 't.type' : `'REFUND_PRODUCT_ORDER'`,
    name: 't.mirakl_refund_id',
    providerId: 't.stripe_refund_id',
    of: table.column('t', 'transaction_id'),
    seller: 'null',
    account: 'null',
    order: 't.mirakl_order_id',
    purchase: table.column('t', 'mirakl_commercial_order_id'),
    marketplaceAt: 'null',
    // Until 2020-12 a reversal was a column of its refund.
    reversalId: table.column('t', 'stripe_reversal_id'),
    commission: table.has('commission') ? 't.commission::text' : 'null',
  }
}

function configColumns(): Columns {
  return { row: 't.id::text', key: 't.key', value: 't.value' }
}

function accountJoin(table: FoundTable, { accounts }: FoundSchema): string {
  if (accounts === undefined) return ''
  const key = table.column('t', 'account_mapping_id', 'mirakl_stripe_mapping_id')
  return `left join ${accounts.name} a on a.id = ${key}`
}

/** A reversal is named after its refund, with a mark when it is for taxes; the refund knows the order. */
function refundJoin({ refunds }: FoundSchema): string {
  if (refunds === undefined) return ''
  return `left join ${refunds.name} r on t.type = 'TRANSFER_REFUND'
    and r.mirakl_refund_id = regexp_replace(t.mirakl_id, '_TAX$', '')`
}

function utc(column: string): string {
  return column === 'null' ? 'null' : `(${column} at time zone 'UTC')`
}
