import type { Debit } from '../domain/debit.ts'
import type { Payment } from '../domain/payment.ts'
import { type DebitPlan, planDebit } from '../domain/plan-debit.ts'
import { barredBy, domainsRead } from '../domain/settings.ts'
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
import { ordersOfPurchases } from '../store/orders.ts'
import { certainOf, paymentsFor } from './find-payments.ts'
import { refreshPurchases } from './refresh-purchases.ts'
import { heardOf, tellDebit } from './tell-debit.ts'
import type { Told } from './ports.ts'
import { type Work, batchSize } from './work.ts'

/** A confirmation that was never answered is asked again after this many seconds. */
const unansweredSeconds = 60

/** Tells the marketplace about every debit that the last reading listed (PA01, SPA01). */
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
      leftOut: payment !== null && leftOut.get(payment.id)?.(debit) === true,
      barred: barredBy(work.environment, created.get(debit.orderId) ?? work.clock.now()),
      paused: work.environment.paused,
    })
    const confirmed = await tell(work, debit, plan)
    if (confirmed === 'paid') count(sums, debit.purchaseId, debit.amount)
    if (confirmed !== null) touched.push(debit.purchaseId)
  }
  return [...new Set(touched)]
}

/** Told without an answer, and the marketplace does not list it any more: it was heard. */
async function settleUnanswered(work: Work): Promise<void> {
  const { queries } = work.database
  let after = ''
  for (;;) {
    const open = await openConfirmations(queries, work.environment.id, 'debit', after, batchSize)
    const last = open.at(-1)
    if (last === undefined) return
    after = last.targetId
    const submitted = open.filter(each => each.status === 'submitted')
    for (const [confirmation, answer] of await heardOf(work, submitted)) {
      await record(work, confirmation, answer)
    }
  }
}

function count(sums: Map<string, bigint>, purchaseId: string | null, amount: bigint): void {
  if (purchaseId !== null) sums.set(purchaseId, (sums.get(purchaseId) ?? 0n) + amount)
}

/** Was a debit left out when its payment was captured? An order that came too late is. */
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
    asked.map(({ source, facts }) => {
      const { orders, withServices } = facts
      const named = Array.isArray(orders) ? orders.map(String) : []
      // A capture that did not know of services took their money as goods that no order names.
      const isLeftOut = ({ domain, orderId }: Debit) =>
        !named.includes(orderId) && (domain === 'product' || withServices === true)
      return [source.id, isLeftOut] as const
    }),
  )
}

async function creationDates(
  work: Work,
  purchaseIds: readonly string[],
): Promise<Map<string, Date>> {
  const { id, settings } = work.environment
  const domains = domainsRead(settings)
  const orders = await ordersOfPurchases(work.database.queries, id, purchaseIds, domains)
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
  const answer = await tellDebit(work, { debit, paid, reference: claimed.reference, at: now })
  await record(work, claimed, answer)
  return answer.result === 'told' ? claimed.says : null
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
