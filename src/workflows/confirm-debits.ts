import type { Debit } from '../domain/debit.ts'
import type { Payment } from '../domain/payment.ts'
import { type DebitPlan, planDebit } from '../domain/plan-debit.ts'
import { barredBy } from '../domain/settings.ts'
import {
  type Confirmation,
  claimConfirmation,
  confirmationsOf,
  openConfirmations,
  planConfirmation,
  recordConfirmation,
} from '../store/confirmations.ts'
import { debitsSeenAt } from '../store/debits.ts'
import { movementsOfSources } from '../store/movements.ts'
import { refundedByOrder } from '../store/refunded-amounts.ts'
import { orderById, ordersOfPurchases } from '../store/orders.ts'
import { certainOf, paymentsFor } from './find-payments.ts'
import type { Told } from './ports.ts'
import { refreshPurchases } from './read-orders.ts'
import { type Work, batchSize } from './work.ts'

/** A confirmation that was never answered is asked again after this many seconds. */
const unansweredSeconds = 60

/** Tells the marketplace about every debit that the last reading listed (PA01). */
export async function confirmDebits(work: Work, seenAt: Date): Promise<void> {
  const { queries } = work.database
  await settleUnanswered(work)
  let after = ''
  let done = 0
  while (!work.stopping()) {
    const debits = await debitsSeenAt(queries, work.environment.id, seenAt, after, batchSize)
    const last = debits.at(-1)
    if (last === undefined) return
    after = last.id
    const touched = await confirmBatch(work, debits)
    done += debits.length
    work.progress('confirming debits', done)
    // What Mirakl made of it (SHIPPING, debited or canceled) is read back, not assumed.
    if (touched.length > 0) await readBack(work, touched)
  }
}

async function confirmBatch(work: Work, debits: readonly Debit[]): Promise<string[]> {
  const { queries } = work.database
  const environmentId = work.environment.id
  const hints = debits.map(debit => ({
    purchaseId: debit.purchaseId,
    reference: debit.imprintNumber,
  }))
  const payments = await certainOf(work, await paymentsFor(work, hints))
  const purchaseIds = [...new Set(debits.map(debit => debit.purchaseId))]
  const told = await confirmationsOf(queries, environmentId, 'debit', { purchaseIds })
  const sums = new Map<string, bigint>()
  const refunded = await refundedByOrder(queries, environmentId, purchaseIds)
  // What was given back of a confirmed order is off the payment already: it counts once.
  const standing = ({ amount, orderId }: Confirmation) =>
    amount - (refunded.get(orderId ?? '') ?? 0n)
  for (const each of told) {
    if (each.says === 'paid' && each.status === 'succeeded')
      count(sums, each.purchaseId, standing(each))
  }
  const leftOut = await capturedWithout(work, [...payments.values()])
  const created = await creationDates(work, purchaseIds)
  const touched: string[] = []
  for (const debit of debits) {
    if (work.stopping()) break
    const payment = payments.get(debit.purchaseId) ?? null
    const own = told.find(each => each.targetId === debit.id && each.status === 'succeeded')
    const plan = planDebit({
      debit,
      payment,
      confirmedSoFar: (sums.get(debit.purchaseId) ?? 0n) - (own === undefined ? 0n : standing(own)),
      leftOut: payment !== null && leftOut.get(payment.id)?.includes(debit.orderId) === false,
      barred: barredBy(work.environment, created.get(debit.orderId) ?? work.clock.now()),
      paused: work.environment.paused,
    })
    const confirmed = await tell(work, debit, plan)
    if (confirmed === 'paid') count(sums, debit.purchaseId, debit.amount)
    if (confirmed !== null) touched.push(debit.purchaseId)
  }
  return [...new Set(touched)]
}

/**
 * Told without an answer, and the marketplace does not list it any more: it was heard. The order,
 * read by its update since then, says so.
 */
async function settleUnanswered(work: Work): Promise<void> {
  const { queries } = work.database
  let after = ''
  for (;;) {
    const open = await openConfirmations(queries, work.environment.id, 'debit', after, batchSize)
    const last = open.at(-1)
    if (last === undefined) return
    after = last.targetId
    for (const confirmation of open.filter(each => each.status === 'submitted')) {
      const order = await orderById(queries, work.environment.id, confirmation.orderId ?? '')
      const heard =
        confirmation.says === 'paid'
          ? order !== null && order.debitedAt !== null
          : order?.state === 'CANCELED'
      if (heard) await record(work, confirmation, { result: 'told' })
    }
  }
}

function count(sums: Map<string, bigint>, purchaseId: string | null, amount: bigint): void {
  if (purchaseId !== null) sums.set(purchaseId, (sums.get(purchaseId) ?? 0n) + amount)
}

/** Orders that each payment was captured for; an order that came too late is left out. */
async function capturedWithout(work: Work, payments: readonly Payment[]) {
  const ids = payments.map(payment => payment.id)
  const captures = await movementsOfSources(
    work.database.queries,
    work.environment.id,
    ['capture'],
    ids,
  )
  const asked = captures.filter(each =>
    ['submitted', 'accepted', 'succeeded'].includes(each.status),
  )
  return new Map(
    asked.map(each => {
      const orders = each.facts['orders']
      return [each.source.id, Array.isArray(orders) ? orders.map(String) : []] as const
    }),
  )
}

async function creationDates(
  work: Work,
  purchaseIds: readonly string[],
): Promise<Map<string, Date>> {
  const orders = await ordersOfPurchases(work.database.queries, work.environment.id, purchaseIds)
  return new Map(orders.map(order => [order.id, order.createdAt]))
}

/** Row before call, one debit per call; what the marketplace answered is recorded behind it. */
async function tell(work: Work, debit: Debit, plan: DebitPlan): Promise<'paid' | 'refused' | null> {
  const { decision } = plan
  if (decision.to === 'hold') work.tally.held(decision.reason)
  if (work.mode !== 'move') return null
  const now = work.clock.now()
  const fresh = await planConfirmation(
    work.database.queries,
    work.environment.id,
    {
      kind: 'debit',
      targetId: debit.id,
      sequence: 1,
      status: decision.to === 'hold' ? 'on_hold' : 'pending',
      says: decision.to === 'confirm' ? 'paid' : decision.to === 'refuse' ? 'refused' : null,
      reason: decision.to === 'confirm' ? null : decision.reason,
      sellerId: debit.sellerId,
      orderId: debit.orderId,
      purchaseId: debit.purchaseId,
      cycleId: null,
      amount: debit.amount,
      currency: debit.currency,
      reference: decision.to === 'confirm' ? decision.reference : null,
      facts: plan.facts,
    },
    now,
  )
  if (decision.to === 'hold') return null
  // Not fresh: told before. Without an answer it is asked again; with one, nothing is told twice.
  if (!fresh) work.log('debug', 'a debit was told before', { order: debit.orderId })
  return ask(work, debit, now)
}

async function ask(work: Work, debit: Debit, now: Date): Promise<'paid' | 'refused' | null> {
  const { queries } = work.database
  const environmentId = work.environment.id
  const ago = new Date(now.getTime() - unansweredSeconds * 1000)
  const before = { unanswered: ago, refused: ago }
  const claimed = await claimConfirmation(queries, environmentId, 'debit', debit.id, 1, now, before)
  if (claimed === null || claimed.says === null) return null
  const paid = claimed.says === 'paid'
  const answer = await work.marketplace
    .confirmDebit({ debit, paid, reference: claimed.reference, at: now })
    .catch(unanswered)
  const settled = answer.result === 'told' ? answer : await readDebit(work, debit, paid, answer)
  await record(work, claimed, settled)
  return settled.result === 'told' ? claimed.says : null
}

function unanswered(error: unknown): Told {
  return { result: 'unknown', message: String(error) }
}

/**
 * Mirakl has no idempotency key: a repeated PA01 is refused with 400, and a lost answer says
 * nothing. So the order itself is read: debited means that we were heard.
 */
async function readDebit(work: Work, debit: Debit, paid: boolean, answer: Told): Promise<Told> {
  try {
    for await (const page of work.marketplace.orders({ ids: [debit.orderId] })) {
      for (const reading of page.readings) {
        if (!reading.ok || reading.value.id !== debit.orderId) continue
        const order = reading.value
        if (paid && order.debitedAt !== null) return { result: 'told' }
        if (!paid && order.state === 'CANCELED') return { result: 'told' }
      }
    }
    return answer
  } catch (error) {
    return { result: 'unknown', message: String(error) }
  }
}

async function record(work: Work, confirmation: Confirmation, answer: Told): Promise<void> {
  const status =
    answer.result === 'told' ? 'succeeded' : answer.result === 'refused' ? 'failed' : 'submitted'
  const message = answer.result === 'told' ? null : answer.message
  const reason = status === 'failed' ? 'confirmation_refused' : confirmation.reason
  await recordConfirmation(
    work.database.queries,
    work.environment.id,
    confirmation,
    { status, reason, message },
    work.clock.now(),
  )
  if (status === 'succeeded') work.tally.confirmed()
  else {
    if (status === 'failed') work.tally.failed()
    work.log('warn', 'a confirmation was not taken', { order: confirmation.orderId, message })
  }
}

async function readBack(work: Work, purchaseIds: readonly string[]): Promise<void> {
  try {
    await refreshPurchases(work, purchaseIds)
  } catch (error) {
    // The next reading by update date brings them; captures wait until then.
    work.log('warn', 'orders could not be read back', { problem: String(error) })
  }
}
