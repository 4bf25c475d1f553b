import { type Order, isAborted } from '../domain/order.ts'
import type { Payment } from '../domain/payment.ts'
import type { Plan } from '../domain/plan.ts'
import {
  type CaptureFacts,
  isSettled,
  nearsExpiry,
  ownGoods,
  planCapture,
  planReturnOfRefused,
} from '../domain/plan-capture.ts'
import type { Movement } from '../domain/movement.ts'
import { barredBy, domainsRead } from '../domain/settings.ts'
import { confirmationsOf } from '../store/confirmations.ts'
import { bookOwnGoods } from '../store/ledger-own-goods.ts'
import { releasedRefunds, type StoredRefund } from '../store/marketplace-refunds.ts'
import type { Written } from '../store/movement-plans.ts'
import { movementsOfSources, purchasesMoved } from '../store/movements.ts'
import { ordersOfPurchases } from '../store/orders.ts'
import { closeForCapture, paymentsOpenForCapture } from '../store/payments.ts'
import { refundedByHand } from '../store/refunded-amounts.ts'
import { setAsideOf } from '../store/set-aside.ts'
import { paymentsFor } from './find-payments.ts'
import { refreshPurchases } from './refresh-purchases.ts'
import { decideAll } from './write-plans.ts'
import { type Deciding, type Work, batchSize } from './work.ts'

/** By when the marketplace shows the orders of a payment. */
const ordersLateBy = 24 * 3600 * 1000

/**
 * Plans the capture (or void) of every payment that is not captured yet, and for charges captured
 * up front the refund of what was refused. Payments whose orders look ready are decided on orders
 * read that very moment: a capture cannot be taken back.
 */
export async function planCaptures(work: Work): Promise<void> {
  let after = ''
  let done = 0
  while (!work.stopping()) {
    const { queries } = work.database
    const payments = await paymentsOpenForCapture(queries, work.environment.id, after, batchSize)
    const last = payments.at(-1)
    if (last === undefined) return
    after = last.id
    await planBatch(work, payments)
    done += payments.length
    work.progress('planning captures', done)
  }
}

async function planBatch(work: Work, payments: readonly Payment[]): Promise<void> {
  const known = await captureFacts(work, payments)
  if (work.mode === 'move') await bookWithoutOrders(work, payments, known)
  const first = capturePlans(work, known)
  if (first.length === 0) return
  const ready = first.filter(looksReady)
  await refreshPurchases(work, purchasesOf(ready))
  const facts = await captureFacts(work, payments)
  const again = capturePlans(work, facts)
  // Read anew only for what looked ready: what has become ready since then waits for its own reading.
  const fresh = new Set(ready.map(plan => plan.source.id))
  const plans = again.filter(plan => plan.decision.to !== 'move' || fresh.has(plan.source.id))
  const consistent = await withoutBoth(work, plans)
  const written = await decideAll(work, consistent)
  if (work.mode !== 'move') return
  await closeSettled(work, facts, written)
}

/** A price that says nothing may say more today; nobody else would read such an order again. */
function looksReady({ decision }: Plan): boolean {
  if (decision.to === 'hold') return decision.reason === 'order_worth_unknown'
  return decision.to === 'move'
}

/** Payments that are over: nothing of theirs is open, and no order of the purchase either. */
async function closeSettled(
  work: Work,
  facts: readonly CaptureFacts[],
  written: readonly Written[],
): Promise<void> {
  const done = (status: Written['status']) =>
    status === 'canceled' || status === 'succeeded' || status === null
  const open = new Set(
    written.filter(({ status }) => !done(status)).map(({ plan }) => plan.source.id),
  )
  const settled = facts.filter(({ payment, orders }) => {
    const over = payment.status === 'captured' || payment.status === 'refunded'
    const gone = payment.status === 'canceled'
    return (gone || (over && isSettled(orders))) && !open.has(payment.id)
  })
  const closed = settled.map(each => ({ paymentId: each.payment.id, amount: ownGoods(each) }))
  await work.database.inTransaction(queries =>
    closeForCapture(queries, work.environment.id, closed, work.clock.now()),
  )
}

/**
 * A payment that was captured a day ago and for which the marketplace has no order is the operator's
 * own sale. It stays open: should an order come to light, the purchase is decided and booked anew.
 */
async function bookWithoutOrders(
  work: Work,
  payments: readonly Payment[],
  facts: readonly CaptureFacts[],
): Promise<void> {
  const { queries } = work.database
  const { environment } = work
  const before = work.clock.now().getTime() - ordersLateBy
  const withOrders = new Set(facts.map(each => each.payment.id))
  const old = payments.filter(payment => {
    const isOld = payment.createdAt.getTime() <= before
    const isOurs = barredBy(environment, payment.createdAt) === null
    const isCaptured = payment.status === 'captured' || payment.status === 'refunded'
    return isOld && isOurs && isCaptured && !withOrders.has(payment.id)
  })
  if (old.length === 0) return
  const purchases = old.flatMap(payment => payment.purchaseId ?? [])
  // Services that are not read, or what was moved before Tributary.
  const moved = await purchasesMoved(queries, environment.id, purchases)
  // Commission has paid those: what was sold stays sold.
  const byHand = await refundedByHand(queries, environment.id, purchases)
  const sold = old
    .filter(payment => !moved.has(payment.purchaseId ?? ''))
    .map(({ id, captured, refunded }) => ({
      paymentId: id,
      amount: captured - refunded + (byHand.get(id) ?? 0n),
    }))
  await work.database.inTransaction(queries =>
    bookOwnGoods(queries, environment.id, sold, work.clock.now()),
  )
}

function purchasesOf(plans: readonly Plan[]): string[] {
  return [...new Set(plans.flatMap(plan => plan.parties.purchaseId ?? []))]
}

/**
 * A payment is captured or voided, never both. A hold is written as a capture; when it turns out
 * that nothing is left, that row is given up, and once either was asked the other is not planned.
 */
async function withoutBoth(work: Work, plans: readonly Plan[]): Promise<Plan[]> {
  const ids = plans.map(plan => plan.source.id)
  const kinds = ['capture', 'void']
  const stored = await movementsOfSources(work.database.queries, work.environment.id, kinds, ids)
  return plans.flatMap(plan => {
    if (plan.kind === 'refund') return [plan]
    const other = stored.find(each => each.source.id === plan.source.id && each.kind !== plan.kind)
    if (other === undefined || other.status === 'canceled') return [plan]
    if (other.status === 'on_hold' || other.status === 'pending') {
      const gone = { to: 'cancel', reason: 'amount_not_positive', amount: other.amount } as const
      return [{ ...plan, kind: other.kind, decision: gone }, plan]
    }
    return []
  })
}

/** The capture or void of each payment, or for one captured up front the refund of what was refused. */
export function capturePlans(
  work: Pick<Deciding, 'provider'>,
  facts: readonly CaptureFacts[],
): Plan[] {
  const down = (amount: bigint, currency: string) =>
    work.provider.representable(amount, currency, 'down', 'capture')
  const up = (amount: bigint, currency: string) =>
    work.provider.representable(amount, currency, 'up', 'refund')
  return facts.map(each => {
    const upFront = each.payment.status === 'captured' || each.payment.status === 'refunded'
    return upFront ? planReturnOfRefused(each, up) : planCapture(each, down)
  })
}

/** Everything that the plans of these payments look at, as it is stored. */
export async function captureFacts(
  work: Deciding,
  payments: readonly Payment[],
): Promise<CaptureFacts[]> {
  const { queries } = work.database
  const { environment } = work
  const ids = payments.flatMap(payment => payment.purchaseId ?? [])
  const domains = domainsRead(environment.settings)
  const orders = await ordersOfPurchases(queries, environment.id, ids, domains)
  const unreadable = await setAsideOf(queries, environment.id, 'order', { purchaseIds: ids })
  const services = orders.filter(order => order.domain === 'service').map(order => order.id)
  const brokenDebits = await setAsideOf(queries, environment.id, 'debit', { ids: services })
  const released = await releasedRefunds(queries, environment.id, ids)
  const captures = released.length === 0 ? [] : await capturesOf(work, payments)
  const now = work.clock.now()
  const told = await confirmationsOf(queries, environment.id, 'debit', { purchaseIds: ids })
  const beingTold = told
    .filter(({ says, status }) => says === 'paid' && ['pending', 'submitted'].includes(status))
    .flatMap(({ orderId }) => orderId ?? [])
  const used = await paymentsFor(
    work,
    ids.map(purchaseId => ({ purchaseId, reference: null })),
  )
  return payments.flatMap(payment => {
    const own = orders.filter(order => order.purchaseId === payment.purchaseId)
    warnOfExpiry(work, payment, own, now)
    const broken =
      unreadable.get(payment.purchaseId ?? '')?.id ??
      own.find(order => brokenDebits.has(order.id))?.id ??
      null
    // Nothing of this purchase is at the marketplace (yet): nobody has decided anything.
    if (own.length === 0 && broken === null) return []
    // The customer may try again with the same intent: nothing is given up for good.
    const believed = own.some(order => order.debitedAt !== null && !isAborted(order))
    if ((payment.status === 'failed' || payment.status === 'pending') && !believed) return []
    const oldest = own
      .map(order => order.createdAt)
      .toSorted((a, b) => a.getTime() - b.getTime())[0]
    return [
      {
        payment,
        orders: own,
        withServices: domains.includes('service'),
        ...askedBack(payment, released, captures),
        beingTold,
        now,
        nearExpiry: environment.settings.nearExpiry,
        warnSeconds: environment.settings.expiryWarnSeconds,
        paused: environment.paused,
        unreadable: broken,
        rival: rivalOf(payment, used.get(payment.purchaseId ?? '')),
        barred: barredBy(environment, oldest ?? payment.createdAt),
      },
    ]
  })
}

async function capturesOf(work: Deciding, payments: readonly Payment[]): Promise<Movement[]> {
  const ids = payments.map(payment => payment.id)
  return movementsOfSources(work.database.queries, work.environment.id, ['capture'], ids)
}

/** Refunds that a payment is captured less by; one captured already names those that it left out. */
function askedBack(
  payment: Payment,
  released: readonly StoredRefund[],
  captures: readonly Movement[],
): Pick<CaptureFacts, 'askedBack' | 'askedBackFor'> {
  const own = released.filter(refund => refund.releasedBy === payment.id)
  const leftOut = captures.find(each => each.source.id === payment.id)?.facts['askedBack']
  const counted =
    payment.status === 'authorized'
      ? own
      : own.filter(({ id }) => Array.isArray(leftOut) && leftOut.includes(id))
  return {
    askedBack: counted.reduce((sum, refund) => sum + refund.amount, 0n),
    askedBackFor: counted.map(refund => refund.id),
  }
}

/** Of several payments of one purchase one is used; what the others hold is not taken. */
function rivalOf(payment: Payment, used: Payment | undefined): string | null {
  if (used === undefined || used.id === payment.id) return null
  return used.status === 'captured' || used.status === 'authorized' ? used.id : null
}

function warnOfExpiry(work: Deciding, payment: Payment, orders: readonly Order[], now: Date): void {
  if (!nearsExpiry(payment, now, work.environment.settings.expiryWarnSeconds)) return
  work.log('warn', 'an authorisation is about to expire', {
    payment: payment.id,
    purchase: payment.purchaseId,
    captureBefore: payment.captureBefore?.toISOString() ?? null,
    orders: orders.map(order => order.id),
  })
}
