/** Columns of the providers' own books, as the query builder sees them; listed in `tables.ts`. */
export interface BookEntries {
  environment_id: string
  provider: string
  id: string
  account: string | null
  kind: string
  at: Date
  available_at: Date
  amount: bigint
  fee: bigint
  net: bigint
  cost: bigint
  currency: string
  source_id: string | null
  exchange_rate: string | null
  named: string | null
  movement_id: string | null
  payment_id: string | null
  dispute_id: string | null
  fee_movement_id: string | null
  open: boolean
  remark: string | null
  read_at: Date
}
