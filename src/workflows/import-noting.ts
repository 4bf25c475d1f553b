import type { Movement } from '../domain/movement.ts'
import type { OldMovement, Sight } from '../domain/old-records.ts'
import type { Identity, Verdict } from '../domain/plan-import.ts'
import type { ImportWork } from './import-work.ts'

/** A row with the movement that it is. */
export interface Candidate {
  readonly old: OldMovement
  readonly identity: Identity
  /** What stands under the same name here; null: nothing. */
  readonly stored: Movement | null
}

/** Adds a row to the report. */
export function note(work: ImportWork, old: OldMovement, verdict: Verdict, already: boolean): void {
  const told = verdict.sight ?? toldBy(work, old)
  work.book.add({
    table: old.table,
    row: old.row,
    id: old.name,
    status: old.status,
    outcome: verdict.outcome,
    already,
    amount: told?.amount ?? null,
    currency: told?.currency ?? null,
    reason: verdict.reason,
    message: verdict.message,
    differs: verdict.differs,
  })
}

/** The movement as the row itself has it; null without an amount in a currency that exists. */
export function toldBy(work: ImportWork, old: OldMovement): Sight | null {
  const { amount, currency, providerId } = old
  if (amount === null || currency === null) return null
  try {
    const minor = work.sights.minor(amount, currency)
    return { providerId: providerId ?? '', amount: minor, currency, state: 'succeeded' }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
