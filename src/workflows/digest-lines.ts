import type { Payment } from '../domain/payment.ts'
import type { Confirmation } from '../store/confirmations.ts'
import type { OpenMovement, brokenJobs, refusedCreations } from '../store/digest.ts'
import type { KycDeadline } from '../store/digest-deadlines.ts'
import type { StoredDispute } from '../store/disputes.ts'
import type { OldMoney } from '../store/old-money.ts'
import type { StoredNotification } from '../store/notifications.ts'
import type { listSetAside } from '../store/set-aside.ts'
import { balanceName } from './read-old-money.ts'
import { type DigestPlace, type DigestTarget, linkTo } from './digest-links.ts'

/** One thing that a person should look at. */
export interface DigestLine {
  readonly id: string
  readonly subject:
    | 'movement'
    | 'confirmation'
    | 'authorization'
    | 'dispute'
    | 'seller'
    | 'balance'
    | 'unreadable'
    | 'notification'
    | 'job'
    | 'creation'
  /** Kind of the movement or of what is unreadable, type of the notification; '' for the others. */
  readonly kind: string
  /** It was in no digest before. */
  readonly isNew: boolean
  /** Minor units; null: not known, or there is none. */
  readonly amount: bigint | null
  readonly currency: string | null
  /** Names of the sellers, or their ids. */
  readonly sellers: readonly string[]
  /** The order, cycle, purchase or account that it is about; '' when there is none. */
  readonly about: string
  /** A code of the table of reasons; null: none. */
  readonly reason: string | null
  /** The other side's own words. */
  readonly detail: string | null
  /** Null: nobody knows since when. */
  readonly at: Date | null
  /** Is `at` until when, or since when? */
  readonly isDeadline: boolean
  /** Where to look at it; '' without a public address. */
  readonly link: string
}

/** What lines are made with. */
export interface View {
  readonly nameOf: (sellerId: string) => string
  /** Did it begin after the last digest? */
  readonly isNew: (since: Date) => boolean
  /** Did the last digest leave it out? For what does not know since when it is so. */
  readonly isUnnamed: (line: string) => boolean
  readonly sellersOf: (purchaseId: string | null) => readonly string[]
  readonly place: DigestPlace
}

const none = { kind: '', amount: null, currency: null, sellers: [], reason: null, detail: null }

export function movement(view: View, { movement: own, since }: OpenMovement): DigestLine {
  const { parties } = own
  return {
    id: own.id,
    subject: 'movement',
    kind: own.kind,
    isNew: view.isNew(since),
    amount: own.amount,
    currency: own.currency,
    sellers: [parties.sellerId ?? []].flat().map(view.nameOf),
    about: parties.orderId ?? parties.cycleId ?? parties.purchaseId ?? '',
    reason: own.reason,
    detail: own.failure?.message ?? null,
    at: since,
    isDeadline: false,
    link: linkTo(view.place, { explain: 'movement', id: own.id }),
  }
}

/** @param long milliseconds after which a hold is named; then it is new */
export function hold(view: View, held: OpenMovement, long: number): DigestLine {
  const becameLong = new Date(held.since.getTime() + long)
  return { ...movement(view, held), isNew: view.isNew(becameLong) }
}

export function confirmation(
  view: View,
  { confirmation: own, since }: { confirmation: Confirmation; since: Date },
): DigestLine {
  const id = `${own.kind}:${own.targetId}:${own.sequence}`
  return {
    id,
    subject: 'confirmation',
    kind: 'confirmation',
    isNew: view.isUnnamed(id),
    amount: own.amount,
    currency: own.currency,
    sellers: [own.sellerId ?? []].flat().map(view.nameOf),
    about: own.orderId ?? own.cycleId ?? own.purchaseId ?? own.targetId,
    reason: own.reason,
    detail: own.message,
    at: since,
    isDeadline: false,
    link: linkTo(view.place, toldAbout(own)),
  }
}

function toldAbout({ orderId, cycleId }: Confirmation): DigestTarget {
  if (orderId !== null) return { explain: 'order', id: orderId }
  return cycleId === null ? { section: 'jobs' } : { explain: 'invoice', id: cycleId }
}

export function authorization(view: View, payment: Payment): DigestLine {
  return {
    ...none,
    id: payment.id,
    subject: 'authorization',
    isNew: false,
    amount: payment.authorized,
    currency: payment.currency,
    sellers: view.sellersOf(payment.purchaseId),
    about: payment.purchaseId ?? '',
    at: payment.captureBefore ?? payment.createdAt,
    isDeadline: true,
    link: linkTo(view.place, { section: 'expiring' }),
  }
}

export function dispute(view: View, own: StoredDispute): DigestLine {
  return {
    ...none,
    id: own.id,
    subject: 'dispute',
    isNew: view.isNew(own.createdAt),
    amount: own.amount,
    currency: own.currency,
    sellers: view.sellersOf(own.purchaseId),
    about: own.purchaseId ?? own.paymentId,
    detail: own.reason,
    at: own.evidenceDue ?? own.createdAt,
    isDeadline: own.evidenceDue !== null,
    link: linkTo(view.place, { section: 'disputes' }),
  }
}

/** What is due is named in the provider's words, as sellers see it there. */
export function deadline(view: View, own: KycDeadline): DigestLine {
  const [first] = own.sellerIds
  return {
    ...none,
    id: own.accountId,
    subject: 'seller',
    isNew: view.isUnnamed(own.accountId),
    sellers: own.sellerIds.map(view.nameOf),
    about: own.accountId,
    detail: own.currentlyDue.join(', '),
    at: own.deadline,
    isDeadline: true,
    link: first === undefined ? '' : linkTo(view.place, { explain: 'seller', id: first }),
  }
}

/** Money that the provider will not hold much longer; '' as what it is about: the platform's own. */
export function oldMoney(view: View, own: OldMoney): DigestLine {
  const id = balanceName(own)
  const [first] = own.sellerIds
  return {
    ...none,
    id,
    subject: 'balance',
    isNew: view.isUnnamed(id),
    amount: own.amount,
    currency: own.currency,
    sellers: own.sellerIds.map(view.nameOf),
    about: own.account ?? '',
    at: own.since,
    isDeadline: false,
    link: linkTo(
      view.place,
      first === undefined ? { section: 'jobs' } : { explain: 'seller', id: first },
    ),
  }
}

type SetAside = Awaited<ReturnType<typeof listSetAside>>[number]

const explained = { order: 'order', seller: 'seller', cycle: 'invoice' } as const

export function unreadable(view: View, own: SetAside): DigestLine {
  const type = Object.entries(explained).find(([kind]) => kind === own.kind)?.[1]
  const kept =
    type === undefined ? { section: 'set-aside' as const } : { explain: type, id: own.id }
  return {
    ...none,
    id: `${own.kind}:${own.id}`,
    subject: 'unreadable',
    kind: own.kind,
    isNew: view.isNew(own.since),
    about: own.id,
    detail: `${own.field}: ${own.problem}`,
    at: own.since,
    isDeadline: false,
    link: linkTo(view.place, kept),
  }
}

export function notification(view: View, own: StoredNotification): DigestLine {
  const { payload } = JSON.parse(own.body) as {
    payload: { amount?: number; currency?: string; miraklId?: string | number }
  }
  return {
    ...none,
    id: own.id,
    subject: 'notification',
    kind: own.type,
    isNew: view.isNew(own.createdAt),
    amount: payload.amount === undefined ? null : BigInt(payload.amount),
    currency: payload.currency ?? null,
    sellers: [own.sellerId ?? []].flat().map(view.nameOf),
    about: payload.miraklId === undefined ? '' : String(payload.miraklId),
    detail: own.problem,
    at: own.createdAt,
    isDeadline: false,
    link: linkTo(view.place, notifiedOf(own)),
  }
}

function notifiedOf({ movementId, sellerId }: StoredNotification): DigestTarget {
  if (movementId !== null) return { explain: 'movement', id: movementId }
  return sellerId === null ? { section: 'jobs' } : { explain: 'seller', id: sellerId }
}

export function job(view: View, own: Awaited<ReturnType<typeof brokenJobs>>[number]): DigestLine {
  return {
    ...none,
    id: own.job,
    subject: 'job',
    isNew: view.isUnnamed(own.job),
    about: own.job,
    detail: own.error,
    at: own.since,
    isDeadline: false,
    link: linkTo(view.place, { section: 'jobs' }),
  }
}

export function creation(
  view: View,
  own: Awaited<ReturnType<typeof refusedCreations>>[number],
): DigestLine {
  const id = `account:${own.id}`
  return {
    ...none,
    id,
    subject: 'creation',
    isNew: view.isUnnamed(id),
    sellers: [view.nameOf(own.id)],
    about: own.id,
    detail: [own.problem, own.mend].filter(part => part !== null).join(' '),
    at: null,
    isDeadline: false,
    link: linkTo(view.place, { explain: 'seller', id: own.id }),
  }
}
