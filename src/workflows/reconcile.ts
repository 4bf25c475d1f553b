import { MarketplaceError } from '../domain/errors.ts'
import { domainsRead } from '../domain/settings.ts'
import { closeMended, oldestWaiting } from '../store/differences.ts'
import {
  endReconciliation,
  newestReconciliation,
  type Reconciliation,
  startReconciliation,
} from '../store/reconciliations.ts'
import { readCycles } from './read-cycles.ts'
import { readOrders } from './read-orders.ts'
import { readProviderBooks } from './read-provider-books.ts'
import { readServiceOrders } from './read-service-orders.ts'
import { judgeSteps, runStep } from './reconcile-steps.ts'
import type { Work } from './work.ts'

const day = 24 * 3600 * 1000
/** Cycles may be monthly, and what banks send back comes late. */
const judgedDays = 35
/** Events, polling and the marketplace's own work need so long; younger things are not judged. */
const quietDays = 1
/** One that was broken off goes on within a day; later a new one begins. */
const resumedDays = 1

/**
 * Compares the marketplace, Tributary and the provider. First it reads what each of the two shows
 * now; what was only missed is taken in by that, as on any day. Then it judges what is stored, batch
 * by batch: one that is killed goes on behind its last batch. Nothing is moved and nothing mended.
 * @throws ProviderError MarketplaceError when a side cannot be read
 */
export async function reconcile(work: Work): Promise<void> {
  if (work.mode !== 'move') {
    work.log('info', 'a dry run compares nothing: it would store what it reads')
    return
  }
  const run = await beginOrGoOn(work)
  let judged = run.judged
  const first = steps.indexOf(steps.find(step => step === run.step) ?? 'read')
  for (const [at, step] of steps.entries()) {
    if (at < first || work.stopping()) continue
    if (step === 'read') await readBothSides(work, run)
    else judged = await runStep(work, run, { step, next: steps[at + 1] ?? 'end', judged })
  }
  // What is left stays where it is; the next run goes on.
  if (work.stopping()) return
  const { queries } = work.database
  const now = work.clock.now()
  const closed = await closeMended(queries, work.environment.id, run, now)
  await endReconciliation(queries, work.environment.id, run.id, now)
  work.log('info', 'a reconciliation ended', { reconciliation: run.id, mended: closed })
}

const steps = ['read', ...judgeSteps] as const

async function beginOrGoOn(work: Work): Promise<Reconciliation> {
  const { queries } = work.database
  const environmentId = work.environment.id
  const now = work.clock.now()
  const { since } = work.scope
  const newest = await newestReconciliation(queries, environmentId, 'any')
  if (newest !== null && newest.endedAt === null) {
    const isRecent = now.getTime() - newest.startedAt.getTime() < resumedDays * day
    const isSame = since === undefined || since.getTime() === newest.since.getTime()
    if (isRecent && isSame) return newest
  }
  const oldest = await oldestWaiting(queries, environmentId)
  const usual = new Date(now.getTime() - judgedDays * day)
  const begun = {
    id: work.names.next('rc'),
    since: since ?? (oldest !== null && oldest < usual ? oldest : usual),
    until: new Date(now.getTime() - quietDays * day),
    step: 'read',
    position: '',
    startedAt: now,
  }
  await startReconciliation(queries, environmentId, { ...begun, actor: work.actor })
  return { ...begun, judged: 0n, endedAt: null }
}

async function readBothSides(work: Work, run: Reconciliation): Promise<void> {
  await readProviderBooks({ ...work, scope: {} })
  // Orders are followed by update date: what is stored is what the marketplace shows.
  const asked: Work = work.scope.since === undefined ? { ...work, scope: {} } : work
  await readOrders(asked)
  if (domainsRead(work.environment.settings).includes('service')) await readServiceOrders(asked)
  try {
    // Cycles that are finished here are read by no other job.
    await readCycles({ ...work, scope: { since: run.since } })
  } catch (error) {
    // Their list may be read a few times a day only; they are judged when they were read.
    if (!(error instanceof MarketplaceError) || error.kind !== 'rate_limited') throw error
    work.log('warn', 'cycles were read too often today and are not judged', {
      retryAfter: error.retryAfterSeconds,
    })
  }
}
