/** Columns of reconciliations, as the query builder sees them; listed in `tables.ts`. */
export interface Reconciliations {
  environment_id: string
  id: string
  since: Date
  until: Date
  step: string
  position: string
  judged: bigint
  actor: string
  started_at: Date
  ended_at: Date | null
}

export interface Differences {
  environment_id: string
  id: string
  key: string
  cause: string
  currency: string | null
  amount_here: bigint | null
  amount_there: bigint | null
  state_here: string | null
  state_there: string | null
  movement_id: string | null
  payment_id: string | null
  order_id: string | null
  refund_id: string | null
  cycle_id: string | null
  seller_id: string | null
  provider_id: string | null
  book_entry_id: string | null
  account: string | null
  happened_at: Date
  first_seen_at: Date
  last_seen_at: Date
  reconciliation_id: string
  closed_at: Date | null
  accepted_at: Date | null
  accepted_by: string | null
  note: string | null
}
