import type { ColumnType, Generated } from 'kysely'
import type { DebtEntries, Debts, Withholdings } from './debt-tables.ts'
import type { LedgerEntries } from './ledger-tables.ts'
import type { NotificationDeliveries, Notifications } from './notification-tables.ts'
import type { BookEntries } from './book-tables.ts'
import type { Differences, Reconciliations } from './reconcile-tables.ts'
import type { Companies, Environments } from './environment-tables.ts'
import type { Outsides } from './outside-tables.ts'

/** Every table and its columns, as the query builder sees them. A test compares it to the schema. */
export interface Tables {
  companies: Companies
  environments: Environments
  connections: Connections
  checkpoints: Checkpoints
  accounts: Accounts
  sellers: Sellers
  link_codes: LinkCodes
  link_visits: LinkVisits
  orders: Orders
  debits: Debits
  marketplace_refunds: MarketplaceRefunds
  payments: Payments
  disputes: Disputes
  debts: Debts
  debt_entries: DebtEntries
  withholdings: Withholdings
  cycles: Cycles
  movements: Movements
  movement_journal: MovementJournal
  ledger_entries: LedgerEntries
  confirmations: Confirmations
  inbound_events: InboundEvents
  set_aside: SetAside
  runs: Runs
  notifications: Notifications
  notification_deliveries: NotificationDeliveries
  movement_numbers: MovementNumbers
  acknowledgements: Acknowledgements
  book_entries: BookEntries
  reconciliations: Reconciliations
  differences: Differences
  outsides: Outsides
}

/** jsonb: read as a value, written as text (the driver would turn an array into an SQL array). */
export type JsonColumn = ColumnType<unknown, string, string>

export interface Connections {
  environment_id: string
  kind: string
  settings: JsonColumn
  secrets: Buffer | null
  updated_at: Date
}
export interface Checkpoints {
  environment_id: string
  name: string
  value: JsonColumn
  updated_at: Date
}
export interface Accounts {
  environment_id: string
  provider: string
  id: string
  country: string | null
  currency: string | null
  transfers_active: boolean
  payouts_enabled: boolean
  charges_enabled: boolean
  details_submitted: boolean
  disabled_reason: string | null
  currently_due: JsonColumn
  pending_verification: JsonColumn
  requirement_problems: JsonColumn
  current_deadline: Date | null
  future_due: JsonColumn
  future_deadline: Date | null
  standing: string
  has_dashboard: boolean
  banks: ColumnType<unknown, string | null, string | null>
  seen_at: Date
  changed_at: Date
  look_at: Date | null
}
export interface Sellers {
  environment_id: string
  id: string
  name: string
  email: string | null
  country: string | null
  currency: string | null
  professional: boolean
  website: string | null
  phone: string | null
  ignored: boolean
  link_shown: string | null
  payment_blocked: boolean
  kyc_status: string | null
  kyc_reason: string | null
  updated_at: Date
  provider: string | null
  account_id: string | null
  /** When the account became this seller's. */
  mapped_at: Date | null
  account_attempt: Generated<number>
  account_problem: string | null
  account_mend: string | null
  link_version: Generated<number>
  kyc_told_status: string | null
  kyc_told_reason: string | null
  due: Generated<boolean>
  look_at: Date | null
}
export interface LinkCodes {
  environment_id: string
  seller_id: string
  code_hash: string
  made_at: Date
  expires_at: Date
  tries: Generated<number>
}
export interface LinkVisits {
  environment_id: string
  id: string
  seller_id: string
  at: Date
  outcome: string
  visitor: string | null
}
export interface Orders {
  environment_id: string
  id: string
  purchase_id: string
  seller_id: string
  domain: string
  state: string
  currency: string
  total: bigint
  commission: bigint
  created_at: Date
  updated_at: Date
  debited_at: Date | null
  transaction_number: string | null
  body: JsonColumn
  body_hash: string
  open_for_split: Generated<boolean>
  stored_at: Date
  redacted_at: Date | null
}
export interface Debits {
  environment_id: string
  id: string
  domain: string
  entity_type: string
  order_id: string
  purchase_id: string
  customer_id: string
  seller_id: string
  amount: bigint
  currency: string
  imprint_number: string | null
  pay_out_psp_code: string
  seen_at: Date
}
export interface MarketplaceRefunds {
  environment_id: string
  id: string
  domain: string
  order_id: string
  line_id: string | null
  purchase_id: string | null
  seller_id: string | null
  amount: bigint
  currency: string
  share: bigint | null
  commission: bigint | null
  tax: bigint
  released_by: string | null
  seen_at: Date
  open: Generated<boolean>
  created_at: Date
}
export interface Payments {
  environment_id: string
  provider: string
  id: string
  intent_id: string | null
  charge_id: string | null
  purchase_id: string | null
  status: string
  currency: string
  authorized: bigint
  captured: bigint
  refunded: bigint
  capture_before: Date | null
  transfer_group: string | null
  settled_amount: bigint | null
  settled_currency: string | null
  failure: string | null
  created_at: Date
  told_at: Date
  open_for_capture: Generated<boolean>
  warned_at: Date | null
  booked: Generated<bigint>
}
export interface Disputes {
  environment_id: string
  id: string
  provider: string
  charge_id: string
  payment_id: string
  purchase_id: string | null
  amount: bigint
  currency: string
  status: string
  reason: string
  evidence_due: Date | null
  /** The whole dispute; the columns are what is looked for. */
  body: JsonColumn
  /** Is there something left to settle with the seller? */
  open: Generated<boolean>
  created_at: Date
  told_at: Date
}
export interface Cycles {
  environment_id: string
  id: string
  feed: string
  seller_id: string
  currency: string
  created_at: Date
  final: boolean
  pay_state: string
  pay_out_psp_code: string
  amount: bigint
  amount_to_operator: bigint
  subscription: bigint
  other_invoices: bigint
  other_credits: bigint
  contents: ColumnType<unknown, string | null, string | null>
  open: Generated<boolean>
  stored_at: Date
}
export interface Movements {
  environment_id: string
  id: string
  kind: string
  origin: string
  source_type: string
  source_id: string
  part: string
  sequence: number
  status: string
  reason: string | null
  needs_review: Generated<boolean>
  currency: string
  amount: bigint | null
  sent_amount: bigint | null
  original_amount: bigint | null
  original_currency: string | null
  seller_id: string | null
  order_id: string | null
  purchase_id: string | null
  cycle_id: string | null
  payment_id: string | null
  provider: string
  account: string | null
  instruction: ColumnType<unknown, string | null, string | null>
  facts: JsonColumn
  attempt: Generated<number>
  attempted_at: Date | null
  lease_until: Date | null
  provider_id: string | null
  provider_status: string | null
  failure_code: string | null
  failure_message: string | null
  next_look_at: Date | null
  created_at: Date
  updated_at: Date
}
export interface MovementJournal {
  environment_id: string
  movement_id: string
  number: Generated<bigint>
  at: Date
  actor: string
  from_status: string | null
  to_status: string
  reason: string | null
  attempt: number
  facts: JsonColumn
}
export interface Confirmations {
  environment_id: string
  kind: string
  target_id: string
  sequence: number
  status: string
  says: string | null
  reason: string | null
  seller_id: string | null
  order_id: string | null
  purchase_id: string | null
  cycle_id: string | null
  amount: bigint
  currency: string
  reference: string | null
  message: string | null
  attempt: Generated<number>
  attempted_at: Date | null
  facts: JsonColumn
  created_at: Date
  updated_at: Date
}
export interface InboundEvents {
  environment_id: string
  provider: string
  id: string
  type: string
  account: string | null
  live: boolean
  status: string
  reason: string | null
  body: JsonColumn
  tries: Generated<number>
  created_at: Date
  received_at: Date
  applied_at: Date | null
  redacted_at: Date | null
}
export interface SetAside {
  environment_id: string
  kind: string
  id: string
  purchase_id: string | null
  field: string
  problem: string
  raw: JsonColumn
  since: Date
  seen_at: Date
}
export interface Runs {
  environment_id: string
  id: string
  job: string
  actor: string
  started_at: Date
  ended_at: Date | null
  counts: JsonColumn
  error: string | null
}
export interface MovementNumbers {
  environment_id: string
  movement_id: string
  number: Generated<bigint>
}
export interface Acknowledgements {
  environment_id: string
  subject: string
  id: string
  reason: string
  actor: string
  at: Date
}
