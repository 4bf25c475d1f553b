/** Columns of what was last seen of the outside world; listed in `tables.ts`. */
export interface Outsides {
  environment_id: string
  name: string
  state: string
  failures: number
  problem: string | null
  opened_at: Date | null
  next_try_at: Date | null
  milliseconds: number | null
  seen_at: Date
}
