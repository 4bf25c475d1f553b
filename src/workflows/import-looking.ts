import type { MovementKind } from '../domain/movement.ts'
import type { OldMovement } from '../domain/old-records.ts'
import { type Looked, standingOf } from '../domain/plan-import.ts'
import { concurrently } from './concurrently.ts'
import type { Candidate } from './import-noting.ts'
import { askedAtOnce, type ImportWork, isApplied } from './import-work.ts'

/** A payout may come back for weeks after it was made: a young one is always looked at. */
const youngPayoutDays = 30

/**
 * Asks the provider about the rows of a page. When it cannot be asked, an import that writes ends:
 * what is not certain must not be left to planning.
 */
export async function lookAll(
  work: ImportWork,
  rows: readonly Candidate[],
): Promise<ReadonlyMap<OldMovement, Looked>> {
  const looked = new Map<OldMovement, Looked>()
  const failures: unknown[] = []
  async function* each() {
    yield* rows
  }
  await concurrently(each(), askedAtOnce, async ({ old, identity }) => {
    try {
      looked.set(old, await look(work, identity.kind, old))
    } catch (error) {
      failures.push(error)
    }
  })
  if (failures.length > 0 && isApplied(work)) throw failures[0]
  if (failures.length > 0) work.book.problem(`a movement was not looked up: ${String(failures[0])}`)
  return looked
}

async function look(work: ImportWork, kind: MovementKind, old: OldMovement): Promise<Looked> {
  const standing = standingOf(old.status)
  if (work.check === 'none' || standing === 'given_up') return { asked: 'not' }
  if (old.providerId !== null) {
    if (standing === 'made' && !isLookedAt(work, old)) return { asked: 'not' }
    // A reversal of an early version does not name its transfer, through which alone it is read.
    const unreachable = old.type === 'TRANSFER_REFUND' && old.of === null
    if (standing === 'made' && unreachable) return { asked: 'not' }
    const sight = await work.sights.look(kind, old)
    if (standing === 'made' || (sight !== null && sight.state !== 'failed')) {
      return { asked: 'by_id', sight }
    }
  }
  return { asked: 'by_name', found: await work.sights.find(kind, old) }
}

function isLookedAt(work: ImportWork, old: OldMovement): boolean {
  if (work.check === 'all') return true
  const age = work.clock.now().getTime() - old.createdAt.getTime()
  return old.table === 'payouts' && age < youngPayoutDays * 24 * 3600 * 1000
}
