import type { Cycle } from '../domain/settlement.ts'
import {
  type Confirmation,
  claimConfirmation,
  openConfirmations,
  recordConfirmation,
} from '../store/confirmations.ts'
import { cycleById } from '../store/cycles.ts'
import type { MarketplaceFeatures, Told } from './ports.ts'
import { type Work, batchSize } from './work.ts'

const unansweredSeconds = 60
/** What the marketplace refused is told again after six hours: somebody may have mended it. */
const refusedSeconds = 6 * 3600

/** Tells the marketplace which payouts landed and which bounced (IV07 / SBC07), one cycle per call. */
export async function confirmCycles(work: Work): Promise<void> {
  const { queries } = work.database
  let features: MarketplaceFeatures | null | undefined
  let after = ''
  while (!work.stopping()) {
    const open = await openConfirmations(queries, work.environment.id, 'cycle', after, batchSize)
    const last = open.at(-1)
    if (last === undefined) return
    after = last.targetId
    features ??= await featuresOf(work)
    for (const confirmation of open) await tell(work, confirmation, features)
  }
}

async function featuresOf(work: Work): Promise<MarketplaceFeatures | null> {
  try {
    return await work.marketplace.features()
  } catch (error) {
    work.log('warn', 'the features of the marketplace could not be read', {
      problem: String(error),
    })
    return null
  }
}

async function tell(
  work: Work,
  confirmation: Confirmation,
  features: MarketplaceFeatures | null,
): Promise<void> {
  const { queries } = work.database
  const environmentId = work.environment.id
  const now = work.clock.now()
  const cycle = await cycleById(queries, environmentId, confirmation.targetId)
  if (cycle === null) return
  const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
  const before = { unanswered: ago(unansweredSeconds), refused: ago(refusedSeconds) }
  const { targetId, sequence } = confirmation
  const claimed = await claimConfirmation(
    queries,
    environmentId,
    'cycle',
    targetId,
    sequence,
    now,
    before,
  )
  if (claimed === null) return
  const answer = await ask(work, cycle, claimed, features, now)
  await record(work, claimed, answer, now)
}

type Answer = Told | { readonly result: 'not_told'; readonly reason: string }

async function ask(
  work: Work,
  cycle: Cycle,
  confirmation: Confirmation,
  features: MarketplaceFeatures | null,
  now: Date,
): Promise<Answer> {
  if (features?.paymentConfirmation === false)
    return { result: 'not_told', reason: 'confirmation_off' }
  const paid = confirmation.says === 'paid'
  const failureReason = work.environment.settings.invoiceFailureReason
  if (!paid && cycle.feed === 'invoices' && failureReason === null) {
    return { result: 'not_told', reason: 'left_pending' }
  }
  const told = await work.marketplace
    .confirmCycle({
      cycle,
      paid,
      reference: confirmation.reference,
      at: now,
      ...(paid || failureReason === null ? {} : { failureReason }),
    })
    .catch((error: unknown): Told => ({ result: 'unknown', message: String(error) }))
  return told.result === 'told' ? told : readBack(work, cycle, paid, told)
}

/** A lost answer says nothing: the cycle itself tells whether we were heard. */
async function readBack(work: Work, cycle: Cycle, paid: boolean, answer: Told): Promise<Told> {
  try {
    for await (const page of work.marketplace.cycles({ feed: cycle.feed, ids: [cycle.id] })) {
      for (const reading of page.readings) {
        if (!reading.ok || reading.value.id !== cycle.id) continue
        if (reading.value.payState === (paid ? 'paid' : 'failed')) return { result: 'told' }
      }
    }
    return answer
  } catch {
    // Reading cycles has a small daily budget: then the confirmation is simply asked again.
    return answer
  }
}

async function record(
  work: Work,
  confirmation: Confirmation,
  answer: Answer,
  now: Date,
): Promise<void> {
  const { queries } = work.database
  const status =
    answer.result === 'refused' ? 'failed' : answer.result === 'unknown' ? 'submitted' : 'succeeded'
  const message = 'message' in answer ? answer.message : null
  const reason =
    answer.result === 'not_told'
      ? answer.reason
      : status === 'failed'
        ? 'confirmation_refused'
        : null
  const settled = { status, reason, message } as const
  await recordConfirmation(queries, work.environment.id, confirmation, settled, now)
  if (answer.result === 'told') work.tally.confirmed()
  if (status === 'failed') work.tally.failed()
  if (message !== null)
    work.log('warn', 'a cycle was not confirmed', { cycle: confirmation.targetId, message })
}
