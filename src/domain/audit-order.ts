import {
  type Compared,
  isByHand,
  isOfDispute,
  isOpen,
  movedBy,
  type Rounding,
} from './audit-moved.ts'
import { signOf, stands, sumOf, type Verdict } from './audit-moved.ts'
import { likelyCause } from './audit-order-cause.ts'
import type { Movement } from './movement.ts'
import { type Split, type TransferFacts, orderChecks, splitOf } from './plan-transfer.ts'
import { isNeedless, type RefundCase } from './refund.ts'
import type { ReasonCode } from './reasons.ts'

/** A refund of an audited order. */
export interface AuditedRefund {
  readonly refund: RefundCase
  /** Is something of it left to do? */
  readonly open: boolean
  /** What the marketplace took as our word on it; null: nothing yet. */
  readonly told: 'paid' | 'refused' | null
}

/** An order as it is stored, and everything that was moved for it. */
export interface OrderAudit {
  /** What its split would be decided from today; its refunds as they stand at the provider. */
  readonly facts: TransferFacts
  /** Is its split not decided for good? */
  readonly isUndecided: boolean
  readonly refunds: readonly AuditedRefund[]
  readonly movements: readonly Movement[]
  /** Movements that the provider took back after it had called them done. */
  readonly returned: ReadonlySet<string>
}

/** `seller`: transfers, less reversals, with restitutions; `tax`: the same of the tax account. */
export type OrderSide = 'seller' | 'tax'

/** Reasons for which nothing was ever owed. */
const never: readonly ReasonCode[] = [
  'order_refused',
  'order_canceled',
  'payment_canceled',
  'payment_failed',
  'paid_elsewhere',
]

/** Reasons for which nothing is owed unless it was moved all the same, and then all of it. */
const excused: readonly ReasonCode[] = [
  'payment_refunded',
  'before_start_date',
  'no_start_date',
  'set_aside',
  'amount_unreadable',
]

/** Movements of one side, without what a dispute moved. */
export function movementsOf({ movements }: OrderAudit, side: OrderSide): readonly Movement[] {
  return movements.filter(each => sideOf(each) === side && !isOfDispute(each))
}

function sideOf({ kind, source }: Movement): OrderSide | null {
  if (kind === 'tax_transfer' || kind === 'tax_reversal') return 'tax'
  if (kind === 'restitution') return source.part === 'tax' ? 'tax' : 'seller'
  return ['transfer', 'reversal', 'collection'].includes(kind) ? 'seller' : null
}

/**
 * What an order's amounts say today against what was moved, whatever was planned then. A share below
 * zero is what the seller owes: it is collected.
 */
export function auditOrder(audit: OrderAudit, side: OrderSide, round: Rounding): Compared {
  const { facts, returned } = audit
  const own = movementsOf(audit, side)
  const split = splitOf(facts.order, facts.debited, facts.taxes?.scope)
  const stop = orderChecks(facts, split).find(
    each => each.stops && [...never, ...excused].includes(each.reason),
  )
  const ended = stop !== undefined && never.includes(stop.reason)
  const should = ended ? 0n : owedOn(split, side)
  const did = sumOf(own, returned, round)
  if (did === should) return { should, did, verdict: 'agrees' }
  const untouched = !own.some(stands)
  if (untouched && stop !== undefined) return { should: 0n, did, verdict: 'agrees' }
  const waits = isStillComing(audit, side, { own, should, did, untouched }, round)
  const verdict: Verdict = waits
    ? 'waits'
    : ended
      ? 'moved_though_ended'
      : likelyCause({ audit, own, side, split, difference: did - should }, round)
  return { should, did, verdict }
}

function owedOn(split: Split, side: OrderSide): bigint {
  return side === 'tax' ? split.tax : split.toSeller
}

interface Sums {
  readonly own: readonly Movement[]
  readonly should: bigint
  readonly did: bigint
  readonly untouched: boolean
}

/** Does something wait, by its own row, that makes up for the difference? */
function isStillComing(
  audit: OrderAudit,
  side: OrderSide,
  { own, should, did, untouched }: Sums,
  round: Rounding,
): boolean {
  const open = own.filter(isOpen)
  // What was not sent yet is planned anew by every run, with the amounts of that day.
  if (untouched && (audit.isUndecided || open.length > 0)) return true
  const coming = open.reduce((sum, each) => sum + signOf(each) * movedBy(each, round), 0n)
  if (coming !== 0n && did + coming === should) return true
  const [one, other] = [true, false].map(paid => owedOn(withOpenRefunds(audit, paid), side))
  if (one === undefined || other === undefined || one === other) return false
  return one < other ? one <= did && did <= other : other <= did && did <= one
}

/** The split as if the refunds whose other half is still to be moved had all been paid, or none. */
function withOpenRefunds({ facts, refunds }: OrderAudit, paid: boolean): Split {
  const open = new Set(refunds.filter(each => each.open).map(each => each.refund.id))
  const lines = facts.order.lines.map(line => ({
    ...line,
    refunds: line.refunds.map(each => (open.has(each.id) ? { ...each, paid } : each)),
  }))
  return splitOf({ ...facts.order, lines }, facts.debited, facts.taxes?.scope)
}

/** One refund of the order: what the customer should have got back, and got. */
export function auditRefund(
  { refund, open, told }: AuditedRefund,
  { movements, returned }: Pick<OrderAudit, 'movements' | 'returned'>,
  round: Rounding,
): Compared {
  const own = movements.filter(({ kind, source }) => kind === 'refund' && source.id === refund.id)
  const did = sumOf(own, returned, round)
  // Given back by capturing less, or refused and told so: no refund is owed.
  const isReleased = refund.releasedBy !== null && own.every(isNeedless)
  const should = isReleased || told === 'refused' ? 0n : refund.amount
  if (did === should) return { should, did, verdict: 'agrees' }
  const standing = own.filter(each => stands(each) && !returned.has(each.id))
  if (did < should && (own.some(isOpen) || (open && standing.length === 0)))
    return { should, did, verdict: wasTakenBack(own, returned) ? 'taken_back' : 'waits' }
  return { should, did, verdict: causeOfRefund(own, standing, returned) }
}

function wasTakenBack(own: readonly Movement[], returned: ReadonlySet<string>): boolean {
  return own.some(each => returned.has(each.id))
}

function causeOfRefund(
  own: readonly Movement[],
  standing: readonly Movement[],
  returned: ReadonlySet<string>,
): Verdict {
  if (own.length === 0) return 'not_moved'
  if (standing.some(isByHand)) return 'moved_by_hand'
  if (standing.length > 1) return 'moved_twice'
  if (wasTakenBack(own, returned)) return 'taken_back'
  if (own.some(each => each.reason === 'canceled_by_operator')) return 'canceled_by_operator'
  return standing.length === 1 ? 'amount_differs' : 'unknown'
}
