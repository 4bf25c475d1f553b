import { isDeepStrictEqual } from 'node:util'
import type { Queries } from '../database/connection.ts'
import type { Movement, MovementKind } from '../domain/movement.ts'
import { mayBeAdopted } from '../domain/restore.ts'
import { accountById, loseAccount, touchAccount } from '../store/accounts.ts'
import { type EventStatus, openEvents, settleEvent } from '../store/inbound-events.ts'
import { movementById, movementsByProviderId } from '../store/movements.ts'
import { savePayments } from '../store/payments.ts'
import { markSellersDue } from '../store/sellers.ts'
import { announceAccount } from './announce.ts'
import { applyDispute } from './apply-dispute.ts'
import { observeMovement } from './observe-movement.ts'
import { observeReturn } from './observe-return.ts'
import type { EventReader, EventSubject, MovementSubject, ProviderEvent } from './ports.ts'
import { recordOutcome } from './record-outcome.ts'
import { refreshAccount } from './refresh-account.ts'
import type { Work } from './work.ts'

/** An event that cannot be applied is tried this often, then it waits for a person. */
const triesMax = 5
const claimSize = 100

type Applying = Pick<
  Work,
  'database' | 'environment' | 'clock' | 'names' | 'provider' | 'actor' | 'log' | 'tally'
>
type Result = { readonly status: EventStatus; readonly reason: string | null }

/** Applies every stored event, oldest first. One that fails never stops those behind it. */
export async function applyProviderEvents(work: Applying, reader: EventReader): Promise<number> {
  const { queries } = work.database
  const seen = new Set<string>()
  for (;;) {
    const open = await openEvents(queries, work.environment.id, claimSize, triesMax)
    const fresh = open.filter(each => !seen.has(each.id))
    if (fresh.length === 0) return seen.size
    for (const stored of fresh) {
      seen.add(stored.id)
      const result = await applied(work, reader, stored)
      const at = work.clock.now()
      await settleEvent(queries, work.environment.id, stored.provider, stored.id, result, at)
    }
  }
}

async function applied(
  work: Applying,
  reader: EventReader,
  stored: { id: string; body: Parameters<EventReader['read']>[0] },
): Promise<Result> {
  try {
    return await applyProviderEvent(work, reader.read(stored.body))
  } catch (error) {
    work.log('error', 'an event could not be applied', { event: stored.id, problem: String(error) })
    return { status: 'failed', reason: String(error) }
  }
}

const ignored = (reason: string): Result => ({ status: 'ignored', reason })
const refused = (reason: string): Result => ({ status: 'refused', reason })
const done: Result = { status: 'applied', reason: null }

/** A verified event is a hint: it counts only when mode and account are those that we expect. */
export async function applyProviderEvent(work: Applying, event: ProviderEvent): Promise<Result> {
  const live = work.environment.mode === 'live'
  // Live Connect endpoints also receive test events: they are none of this environment's.
  if (event.live !== live) return refused(live ? 'test event in live' : 'live event in test')
  return applySubject(work, event, event.subject)
}

/** Where a word of the provider's comes from, and when it was said. */
type Told = Pick<ProviderEvent, 'account' | 'createdAt'>

/** What the provider tells of one thing, in an event or in its books, is taken in; twice is once. */
export async function applySubject(
  work: Applying,
  event: Told,
  subject: EventSubject,
): Promise<Result> {
  switch (subject.about) {
    case 'payment':
      return applyPayment(work, event, subject)
    case 'account':
      return applyAccount(work, event, subject)
    case 'account_lost':
      return applyLoss(work, event, subject.accountId)
    case 'movement':
      return applyToMovement(work, event, subject)
    case 'movements':
      return applyToMovements(work, event, subject.subjects)
    case 'dispute':
      // A dispute on a seller's account is about a direct charge.
      if (event.account !== null) return refused('a dispute on a connected account')
      await applyDispute(work, subject.dispute)
      return done
    case 'other':
      return ignored('nothing is done for this type')
  }
}

async function applyPayment(
  work: Applying,
  event: Told,
  subject: Extract<EventSubject, { about: 'payment' }>,
): Promise<Result> {
  // A purchase is paid to the platform. A charge on a seller's own account may name any order in
  // its metadata; it never counts for one.
  if (event.account !== null) return refused('a payment on a connected account')
  const { payment } = subject
  if (payment.purchaseId === null) return ignored('the payment names no purchase')
  const { queries } = work.database
  await savePayments(queries, work.environment.id, work.provider.name, [payment], event.createdAt)
  return done
}

async function applyAccount(
  work: Applying,
  event: Told,
  subject: Extract<EventSubject, { about: 'account' }>,
): Promise<Result> {
  const { account } = subject
  if (event.account !== account.id) return refused('the event comes from another account')
  const known = await accountById(work.database.queries, work.environment.id, account.id)
  if (known === null) return ignored('the account is not one of ours')
  const { changedAt: _, ...stored } = known
  // Stripe dates events by the second and delivers them in any order: two events of one second say
  // nothing about which came last. What is new is asked for, so that the truth is stored.
  if (isDeepStrictEqual(stored, account)) {
    // Something changed that we keep no copy of, the bank account for one: a payout that the bank
    // refused may be tried again.
    await touchAccount(work.database.queries, work.environment.id, account.id, work.clock.now())
    return done
  }
  await refreshAccount(work, account.id)
  return done
}

async function applyLoss(work: Applying, event: Told, accountId: string): Promise<Result> {
  if (event.account !== accountId) return refused('the event comes from another account')
  const now = work.clock.now()
  await work.database.inTransaction(async queries => {
    await loseAccount(queries, work.environment.id, accountId, now)
    await markSellersDue(queries, work.environment.id, accountId)
    await announceAccount(queries, work, accountId, now)
  })
  return done
}

/** Each is new, known, or none of ours; the event has done something when one of them has. */
async function applyToMovements(
  work: Applying,
  event: Told,
  subjects: readonly MovementSubject[],
): Promise<Result> {
  const results: Result[] = []
  for (const subject of subjects) results.push(await applyToMovement(work, event, subject))
  return results.find(each => each.status === 'applied') ?? results.at(-1) ?? ignored('nothing')
}

async function applyToMovement(
  work: Applying,
  event: Told,
  subject: MovementSubject,
): Promise<Result> {
  const movement = await movementFor(work, subject)
  if (movement === null && waitsForItsPlan(work, subject)) return ignored(waitsForPlan)
  if (movement === null) return applyByHand(work, event, subject)
  if (!sameAccount(movement, event)) return refused('the event comes from another account')
  if (!sameKind(movement, subject)) return refused('the event is about another kind of movement')
  if (movement.providerId !== null && movement.providerId !== subject.providerId) {
    return ignored('an earlier attempt of the movement')
  }
  if (movement.status === 'succeeded' && subject.takenBack !== null) {
    const taken = { amount: subject.takenBack, outcome: subject.outcome }
    return (await observeReturn(work, movement, taken)) ? done : ignored('already taken back')
  }
  const open = movement.status === 'submitted' || movement.status === 'accepted'
  if (!open) return ignored(`the movement is ${movement.status}`)
  await recordOutcome(work, movement, subject.outcome)
  return done
}

/** Why a word of the provider's is left for later, after a restore. */
export const waitsForPlan = 'it may be of a movement that the restored database lost'

/** After a restore the movement of ours that it names may be planned anew, and adopts it then. */
function waitsForItsPlan(work: Applying, subject: MovementSubject): boolean {
  const { restore = null } = work.environment
  return subject.movementId !== null && mayBeAdopted(restore, work.clock.now())
}

/** Somebody else moved it: it is booked, so that the books show where the money is. */
async function applyByHand(work: Applying, event: Told, subject: MovementSubject): Promise<Result> {
  if (subject.byOldConnector) return ignored('made by the old connector, whose import books it')
  const observed = await observeMovement(work, event, subject)
  if (observed === 'booked') return done
  return ignored(observed === 'known' ? 'booked already' : 'no movement of ours')
}

async function movementFor(work: Applying, subject: MovementSubject): Promise<Movement | null> {
  const queries: Queries = work.database.queries
  const known = await movementsByProviderId(queries, work.environment.id, subject.providerId)
  if (known[0] !== undefined) return known[0]
  // The event may be quicker than the answer of the call: the metadata names the movement.
  return subject.movementId === null
    ? null
    : movementById(queries, work.environment.id, subject.movementId)
}

/** Payouts and collections happen on the seller's account, everything else on the platform's. */
function sameAccount(movement: Movement, event: Told): boolean {
  // A reversal of a collection, made by hand, is booked as the credit that it is.
  const byHand = movement.source.type === 'provider' && movement.kind === 'credit'
  const onSeller = movement.kind === 'payout' || movement.kind === 'collection' || byHand
  return event.account === (onSeller ? movement.account : null)
}

const kindsOf: Readonly<Record<MovementSubject['object'], readonly MovementKind[]>> = {
  payout: ['payout', 'operator_payout'],
  refund: ['refund', 'void'],
  transfer: ['transfer', 'credit', 'collection', 'tax_transfer', 'restitution'],
  reversal: ['reversal', 'tax_reversal', 'credit'],
  top_up: ['top_up'],
}

function sameKind(movement: Movement, subject: MovementSubject): boolean {
  return kindsOf[subject.object].includes(movement.kind)
}
