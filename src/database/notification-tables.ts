import type { Generated } from 'kysely'

/** What the operator's URL is told, and how each delivery went; as tables.ts. */

export interface Notifications {
  environment_id: string
  id: string
  type: string
  body: string
  seller_id: string | null
  movement_id: string | null
  status: string
  step: Generated<number>
  tries: Generated<number>
  next_try_at: Date | null
  problem: string | null
  created_at: Date
  updated_at: Date
  redacted_at: Date | null
}
export interface NotificationDeliveries {
  environment_id: string
  notification_id: string
  number: number
  at: Date
  status: number | null
  milliseconds: number
  answer: string
  problem: string | null
}
