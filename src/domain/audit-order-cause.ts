import type { AuditCause } from './audit-causes.ts'
import { isByHand, isOfDispute, movedBy, type Rounding, signOf, stands } from './audit-moved.ts'
import type { AuditedRefund, OrderAudit, OrderSide } from './audit-order.ts'
import type { Movement } from './movement.ts'
import { nettedRefunds } from './order-refunds.ts'
import type { Split } from './plan-transfer.ts'
import { owedBySeller, owedToSeller } from './refund.ts'

/** A side of an order that differs. `difference`: what moved beyond what was owed, minor units. */
export interface Differing {
  readonly audit: OrderAudit
  readonly own: readonly Movement[]
  readonly side: OrderSide
  readonly split: Split
  readonly difference: bigint
}

/** The most likely cause, from the surest sign to the weakest. */
export function likelyCause(differing: Differing, round: Rounding): AuditCause {
  const { audit, own } = differing
  const standing = own.filter(each => stands(each) && !audit.returned.has(each.id))
  if (standing.some(isByHand)) return 'moved_by_hand'
  if (hasTwins(standing)) return 'moved_twice'
  if (own.some(each => audit.returned.has(each.id))) return 'taken_back'
  if (own.some(each => each.reason === 'canceled_by_operator')) return 'canceled_by_operator'
  if (isSpent(differing, standing, round)) return 'transfer_spent'
  return (
    causeInRefunds(differing, standing, round) ??
    causeInFigures(differing, standing, round) ??
    (own.length === 0 ? 'not_moved' : 'unknown')
  )
}

/**
 * Two movements that say the same: one order has one transfer of each part. What a restitution gave
 * back may be taken again.
 */
function hasTwins(standing: readonly Movement[]): boolean {
  const givenBack = standing.filter(each => each.kind === 'restitution').length
  const names = standing
    .filter(each => each.kind !== 'restitution')
    .map(({ kind, source }) => `${kind} ${source.type} ${source.id} ${source.part}`)
  return names.length - new Set(names).size > givenBack
}

/** All that was transferred is gone, disputes counted. */
function isSpent(
  { audit, side, own, difference }: Differing,
  standing: readonly Movement[],
  round: Rounding,
): boolean {
  if (difference <= 0n || side === 'tax') return false
  if (own.some(each => each.reason === 'transfer_spent')) return true
  const disputed = audit.movements.filter(each => isOfDispute(each) && stands(each))
  const left = [...standing, ...disputed].reduce(
    (sum, each) => sum + signOf(each) * movedBy(each, round),
    0n,
  )
  return standing.some(each => each.kind === 'reversal') && left <= 0n
}

/** Refunds that stand: was their part taken back, and was it theirs? */
function causeInRefunds(
  { audit, side, difference }: Differing,
  standing: readonly Movement[],
  round: Rounding,
): AuditCause | null {
  const netted = new Set(nettedRefunds(audit.facts.order))
  const before = new Set(standing.flatMap(each => listOf(each, 'netted')))
  for (const each of audit.refunds) {
    const { id } = each.refund
    if (!netted.has(id) || before.has(id)) continue
    const owed = costOf(each, side)
    const taken = standing
      .filter(({ source }) => source.type === 'refund' && source.id === id)
      .reduce((sum, one) => sum - signOf(one) * movedBy(one, round), 0n)
    if (owed === null || taken === owed) continue
    return taken === 0n && difference > 0n ? 'refund_not_taken_back' : 'reversal_differs'
  }
  return null
}

function costOf({ refund }: AuditedRefund, side: OrderSide): bigint | null {
  if (side === 'tax') return refund.tax
  const taken = owedBySeller(refund)
  const given = owedToSeller(refund)
  return taken === null || given === null ? null : taken - given
}

/** The figures that the transfer was decided by, against those of today. */
function causeInFigures(
  { audit, side, split, difference }: Differing,
  standing: readonly Movement[],
  round: Rounding,
): AuditCause | null {
  const kind = side === 'tax' ? 'tax_transfer' : 'transfer'
  const made = standing.filter(each => each.kind === kind)
  const [first] = made
  if (first === undefined) return null
  const then = { share: figure(first, 'share'), refunded: figure(first, 'refunded') ?? 0n }
  const commission = figure(first, 'commission')
  const tax = figure(first, 'tax')
  const given = givenSince(audit, first)
  if (side === 'seller' && commission !== null && commission - given !== split.commission)
    return 'commission_differs'
  // A connector that kept no figures: the difference itself tells.
  if (side === 'seller' && commission === null && difference === split.commission)
    return 'commission_differs'
  if (split.tax !== 0n && (difference === split.tax || difference === -split.tax))
    return 'tax_differs'
  if (then.share === null || commission === null) return null
  if (then.share !== split.share) return 'share_differs'
  const decided = side === 'tax' ? tax : then.share - then.refunded - commission - (tax ?? 0n)
  const moved = made.reduce((sum, each) => sum + movedBy(each, round), 0n)
  return decided !== null && decided !== moved ? 'amount_differs' : null
}

/** Commission that refunds gave back after the transfer was decided. */
function givenSince({ facts, refunds }: OrderAudit, transfer: Movement): bigint {
  const before = new Set(listOf(transfer, 'netted'))
  const netted = new Set(nettedRefunds(facts.order))
  return refunds
    .filter(({ refund }) => netted.has(refund.id) && !before.has(refund.id))
    .reduce((sum, { refund }) => sum + (refund.commission ?? 0n), 0n)
}

function figure({ facts }: Movement, name: string): bigint | null {
  const text = facts[name]
  return typeof text === 'string' && /^-?\d+$/.test(text) ? BigInt(text) : null
}

function listOf({ facts }: Movement, name: string): string[] {
  const list = facts[name]
  return Array.isArray(list) ? list.filter(each => typeof each === 'string') : []
}
