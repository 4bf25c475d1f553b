import type { MovementKind, MovementParties, MovementSource } from './movement.ts'
import type { OldMovement, Sight } from './old-records.ts'
import type { ReasonCode } from './reasons.ts'

/**
 * What a row of the old connector means. Its statuses: CREATED has an answer of the provider, ABORTED
 * was given up for good; PENDING, ON_HOLD, FAILED and IGNORED say nothing about money: a call that
 * timed out is FAILED there, and a message that was lost leaves PENDING for ever.
 */
export type OldStanding = 'made' | 'given_up' | 'open'

const standings: Readonly<Record<string, OldStanding>> = {
  CREATED: 'made',
  ABORTED: 'given_up',
  // Before 2020-12 an amount that was not positive had a status of its own.
  INVALID_AMOUNT: 'given_up',
  PENDING: 'open',
  ON_HOLD: 'open',
  FAILED: 'open',
  IGNORED: 'open',
}

/** Null: a status that no version of the old connector has. */
export function standingOf(status: string): OldStanding | null {
  const name = status.replace(/^(TRANSFER|PAYOUT|REFUND)_/, '')
  return Object.hasOwn(standings, name) ? (standings[name] ?? null) : null
}

export interface Identity {
  readonly kind: MovementKind
  readonly source: MovementSource
  readonly parties: MovementParties
}

/** The old connector's mark on the order or refund whose taxes a row is for. */
const taxMark = /_TAX$/

/**
 * The movement that a row of the old connector is, under the very key that planning uses: so what
 * was made is never planned again. Null: a type that no version of the old connector has.
 */
export function identityOf(old: OldMovement): Identity | null {
  const tax = taxMark.test(old.name)
  const id = old.name.replace(taxMark, '')
  switch (old.type) {
    case 'TRANSFER_ORDER':
    case 'TRANSFER_PRODUCT_ORDER':
    case 'TRANSFER_SERVICE_ORDER': {
      const kind = tax ? 'tax_transfer' : 'transfer'
      return identity(old, kind, 'order', id, '', { orderId: id })
    }
    case 'TRANSFER_REFUND':
      return identity(old, tax ? 'tax_reversal' : 'reversal', 'refund', id, '')
    case 'TRANSFER_SUBSCRIPTION':
      return identity(old, 'collection', 'cycle', id, 'subscription', { cycleId: id })
    case 'TRANSFER_EXTRA_INVOICES':
      return identity(old, 'collection', 'cycle', id, 'invoices', { cycleId: id })
    case 'TRANSFER_EXTRA_CREDITS':
      return identity(old, 'credit', 'cycle', id, 'credits', { cycleId: id })
    case 'PAYOUT':
      return identity(old, 'payout', 'cycle', id, '', { cycleId: id })
    case 'REFUND_PRODUCT_ORDER':
    case 'REFUND_SERVICE_ORDER':
      return identity(old, 'refund', 'refund', id, '')
    default:
      return null
  }
}

function identity(
  old: OldMovement,
  kind: MovementKind,
  type: MovementSource['type'],
  id: string,
  part: string,
  more: Partial<MovementParties> = {},
): Identity {
  const own = kind !== 'tax_transfer' && kind !== 'tax_reversal'
  return {
    kind,
    source: { type, id, part, sequence: 1 },
    parties: {
      // The tax account belongs to no seller, though the old connector maps it to a shop.
      sellerId: own ? old.sellerId : null,
      orderId: old.orderId,
      purchaseId: old.purchaseId,
      cycleId: null,
      paymentId: null,
      ...more,
    },
  }
}

/** What becomes of a row. */
export const importOutcomes = [
  'recorded',
  'under_way',
  'canceled',
  'nothing_owed',
  'left',
  'review',
  'refused',
] as const
export type ImportOutcome = (typeof importOutcomes)[number]

export interface Verdict {
  readonly outcome: ImportOutcome
  readonly sight: Sight | null
  /** Why a row is left, reviewed or refused, or how the provider differs: a code and a sentence. */
  readonly reason: string | null
  readonly message: string | null
  /** Does the provider show something else than the old connector says? */
  readonly differs: boolean
}

/** What the provider was asked about a row, and answered. `null` sight: it does not know the id. */
export type Looked =
  | { readonly asked: 'not' }
  | { readonly asked: 'by_id'; readonly sight: Sight | null }
  | { readonly asked: 'by_name'; readonly found: readonly Sight[] | 'too_many' }

function verdict(
  outcome: ImportOutcome,
  sight: Sight | null = null,
  words: { reason: string; message: string; differs?: boolean } | null = null,
): Verdict {
  const { reason = null, message = null, differs = false } = words ?? {}
  return { outcome, sight, reason, message, differs }
}

/**
 * A row that names the provider's answer is recorded on that word, unless the provider shows another
 * amount (which is taken) or that no money moved.
 * @param told the movement as the old connector knows it; null: without an amount or a currency
 */
export function judgeMade(told: Sight | null, looked: Looked): Verdict {
  const sight = looked.asked === 'by_id' ? looked.sight : told
  if (looked.asked === 'by_id' && looked.sight === null) {
    const message = 'the provider does not know it; recorded on the word of the old connector'
    const words = { reason: 'missing_at_provider', message, differs: true }
    return told === null ? noAmount() : verdict('recorded', told, words)
  }
  if (sight === null) return noAmount()
  if (sight.state === 'failed') {
    const message = `the provider shows ${sight.providerId} as failed: no money stands moved`
    return verdict('left', null, { reason: 'failed_at_provider', message, differs: true })
  }
  const outcome = sight.state === 'accepted' ? 'under_way' : 'recorded'
  if (told === null) return verdict(outcome, sight)
  if (told.currency === sight.currency && told.amount === sight.amount)
    return verdict(outcome, sight)
  const shown = `${sight.amount} ${sight.currency}`
  const message = `the old connector has ${told.amount} ${told.currency}, the provider ${shown}`
  return verdict(outcome, sight, { reason: 'amount_differs', message, differs: true })
}

/** Money may have moved, nobody knows how much: it is not sent again, and a person looks. */
function noAmount(): Verdict {
  const message = 'made, but without an amount or a currency, and not seen at the provider'
  return verdict('review', null, { reason: 'no_amount', message })
}

/**
 * A row that names no answer: nothing is moved, and nothing taken as moved, on its word. Found at
 * the provider it is recorded; certainly not there, it is left to planning; in doubt a person looks.
 */
export function judgeOpen(old: OldMovement, kind: MovementKind, looked: Looked): Verdict {
  if (looked.asked === 'not') {
    const message = `${old.status}; the provider was not asked`
    return verdict('left', null, { reason: 'not_looked_up', message })
  }
  if (looked.asked === 'by_id') {
    return looked.sight === null || looked.sight.state === 'failed'
      ? judgeOpen(old, kind, { asked: 'by_name', found: [] })
      : foundOf(old, looked.sight)
  }
  if (looked.found === 'too_many') {
    const message = 'the account has more at the provider than can be looked through'
    return verdict('review', null, { reason: 'too_many_to_look_through', message })
  }
  const [first] = looked.found
  if (first === undefined && standingOf(old.status) === null) {
    const message = `no version of the old connector has the status ${old.status}`
    return verdict('review', null, { reason: 'unknown_status', message })
  }
  if (first === undefined) {
    const message = old.statusReason ?? `${old.status}, and not at the provider`
    return verdict('left', null, { reason: 'not_at_provider', message })
  }
  // Both collections of an invoice carry its name: without an amount nobody can tell which it is.
  if (kind === 'collection' && old.amount === null) {
    const message = `${first.providerId} may be this part of the invoice or another`
    return verdict('review', null, { reason: 'ambiguous_at_provider', message })
  }
  return foundOf(old, first)
}

function foundOf(old: OldMovement, sight: Sight): Verdict {
  const message = `${old.status} in the old connector, ${sight.providerId} at the provider`
  const words = { reason: 'found_at_provider', message, differs: true }
  return verdict(sight.state === 'accepted' ? 'under_way' : 'recorded', sight, words)
}

/** A part of an invoice that was given up because it is 0: an amount of 0 writes no movement. */
export function judgeGivenUp(old: OldMovement, kind: MovementKind): Verdict {
  const ofCycle = kind === 'credit' || kind === 'collection' || kind === 'payout'
  const zero = (old.statusReason ?? '').endsWith('input was: 0') || old.amount === 0n
  if (ofCycle && zero) return verdict('nothing_owed')
  return verdict('canceled')
}

/** The old connector's sentences for what it gave up, and our reasons for the same. */
const givenUpReasons: readonly (readonly [RegExp, ReasonCode])[] = [
  [/^Payment \S+ failed$/, 'payment_failed'],
  [/^Payment \S+ has been canceled$/, 'payment_canceled'],
  [/^Payment \S+ has been fully refunded$/, 'payment_refunded'],
  [/^Order cannot be processed, status is \S*REFUSED$/, 'order_refused'],
  [/^Order cannot be processed/, 'order_canceled'],
  [/^Amount must be positive/, 'amount_not_positive'],
  [/^Refund \S+ has been aborted$/, 'refund_refused'],
]

/** Why a movement that was given up was: in our words, or that it is none of ours to move. */
export function reasonOfGivenUp(old: OldMovement): ReasonCode {
  const text = old.statusReason ?? ''
  return givenUpReasons.find(([pattern]) => pattern.test(text))?.[1] ?? 'already_moved'
}
