import type { Movement } from '../domain/movement.ts'
import type { Payment } from '../domain/payment.ts'
import {
  endingAuthorizations,
  oldHolds,
  openFailures,
  sellersOfPurchases,
  undelivered,
} from '../store/digest.ts'
import { disputesAwaitingEvidence, type StoredDispute } from '../store/disputes.ts'
import type { StoredNotification } from '../store/notifications.ts'
import { sellersWithAccounts } from '../store/sellers.ts'
import { quickTries } from './notification-schedule.ts'
import type { Work } from './work.ts'

/** Days after which a hold is long: one settlement has usually gone by. */
export const longHoldDays = 7
const day = 24 * 3600 * 1000
/** Rows read for each section; a mail about more would not be read either. */
const rowsMax = 5000

/** One thing that a person should look at. */
export interface DigestLine {
  readonly id: string
  readonly subject: 'movement' | 'authorization' | 'dispute' | 'notification'
  /** Kind of the movement or type of the notification; '' for the others. */
  readonly kind: string
  /** It was in no digest before. */
  readonly isNew: boolean
  /** Minor units; null: not known, or there is none. */
  readonly amount: bigint | null
  readonly currency: string | null
  /** Names of the sellers, or their ids. */
  readonly sellers: readonly string[]
  /** The order, cycle or purchase that it is about; '' when there is none. */
  readonly about: string
  /** A code of the table of reasons; null: none. */
  readonly reason: string | null
  /** The other side's own words. */
  readonly detail: string | null
  readonly at: Date
  /** Is `at` until when, or since when? */
  readonly isDeadline: boolean
  /** Where to look at it; '' without a public address. */
  readonly link: string
}

/** Long holds for one reason. */
export interface HoldGroup {
  readonly reason: string
  /** The oldest first. */
  readonly lines: readonly DigestLine[]
}

export interface DigestFacts {
  readonly at: Date
  readonly mode: 'test' | 'live'
  readonly publicUrl: string
  readonly failures: readonly DigestLine[]
  /** The group with the oldest hold first. */
  readonly holds: readonly HoldGroup[]
  readonly expiring: readonly DigestLine[]
  /** Those that wait for evidence, the nearest deadline first. */
  readonly disputes: readonly DigestLine[]
  readonly undelivered: readonly DigestLine[]
}

export function isSilent(facts: DigestFacts): boolean {
  const { failures, holds, expiring, disputes } = facts
  return [failures, holds, expiring, disputes, facts.undelivered].every(each => each.length === 0)
}

type Reading = Pick<Work, 'database' | 'environment' | 'clock'>

/** @param last when the digest before was sent; null: there was none, everything is new. */
export async function readDigest(work: Reading, last: Date | null): Promise<DigestFacts> {
  const { queries } = work.database
  const { id, settings, mode } = work.environment
  const now = work.clock.now()
  const longAgo = new Date(now.getTime() - longHoldDays * day)
  const until = new Date(now.getTime() + settings.expiryWarnSeconds * 1000)
  const [failed, held, payments, disputes, untold] = await Promise.all([
    openFailures(queries, id, rowsMax),
    oldHolds(queries, id, longAgo, rowsMax),
    endingAuthorizations(queries, id, { now, until }, rowsMax),
    disputesAwaitingEvidence(queries, id, rowsMax),
    undelivered(queries, id, quickTries, rowsMax),
  ])
  const purchases = [...payments, ...disputes].flatMap(each => each.purchaseId ?? [])
  const sellersOf = await sellersOfPurchases(queries, id, purchases)
  const ids = [
    ...[...failed, ...held].flatMap(({ movement }) => movement.parties.sellerId ?? []),
    ...[...sellersOf.values()].flat(),
    ...untold.flatMap(({ sellerId }) => sellerId ?? []),
  ]
  const known = await sellersWithAccounts(queries, id, ids)
  const sellerName = (seller: string) => known.get(seller)?.seller.name ?? seller
  const view: View = {
    name: sellerName,
    isNew: since => last === null || since > last,
    sellersOf: purchase => (sellersOf.get(purchase ?? '') ?? []).map(sellerName),
    link: path => (settings.publicUrl === '' ? '' : `${settings.publicUrl}/${path}`),
  }
  const becameLong = (since: Date) => new Date(since.getTime() + longHoldDays * day)
  return {
    at: now,
    mode,
    publicUrl: settings.publicUrl,
    failures: newFirst(failed.map(({ movement, since }) => movementLine(view, movement, since))),
    holds: groupsOf(
      held.map(({ movement, since }) => ({
        ...movementLine(view, movement, since),
        isNew: view.isNew(becameLong(since)),
      })),
    ),
    expiring: payments.map(payment => authorizationLine(view, payment)),
    disputes: newFirst(disputes.map(dispute => disputeLine(view, dispute))),
    undelivered: newFirst(untold.map(each => notificationLine(view, each))),
  }
}

interface View {
  readonly name: (sellerId: string) => string
  readonly isNew: (since: Date) => boolean
  readonly sellersOf: (purchaseId: string | null) => readonly string[]
  readonly link: (path: string) => string
}

function authorizationLine(view: View, payment: Payment): DigestLine {
  return {
    id: payment.id,
    subject: 'authorization',
    kind: '',
    isNew: false,
    amount: payment.authorized,
    currency: payment.currency,
    sellers: view.sellersOf(payment.purchaseId),
    about: payment.purchaseId ?? '',
    reason: null,
    detail: null,
    at: payment.captureBefore ?? payment.createdAt,
    isDeadline: true,
    link: view.link(`payments/${encodeURIComponent(payment.id)}`),
  }
}

function disputeLine(view: View, dispute: StoredDispute): DigestLine {
  return {
    id: dispute.id,
    subject: 'dispute',
    kind: '',
    isNew: view.isNew(dispute.createdAt),
    amount: dispute.amount,
    currency: dispute.currency,
    sellers: view.sellersOf(dispute.purchaseId),
    about: dispute.purchaseId ?? dispute.paymentId,
    reason: null,
    detail: dispute.reason,
    at: dispute.evidenceDue ?? dispute.createdAt,
    isDeadline: dispute.evidenceDue !== null,
    link: view.link(`disputes/${encodeURIComponent(dispute.id)}`),
  }
}

function movementLine(view: View, movement: Movement, since: Date): DigestLine {
  const { parties } = movement
  return {
    id: movement.id,
    subject: 'movement',
    kind: movement.kind,
    isNew: view.isNew(since),
    amount: movement.amount,
    currency: movement.currency,
    sellers: [parties.sellerId ?? []].flat().map(view.name),
    about: parties.orderId ?? parties.cycleId ?? parties.purchaseId ?? '',
    reason: movement.reason,
    detail: movement.failure?.message ?? null,
    at: since,
    isDeadline: false,
    link: view.link(`movements/${encodeURIComponent(movement.id)}`),
  }
}

function notificationLine(view: View, notification: StoredNotification): DigestLine {
  const { payload } = JSON.parse(notification.body) as {
    payload: { amount?: number; currency?: string; miraklId?: string | number }
  }
  return {
    id: notification.id,
    subject: 'notification',
    kind: notification.type,
    isNew: view.isNew(notification.createdAt),
    amount: payload.amount === undefined ? null : BigInt(payload.amount),
    currency: payload.currency ?? null,
    sellers: [notification.sellerId ?? []].flat().map(view.name),
    about: payload.miraklId === undefined ? '' : String(payload.miraklId),
    reason: null,
    detail: notification.problem,
    at: notification.createdAt,
    isDeadline: false,
    link: view.link(`notifications/${encodeURIComponent(notification.id)}`),
  }
}

/** Keeps the order within both parts. */
function newFirst(lines: readonly DigestLine[]): DigestLine[] {
  return [...lines.filter(line => line.isNew), ...lines.filter(line => !line.isNew)]
}

function groupsOf(lines: readonly DigestLine[]): HoldGroup[] {
  const groups = Map.groupBy(lines, line => line.reason ?? '')
  return [...groups].map(([reason, own]) => ({ reason, lines: own }))
}
