import type { Generated } from 'kysely'
import type { JsonColumn } from './tables.ts'

/** Columns of companies and their environments; listed in `tables.ts`. */
export interface Companies {
  id: string
  name: string
  created_at: Date
}

export interface Environments {
  id: string
  company_id: string
  slug: string
  mode: 'test' | 'live'
  settings: JsonColumn
  start_date: Date | null
  paused: Generated<boolean>
  created_at: Date
  restored_from: Date | null
  restored_at: Date | null
  restore_checked_at: Date | null
}
