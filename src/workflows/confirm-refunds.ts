import type { ReasonCode } from '../domain/reasons.ts'
import {
  claimConfirmation,
  type Confirmation,
  type NewConfirmation,
  planConfirmation,
  recordConfirmation,
} from '../store/confirmations.ts'
import type { Told } from './ports.ts'
import type { RefundView } from './refund-facts.ts'
import type { Work } from './work.ts'

/** A confirmation that was never answered is asked again after this many seconds. */
const unansweredSeconds = 60

/** What the marketplace is to be told now; null: nothing (yet). */
type Word =
  | { readonly says: 'paid'; readonly reference: string }
  | { readonly says: 'refused'; readonly reason: ReasonCode | null }

/** Refunds of a payment that never was, or of which all went back, are refused for good. */
const toldReasons: readonly (ReasonCode | null)[] = [
  'payment_failed',
  'payment_canceled',
  'payment_refunded',
]

function wordOf({ refund, standing, movement, capturedLess }: RefundView): Word | null {
  if (standing === 'stands') {
    const released = refund.releasedBy ?? (capturedLess ? (movement?.parties.paymentId ?? '') : '')
    return { says: 'paid', reference: movement?.providerId ?? released }
  }
  if (standing !== 'refused' || movement === null) return null
  const { status, reason } = movement
  if (status === 'canceled' && !toldReasons.includes(reason)) return null
  return { says: 'refused', reason }
}

/**
 * Tells the marketplace what became of a refund (PA02, SPA02): paid once the provider has it,
 * refused after a definite refusal. True: there is nothing left to tell.
 */
export async function tellRefund(work: Work, view: RefundView): Promise<boolean> {
  const { told, standing, movement } = view
  const paid = told.find(each => each.says === 'paid' && each.status !== 'failed')
  if (paid?.status === 'succeeded') return true
  const word = wordOf(view)
  // An operator gave it up: what the marketplace is to think of it is decided there.
  if (word === null) return standing === 'refused' && movement?.status === 'canceled'
  if (word.says === 'refused' && paid !== undefined) return false
  const sequence = sequenceOf(view, word)
  const before = told.find(each => each.sequence === sequence)
  if (before?.status === 'succeeded') return true
  const { queries } = work.database
  const now = work.clock.now()
  await planConfirmation(queries, work.environment.id, confirmation(view, word, sequence), now)
  return ask(work, view, sequence, now)
}

/** Counts the tellings: a refund may be refused first and, tried again by an operator, be paid. */
function sequenceOf({ movement }: RefundView, word: Word): number {
  const attempts = movement === null ? 0 : movement.source.sequence * 1000 + movement.attempt
  return word.says === 'paid' ? attempts * 2 + 1 : attempts * 2
}

function confirmation(view: RefundView, word: Word, sequence: number): NewConfirmation {
  const { refund, movement } = view
  const { failure } = movement ?? { failure: null }
  return {
    kind: 'refund',
    targetId: refund.id,
    sequence,
    status: 'pending',
    says: word.says,
    reason: word.says === 'refused' ? word.reason : null,
    sellerId: refund.sellerId,
    orderId: refund.orderId,
    purchaseId: refund.purchaseId,
    cycleId: null,
    amount: refund.amount,
    currency: refund.currency,
    reference: word.says === 'paid' ? word.reference : null,
    facts: failure === null ? {} : { code: failure.code, message: failure.message },
  }
}

async function ask(work: Work, view: RefundView, sequence: number, now: Date): Promise<boolean> {
  const { queries } = work.database
  const { refund } = view
  const ago = new Date(now.getTime() - unansweredSeconds * 1000)
  const claimed = await claimConfirmation(
    queries,
    work.environment.id,
    'refund',
    refund.id,
    sequence,
    now,
    { unanswered: ago, refused: ago },
  )
  if (claimed === null || claimed.says === null) return false
  const paid = claimed.says === 'paid'
  const answer = await work.marketplace
    .confirmRefund({ refund, paid, reference: claimed.reference, at: now })
    .catch(unanswered)
  const settled = answer.result === 'told' || !paid ? answer : await readRefund(work, view, answer)
  await record(work, claimed, settled)
  return settled.result === 'told'
}

function unanswered(error: unknown): Told {
  return { result: 'unknown', message: String(error) }
}

/**
 * Mirakl has no idempotency key: a repeated PA02 is refused with 400, and a lost answer says
 * nothing. So the order itself is read: a refund that it shows as paid was heard.
 */
async function readRefund(work: Work, { refund }: RefundView, answer: Told): Promise<Told> {
  const { marketplace } = work
  const query = { ids: [refund.orderId] }
  const isProduct = refund.domain === 'product'
  try {
    const pages = isProduct ? marketplace.orders(query) : marketplace.serviceOrders(query)
    for await (const page of pages) {
      for (const reading of page.readings) {
        if (!reading.ok || reading.value.id !== refund.orderId) continue
        const refunds = reading.value.lines.flatMap(line => line.refunds)
        if (refunds.some(each => each.id === refund.id && each.paid)) return { result: 'told' }
      }
    }
    return answer
  } catch (error) {
    return unanswered(error)
  }
}

async function record(work: Work, confirmation: Confirmation, answer: Told): Promise<void> {
  const status =
    answer.result === 'told' ? 'succeeded' : answer.result === 'refused' ? 'failed' : 'submitted'
  const message = answer.result === 'told' ? null : answer.message
  const reason = status === 'failed' ? 'confirmation_refused' : confirmation.reason
  const said = { status, reason, message } as const
  const { queries } = work.database
  await recordConfirmation(queries, work.environment.id, confirmation, said, work.clock.now())
  if (status === 'succeeded') work.tally.confirmed()
  else {
    if (status === 'failed') work.tally.failed()
    work.log('warn', 'a confirmation was not taken', { refund: confirmation.targetId, message })
  }
}
