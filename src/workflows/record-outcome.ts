import type { Queries } from '../database/connection.ts'
import type { Movement } from '../domain/movement.ts'
import type { Outcome } from '../domain/outcome.ts'
import { reasons } from '../domain/reasons.ts'
import { nextReturnLook } from '../domain/return-looks.ts'
import { moveMovement, postponeUnanswered } from '../store/movement-sending.ts'
import { afterFailure, afterSuccess } from './movement-consequences.ts'
import type { Work } from './work.ts'

/** Seconds until an accepted movement is asked about; its event usually comes first. */
const firstLookSeconds = 3600

type Recording = Pick<Work, 'database' | 'environment' | 'clock' | 'actor' | 'log' | 'tally'>

/**
 * Records what a provider's answer means for a movement, with everything that follows from it, in
 * one SQL transaction. Returns false when the movement had moved on meanwhile: then nothing is
 * written, whoever was first has recorded it.
 */
export async function recordOutcome(
  work: Recording,
  movement: Movement,
  outcome: Outcome,
): Promise<boolean> {
  return createRecorder(work)(movement, outcome)
}

/** Records one outcome; what `recordOutcome` says holds. */
export type Recorder = (movement: Movement, outcome: Outcome) => Promise<boolean>

type Definite = Exclude<Outcome, { result: 'unknown' }>

interface Waiting {
  readonly movement: Movement
  readonly outcome: Definite
  readonly recorded: (moved: boolean) => void
  readonly failed: (error: unknown) => void
}

/**
 * `recordOutcome` for many: what arrives while one SQL transaction is written shares the next one,
 * so that a run of transfers does not pay a commit for each. When a shared one fails, each of its
 * movements is tried in one of its own: a bad movement never stops the others.
 */
export function createRecorder(work: Recording): Recorder {
  let waiting: Waiting[] = []
  let isWriting = false
  async function writeAll(): Promise<void> {
    isWriting = true
    while (waiting.length > 0) {
      // By id, as everybody who moves several at once locks them: no deadlock.
      const group = waiting.toSorted((a, b) => (a.movement.id < b.movement.id ? -1 : 1))
      waiting = []
      await writeGroup(work, group)
    }
    isWriting = false
  }
  async function recordOne(movement: Movement, outcome: Outcome): Promise<boolean> {
    work.tally.outcome(outcome)
    if (outcome.result === 'unknown') {
      await postpone(work, movement, outcome)
      return true
    }
    if (outcome.result === 'accepted' && movement.status === 'accepted') return false
    return new Promise((recorded, failed) => {
      waiting.push({ movement, outcome, recorded, failed })
      if (!isWriting) void writeAll()
    })
  }
  return recordOne
}

/** Never throws: each of the group is told what became of it. */
async function writeGroup(work: Recording, group: readonly Waiting[]): Promise<void> {
  try {
    const moved = await work.database.inTransaction(async queries => {
      const results: boolean[] = []
      for (const { movement, outcome } of group) {
        results.push(await record(queries, work, movement, outcome))
      }
      return results
    })
    for (const [at, { recorded }] of group.entries()) recorded(moved[at] === true)
  } catch (error) {
    const [only] = group
    if (group.length === 1) only?.failed(error)
    else for (const each of group) await writeGroup(work, [each])
  }
}

async function record(
  queries: Queries,
  work: Recording,
  movement: Movement,
  outcome: Definite,
): Promise<boolean> {
  const now = work.clock.now()
  const base = { actor: work.actor, now }
  const environmentId = work.environment.id
  if (outcome.result === 'rejected') {
    const moved = await moveMovement(queries, environmentId, movement, {
      ...base,
      to: 'failed',
      reason: outcome.reason,
      facts: { code: outcome.code, message: outcome.message, ...bankOf(outcome) },
      failure: { code: outcome.code, message: outcome.message },
      nextLookAt: reasons[outcome.reason].retried ? backOff(now, movement.attempt) : null,
      ...(outcome.providerId === undefined ? {} : { providerId: outcome.providerId }),
    })
    if (moved) await afterFailure(queries, work, movement, outcome)
    return moved
  }
  const { detail, providerId } = outcome
  const moved = await moveMovement(queries, environmentId, movement, {
    ...base,
    to: outcome.result,
    reason: null,
    facts: { providerId, ...bankOf(outcome) },
    providerId,
    failure: null,
    nextLookAt:
      outcome.result === 'accepted'
        ? new Date(now.getTime() + firstLookSeconds * 1000)
        : nextReturnLook(movement.kind, now, now, work.environment.settings),
    ...(detail?.providerStatus === undefined ? {} : { providerStatus: detail.providerStatus }),
  })
  if (moved && outcome.result === 'succeeded')
    await afterSuccess(queries, work, movement, providerId)
  return moved
}

/** The journal keeps where a payout went: a refusal is the bank's, and the seller may have another. */
function bankOf({ detail }: Definite): { readonly bank?: string } {
  return detail?.bank === undefined ? {} : { bank: detail.bank }
}

/** Asked and not answered: the row stays `submitted`, its key stays the same. */
async function postpone(
  work: Recording,
  movement: Movement,
  outcome: Extract<Outcome, { result: 'unknown' }>,
): Promise<void> {
  const now = work.clock.now()
  const seconds = outcome.retryAfterSeconds ?? 60
  await postponeUnanswered(work.database.queries, work.environment.id, movement, {
    leaseUntil: new Date(now.getTime() + seconds * 1000),
    needsReview: false,
    lookUp: outcome.lookUp,
    message: outcome.message,
    now,
  })
  work.log('warn', 'a movement has no answer yet', {
    movement: movement.id,
    problem: outcome.message,
  })
}

/** 5 min, 10, 20 ... at most 24 h; published in docs/operating.md. */
export function backOff(now: Date, attempt: number): Date {
  const seconds = Math.min(300 * 2 ** Math.max(0, attempt - 1), 24 * 3600)
  return new Date(now.getTime() + seconds * 1000)
}
