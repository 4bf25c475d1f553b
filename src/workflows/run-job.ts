import type { Json } from '../domain/json.ts'
import { endRun, startRun } from '../store/runs.ts'
import { checkRestore } from './check-restore.ts'
import { findDisputes } from './find-disputes.ts'
import { planKyc, readForKyc } from './monitor-kyc.ts'
import { planOnboarding, readForOnboarding } from './onboard-sellers.ts'
import type { LinkSigner } from './seller-links.ts'
import { readProviderBooks } from './read-provider-books.ts'
import { reconcile } from './reconcile.ts'
import { redactPayloads } from './redact-payloads.ts'
import { readForRefunds } from './read-refunds.ts'
import { planRefunds } from './refund-payments.ts'
import { sendMovements } from './send-movements.ts'
import { planDisputes } from './settle-disputes.ts'
import { planSettlements, readForSettlement } from './settle-sellers.ts'
import { planSplits, readForSplit } from './split-payments.ts'
import type { Counts, Preview } from './tally.ts'
import { planValidation, readForValidation } from './validate-payments.ts'
import type { Work } from './work.ts'

/** Jobs that an operator can name; the same word in the CLI, the schedule, the logs and the URL. */
export const jobNames = [
  'onboard-sellers',
  'validate-payments',
  'split-payments',
  'refund-payments',
  'settle-sellers',
  'monitor-kyc',
  'read-books',
  'reconcile',
  'redact-payloads',
] as const
export type JobName = (typeof jobNames)[number]

/** What a run did; the keys are public (`run --json`). */
export interface RunReport extends Counts {
  readonly job: JobName
  readonly mode: Work['mode']
  readonly seconds: number
  /** Dry run and shadow: the decisions, at most 500 of them. */
  readonly previews: readonly Preview[]
  /** Why the run ended early, if it did; what was decided before stands. */
  readonly error: string | null
}

/** A cycle needs three rounds (parts, payout, confirmation); more than ten is a defect. */
const roundsMax = 10

const uncheckedRestore =
  'The database was restored, and not all that was open could be looked up yet: nothing moves before. The next run looks again.'

interface Steps {
  /** Reads the outside world once. */
  read(work: Work): Promise<void>
  /**
   * Decides on what is stored; called again after sending, until nothing is left to do now. Null: the
   * job only looks, and sends nothing.
   */
  readonly plan: ((work: Work) => Promise<void>) | null
}

function stepsOf(job: JobName, signer: LinkSigner): Steps {
  switch (job) {
    case 'onboard-sellers':
      return { read: readForOnboarding, plan: work => planOnboarding(work, signer) }
    case 'validate-payments':
      return { read: readForValidation, plan: planValidation }
    case 'split-payments':
      return { read: readForSplit, plan: planSplits }
    case 'refund-payments':
      return { read: readRefundsAndDisputes, plan: planRefundsAndDisputes }
    case 'settle-sellers':
      return { read: readForSettlement, plan: planSettlements }
    case 'monitor-kyc':
      return { read: readForKyc, plan: planKyc }
    case 'read-books':
      // What is found is observed; nothing is planned from it here.
      return { read: readProviderBooks, plan: () => Promise.resolve() }
    case 'reconcile':
      return { read: reconcile, plan: null }
    case 'redact-payloads':
      return { read: redactPayloads, plan: null }
  }
}

async function readRefundsAndDisputes(work: Work): Promise<void> {
  await findDisputes(work)
  await readForRefunds(work)
}

/** Both take transfers back from sellers; a refund, which the marketplace waits for, comes first. */
async function planRefundsAndDisputes(work: Work): Promise<void> {
  await planRefunds(work)
  await planDisputes(work)
}

/**
 * Runs one job: reads, then plans and sends in rounds until nothing is left to do now. A run that
 * cannot read the outside world still sends what was decided before, and when that fails too the run
 * has an end all the same.
 */
export async function runJob(work: Work, job: JobName, signer: LinkSigner): Promise<RunReport> {
  const { queries } = work.database
  const id = work.names.next('run')
  const startedAt = work.clock.now()
  const elapsed = performance.now()
  await startRun(queries, work.environment.id, { id, job, actor: work.actor, at: startedAt })
  const steps = stepsOf(job, signer)
  let error = await problemOf(work, job, rounds(work, steps))
  if (error !== null && work.mode === 'move' && steps.plan !== null) {
    const second = await problemOf(work, job, sendMovements(work))
    if (second !== null && second !== error) error = `${error} ${second}`
  }
  const counts = work.tally.counts()
  const seconds = Math.round(performance.now() - elapsed) / 1000
  const stored: { [key: string]: Json } = { ...counts, holds: { ...counts.holds }, mode: work.mode }
  const at = work.clock.now()
  await endRun(queries, work.environment.id, { id, at, counts: stored, error })
  return { job, mode: work.mode, ...counts, seconds, previews: work.tally.previews(), error }
}

/** Why this part of a run ended early, and how it is mended; null: it did not. */
async function problemOf(work: Work, job: JobName, part: Promise<unknown>): Promise<string | null> {
  try {
    await part
    return null
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    const mend = cause instanceof Error && 'mend' in cause ? String(cause.mend) : null
    work.log('error', 'a run ended early', { job, problem, mend })
    return mend === null ? problem : `${problem} ${mend}`
  }
}

async function rounds(work: Work, steps: Steps): Promise<void> {
  // What only looks may be asked at any time.
  if (steps.plan !== null && !(await checkRestore(work))) throw new Error(uncheckedRestore)
  await steps.read(work)
  if (steps.plan === null) return
  for (let round = 0; round < roundsMax && !work.stopping(); round += 1) {
    work.tally.startRound()
    await steps.plan(work)
    if (work.mode !== 'move') return
    if ((await sendMovements(work)) === 0) return
  }
}
