import type { Generated } from 'kysely'
import type { JsonColumn } from './tables.ts'

/** What sellers owe and what payouts were less by; as tables.ts. */

export interface Debts {
  environment_id: string
  id: string
  seller_id: string
  currency: string
  source_type: string
  source_id: string
  part: string
  original: bigint
  collectable: bigint
  reason: string
  purchase_id: string | null
  facts: JsonColumn
  created_at: Date
}
export interface DebtEntries {
  environment_id: string
  debt_id: string
  number: Generated<bigint>
  kind: string
  amount: bigint
  movement_id: string | null
  cycle_id: string | null
  actor: string
  note: string | null
  at: Date
}
export interface Withholdings {
  environment_id: string
  cycle_id: string
  number: Generated<bigint>
  seller_id: string
  currency: string
  amount: bigint
  at: Date
}
