import { type MovementStatus, mayMove } from '../domain/lifecycle.ts'
import type { Movement } from '../domain/movement.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Restore } from '../domain/restore.ts'
import { moveMovement } from '../store/movement-sending.ts'
import { endRestoreCheck, openMovements, restoreOf } from '../store/restores.ts'
import { withFoundAmount } from './look-up-first.ts'
import { createRecorder } from './record-outcome.ts'
import type { Work } from './work.ts'

const pageSize = 100

/**
 * After a restore, before anything is planned or sent: every movement that was open in the backup is
 * looked up at the provider, and what it did since is taken over. True: done, now or before. False:
 * some could not be looked up, and nothing may move until they are.
 */
export async function checkRestore(work: Work): Promise<boolean> {
  const { environment } = work
  if (environment.restore?.checkedAt !== null) return true
  const restore = await restoreOf(work.database.queries, environment.id)
  if (restore === null || restore.checkedAt !== null) return true
  if (work.mode !== 'move') return true
  const { looked, taken, left } = await lookUpAll(work, restore)
  const counts = { since: restore.from.toISOString(), looked, taken, left }
  if (left > 0) {
    work.log('error', 'the database was restored, and not all of it could be looked up', counts)
    return false
  }
  await endRestoreCheck(work.database.queries, environment.id, restore, work.clock.now())
  work.log('info', 'the database was restored: what was open has been looked up', counts)
  return true
}

async function lookUpAll(work: Work, restore: Restore) {
  const counts = { looked: 0, taken: 0, left: 0 }
  for (let after = ''; ;) {
    const page = { after, limit: pageSize }
    const open = await openMovements(work.database.queries, work.environment.id, page)
    for (const movement of open) {
      if (work.stopping()) return { ...counts, left: counts.left + 1 }
      const result = await lookUp(work, movement, restore)
      counts.looked += 1
      if (result !== 'absent') counts[result] += 1
      work.progress('looking up what moved since the backup', counts.looked)
    }
    const last = open.at(-1)
    if (open.length < pageSize || last === undefined) return counts
    after = last.id
  }
}

async function lookUp(
  work: Work,
  movement: Movement,
  restore: Restore,
): Promise<'taken' | 'absent' | 'left'> {
  try {
    const found = await work.provider.find(movement, { since: restore.from })
    if (found.result === 'absent') return 'absent'
    if (found.result === 'unknown') return 'left'
    // Refused while it waits here too: it is tried again as any other, under its next key.
    if (found.result === 'rejected' && movement.status !== 'submitted') return 'absent'
    await takeOver(work, movement, found)
    return 'taken'
  } catch (error) {
    work.log('warn', 'a movement could not be looked up after the restore', {
      movement: movement.id,
      problem: String(error),
    })
    return 'left'
  }
}

const way: readonly MovementStatus[] = ['pending', 'submitted']

/** Walks the movement to `submitted`, step by step as its journal must show, and records the rest. */
async function takeOver(work: Work, movement: Movement, found: Outcome): Promise<void> {
  const now = work.clock.now()
  const asked = await work.database.inTransaction(async queries => {
    let at = movement
    for (const to of way) {
      if (at.status === 'submitted' || !mayMove(at.status, to)) continue
      const move = { to, actor: work.actor, now, reason: null, facts: { restored: true } }
      if (!(await moveMovement(queries, work.environment.id, at, move))) return null
      at = { ...at, status: to }
    }
    return at
  })
  // Another program was quicker, and has taken it over.
  if (asked === null) return
  const own = await withFoundAmount(work, asked, found)
  await createRecorder(work)(own, found)
}
