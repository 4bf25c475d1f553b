import type { Plan } from '../domain/plan.ts'
import { isReleasable, planRefund, type RefundFacts } from '../domain/plan-refund.ts'
import { barredBy } from '../domain/settings.ts'
import {
  openRefunds,
  releaseRefund,
  setRefundsOpen,
  type StoredRefund,
} from '../store/marketplace-refunds.ts'
import type { Written } from '../store/movement-plans.ts'
import { type Balances, createBalances } from './balances.ts'
import { tellRefund } from './confirm-refunds.ts'
import { refundDomains } from './read-refunds.ts'
import { type RefundView, refundViews } from './refund-facts.ts'
import { createReversing, isSettledWithSeller } from './reverse-transfers.ts'
import { decideAll } from './write-plans.ts'
import { type Work, batchSize } from './work.ts'

/**
 * Refunds that the marketplace waits for: paid to the customer, told to the marketplace, and taken
 * back from the seller. Called again after sending, so that a refund, its confirmation and its
 * reversal all happen in one run.
 */
export async function planRefunds(work: Work): Promise<void> {
  if (refundDomains(work).length === 0) {
    work.log('warn', 'refunds are switched off (ENABLE_PRODUCT_PAYMENT_REFUND)')
    return
  }
  await eachBatch(work, async (refunds, balances) => {
    const views = await releaseAll(work, await refundViews(work, refunds))
    const plans = views.map(view => refundPlan(work, view))
    const written = await decideAll(work, [...plans, ...(await sellerPlans(work, views, balances))])
    if (work.mode === 'move') await settleAll(work, views, written)
  })
}

/** What sellers still have to give back, before they are paid out; no refund is decided here. */
export async function planHeldReversals(work: Work): Promise<void> {
  if (refundDomains(work).length === 0) return
  await eachBatch(work, async (refunds, balances) => {
    await decideAll(work, await sellerPlans(work, await refundViews(work, refunds), balances))
  })
}

async function eachBatch(
  work: Work,
  plan: (refunds: readonly StoredRefund[], balances: Balances) => Promise<void>,
): Promise<void> {
  const balances = createBalances(work)
  const domains = refundDomains(work)
  let after = ''
  let done = 0
  while (!work.stopping()) {
    const query = { after, limit: batchSize, sellerId: work.scope.sellerId }
    const refunds = await openRefunds(work.database.queries, work.environment.id, query)
    const last = refunds.at(-1)
    if (last === undefined) return
    after = last.id
    const gated = refunds.filter(refund => domains.includes(refund.domain))
    await plan(gated, balances)
    done += refunds.length
    work.progress('planning refunds', done)
  }
}

async function sellerPlans(
  work: Work,
  views: readonly RefundView[],
  balances: Balances,
): Promise<Plan[]> {
  const reversing = createReversing(work, balances)
  const plans: Plan[] = []
  for (const view of views) plans.push(...(await reversing(view)))
  return plans
}

function refundFacts(work: Work, view: RefundView): RefundFacts {
  const { refund, order, payment, captureAsked, capturedLess } = view
  const { environment, notes, clock } = work
  return {
    refund,
    payment,
    listed: isListed(view, notes.refundsSeenAt),
    captureAsked,
    capturedLess,
    held: view.movement?.status === 'on_hold',
    unreadable: view.unreadable,
    paused: environment.paused,
    barred: barredBy(environment, order?.createdAt ?? clock.now()),
  }
}

/**
 * Does the marketplace wait for it, by the reading of this run? One that ended early says nothing,
 * and nothing is sent then. What we told as paid is not listed any more, and is owed ever since.
 */
function isListed({ refund, told }: RefundView, seenAt: Date | undefined): boolean {
  const isPromised = told.some(each => each.says === 'paid' && each.status === 'succeeded')
  return isPromised || (seenAt !== undefined && refund.seenAt >= seenAt)
}

function refundPlan(work: Work, view: RefundView): Plan {
  const { provider } = work
  return planRefund(
    refundFacts(work, view),
    (amount, currency) => provider.representable(amount, currency, 'up', 'refund'),
    (amount, currency) => provider.representable(amount, currency, 'down', 'refund'),
  )
}

/**
 * Refunds of payments that are not captured yet: the capture leaves them out, and nothing is sent.
 * Written down before the capture is decided anew; when a capture at this very moment does not know
 * of it yet, it does not name the refund, and the refund is then made from the captured payment.
 */
async function releaseAll(work: Work, views: readonly RefundView[]): Promise<RefundView[]> {
  const released: RefundView[] = []
  for (const view of views) {
    const { refund, payment, movement } = view
    const isFree = movement === null || movement.status === 'on_hold'
    const may = payment !== null && isFree && isReleasable(refundFacts(work, view))
    if (!may) {
      released.push(view)
      continue
    }
    if (work.mode === 'move')
      await releaseRefund(work.database.queries, work.environment.id, refund.id, payment.id)
    const promised = { ...refund, releasedBy: payment.id }
    released.push({ ...view, refund: promised, standing: 'stands' })
  }
  return released
}

/** Tells the marketplace what became of each refund, and closes those with nothing left to do. */
async function settleAll(
  work: Work,
  views: readonly RefundView[],
  written: readonly Written[],
): Promise<void> {
  const open = new Set(
    written
      .filter(({ plan, status }) => plan.kind !== 'refund' && !isFinished(status))
      .map(({ plan }) => plan.source.id),
  )
  const settled: string[] = []
  for (const view of views) {
    const { id } = view.refund
    if (!(await tellRefund(work, view))) continue
    if (!open.has(id) && isSettledWithSeller(work, view)) settled.push(id)
  }
  await setRefundsOpen(work.database.queries, work.environment.id, settled, false)
}

function isFinished(status: Written['status']): boolean {
  return status === 'succeeded' || status === 'canceled' || status === null
}
