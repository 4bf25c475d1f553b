import type { Generated } from 'kysely'

/** Columns of the ledger, as the query builder sees them; listed in `tables.ts`. */
export interface LedgerEntries {
  environment_id: string
  number: Generated<bigint>
  posting_key: string
  at: Date
  event: string
  provider: string
  currency: string
  account: string
  amount: bigint
  movement_id: string | null
  payment_id: string | null
  order_id: string | null
  purchase_id: string | null
  seller_id: string | null
  cycle_id: string | null
}
