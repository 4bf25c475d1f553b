import type { Movement } from '../../domain/movement.ts'
import { owedBySeller, type RefundCase } from '../../domain/refund.ts'
import { sentOf, total } from './sums.ts'

/** Where the customers' money of one currency went, as Tributary's tables have it. Minor units. */
export interface Destinations {
  /** What Stripe transferred for orders, less what was reversed, and what was given back of that. */
  readonly toSellers: bigint
  /** Less what refunds gave back to sellers. */
  readonly commission: bigint
  /** Transferred to the tax account, less what came back from there. */
  readonly taxesKept: bigint
  /** Goods of the operator in customers' baskets. */
  readonly ownGoods: bigint
  /** The operator's part of promotions, which came from no customer: negative. */
  readonly operatorFunding: bigint
  /** Back at the customers: refunds less those that failed. */
  readonly refunded: bigint
  /** Taken by customers' banks, less what they gave back. */
  readonly disputed: bigint
  /** What the operator bears of disputes, beside the sellers: negative. */
  readonly disputesBorne: bigint
  /** Owed to sellers and not transferred, by reason (or by status, when it is under way). */
  readonly held: Readonly<Record<string, bigint>>
  /** Owed by sellers for refunds and disputes, and not taken back yet: negative. */
  readonly owedBySellers: bigint
  /** Owed to sellers by transfers that Stripe could not express to the last digit. */
  readonly remainders: bigint
  /** Captured less and refunded more than owed, for the same cause: negative. */
  readonly rounding: bigint
}

/** All that Tributary wrote down of one currency. */
export interface Written {
  readonly movements: readonly Movement[]
  /** Whose payment was captured. */
  readonly purchases: ReadonlySet<string>
  /** What the marketplace asked to refund, for orders of these purchases. */
  readonly refunds: readonly RefundCase[]
  readonly ownGoods: bigint
}

export function destinationsOf(written: Written): Destinations {
  const { movements, ownGoods } = written
  const of = (...kinds: readonly Movement['kind'][]) =>
    movements.filter(
      ({ kind, parties }) =>
        kinds.includes(kind) && written.purchases.has(parties.purchaseId ?? ''),
    )
  const transfers = of('transfer')
  const decided = transfers.filter(each => each.source.part === '' && each.status !== 'canceled')
  // The commission ate the whole price: nothing to transfer, all of it is the operator's.
  const eaten = transfers.filter(movement => movement.reason === 'amount_not_positive')
  const changes = refundChanges(written, [...decided, ...eaten])
  const given = done(of('transfer', 'restitution'))
  const taken = of('reversal').filter(({ status }) => status !== 'canceled')
  const disputed =
    total(done(of('dispute_loss')).map(sentOf)) - total(done(of('dispute_win')).map(sentOf))
  return {
    toSellers: total(given.map(sentOf)) - total(done(taken).map(sentOf)),
    commission:
      total(decided.map(figure('commission'))) +
      total(eaten.map(figure('share'))) -
      total(eaten.map(figure('refunded'))) -
      total(eaten.map(figure('tax'))) +
      changes.commission,
    taxesKept:
      total(done(of('tax_transfer')).map(sentOf)) - total(done(of('tax_reversal')).map(sentOf)),
    ownGoods,
    operatorFunding: changes.funding - total([...decided, ...eaten].map(figure('funding'))),
    refunded: total(done(refundsOf(movements)).map(sentOf)) - total(returnsOf(movements)),
    disputed,
    disputesBorne: disputeShares(of('reversal', 'restitution')) - disputed,
    held: heldOf([...of('transfer', 'tax_transfer', 'restitution'), ...refundsOf(movements)]),
    owedBySellers: -total(
      [...open(taken), ...open(of('tax_reversal'))].map(each => each.amount ?? 0n),
    ),
    remainders:
      total(given.map(lessThanOwed)) - total(done(taken).map(lessThanOwed)) - changes.waived,
    rounding:
      total(done(refundsOf(movements)).map(lessThanOwed)) -
      total(done(movements.filter(({ kind }) => kind === 'capture')).map(lessThanOwed)),
  }
}

/**
 * What refunds changed in what was decided at the split. A transfer made net of a refund knows of it;
 * all others gave their commission, and the operator's part of a promotion, back afterwards.
 */
function refundChanges(written: Written, decided: readonly Movement[]) {
  const orders = new Map(decided.map(each => [each.parties.orderId, each]))
  const changes = { commission: 0n, funding: 0n, waived: 0n }
  for (const refund of written.refunds) {
    const transfer = orders.get(refund.orderId)
    if (transfer === undefined) continue
    const { netted } = transfer.facts
    const isNetted = Array.isArray(netted) && netted.includes(refund.id)
    const stands = isStanding(written.movements, refund)
    const commission = refund.commission ?? 0n
    if (stands && !isNetted) {
      changes.commission -= commission
      changes.waived += waivedBy(written, refund, transfer)
    }
    if (!stands && isNetted) changes.commission += commission
    if (stands) changes.funding += (refund.share ?? refund.amount) - refund.amount
  }
  return changes
}

/**
 * A transfer that was rounded down cannot be reversed by more than was sent: of a refund of all of it
 * the seller owes the remainder, and the operator owed the seller the same.
 */
function waivedBy(written: Written, refund: RefundCase, transfer: Movement): bigint {
  const reversals = written.movements.filter(
    ({ kind, source, status }) =>
      kind === 'reversal' && source.id === refund.id && status !== 'canceled',
  )
  if (reversals.length === 0) return 0n
  const missing = (owedBySeller(refund) ?? 0n) - total(reversals.map(each => each.amount ?? 0n))
  const remainder = lessThanOwed(transfer)
  return missing < remainder ? missing : remainder
}

/** Has the customer the money, or gets it: by a refund that did not fail, or by a smaller capture. */
function isStanding(movements: readonly Movement[], refund: RefundCase): boolean {
  const own = refundsOf(movements).filter(
    ({ source }) => source.type === 'refund' && source.id === refund.id,
  )
  const returned = new Set(
    movements.filter(({ kind }) => kind === 'return').map(({ source }) => source.id),
  )
  const stands = own.some(
    ({ id, status }) => ['accepted', 'succeeded'].includes(status) && !returned.has(id),
  )
  return stands || (own.length === 0 && refund.releasedBy !== null)
}

/** Of the money that banks took, what sellers bear by now or will bear. */
function disputeShares(movements: readonly Movement[]): bigint {
  const own = movements.filter(
    ({ source, status }) => source.type === 'provider' && status !== 'canceled',
  )
  return total(own.map(each => (each.amount ?? 0n) * (each.kind === 'reversal' ? 1n : -1n)))
}

function heldOf(movements: readonly Movement[]): Record<string, bigint> {
  const held: Record<string, bigint> = {}
  for (const movement of open(movements)) {
    // A refund counts only once it is accepted: before, its order is split as if there were none.
    if (movement.kind === 'refund' && movement.status !== 'accepted') continue
    const reason = movement.status === 'on_hold' ? movement.reason : null
    const name = reason ?? movement.status
    held[name] = (held[name] ?? 0n) + (movement.amount ?? 0n)
  }
  return held
}

function refundsOf(movements: readonly Movement[]): readonly Movement[] {
  return movements.filter(({ kind }) => kind === 'refund')
}

/** Refunds that came back from the customers' banks. */
function returnsOf(movements: readonly Movement[]): bigint[] {
  const refunds = new Set(refundsOf(movements).map(({ id }) => id))
  return movements
    .filter(({ kind, source }) => kind === 'return' && refunds.has(source.id))
    .map(sentOf)
}

function done(movements: readonly Movement[]): readonly Movement[] {
  return movements.filter(({ status }) => status === 'succeeded')
}

function open(movements: readonly Movement[]): readonly Movement[] {
  return movements.filter(({ status }) => status !== 'succeeded' && status !== 'canceled')
}

/** Owed less asked; a refund is rounded up, so for it this is negative. */
function lessThanOwed(movement: Movement): bigint {
  return (movement.amount ?? 0n) - (movement.sentAmount ?? movement.amount ?? 0n)
}

/** A figure that the plan of a transfer wrote down; 0 when it did not get so far. */
function figure(name: string): (movement: Movement) => bigint {
  return movement => {
    const text = movement.facts[name]
    return typeof text === 'string' ? BigInt(text) : 0n
  }
}
