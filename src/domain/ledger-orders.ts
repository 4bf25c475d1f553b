import type { Currency } from './currency.ts'
import { type Posting, entriesOf, escrowOf, flow, posting } from './ledger.ts'
import { borneOf } from './ledger-refunds.ts'
import type { Movement } from './movement.ts'
import { isUnsent } from './refund.ts'

/** A refund by the marketplace, as the books of its order see it. Minor units. */
export interface BookedRefund {
  readonly id: string
  /** What the customer gets back. */
  readonly amount: bigint
  /** What it takes off the order's share, and the commission it gives back; null: not known yet. */
  readonly share: bigint | null
  readonly commission: bigint | null
  /** The payment that was captured less in place of a refund; null: none. */
  readonly releasedBy: string | null
}

/** An order's movements and refunds, as they are recorded. */
export interface OrderBooks {
  readonly movements: readonly Movement[]
  readonly refunds: readonly BookedRefund[]
  /** What the books have so far, in minor units. */
  readonly booked: OperatorPart
  /** How many postings of any of them there are: their keys count on. */
  readonly postings: number
}

/** What the operator keeps of an order, and adds to it; minor units. */
export interface OperatorPart {
  readonly commission: bigint
  readonly funding: bigint
  /** What refunds cost and no reversal takes from the seller any more. */
  readonly borne: bigint
}

/**
 * What the operator keeps of an order whose split is decided for good: its transfer was made, or given
 * up, or nothing is left to make. Until then the money stays in escrow, and refunds are netted. Afterwards
 * every refund that stands gives its commission back. Null: not decided.
 */
export function operatorPart({
  movements,
  refunds,
}: Pick<OrderBooks, 'movements' | 'refunds'>): OperatorPart | null {
  const split = splitOf(movements)
  if (split === null) return null
  const { netted, figures } = split
  const stands = standing(movements, refunds)
  let { commission, funding } = figures
  for (const refund of refunds) {
    const given = refund.commission ?? 0n
    const isNetted = netted.includes(refund.id)
    const isStanding = stands(refund.id)
    if (isNetted && !isStanding) commission += given
    if (isStanding && !isNetted) commission -= given
    // What the seller gives back beyond what the customer gets was the operator's promotion.
    if (isStanding && refund.share !== null) funding -= refund.share - refund.amount
  }
  const borne = borneOf(
    movements,
    refunds.filter(({ id }) => stands(id)),
  )
  return { commission, funding, borne }
}

interface Decided {
  readonly figures: Pick<OperatorPart, 'commission' | 'funding'>
  /** Refunds that the figures are net of. */
  readonly netted: readonly unknown[]
}

function splitOf(movements: readonly Movement[]): Decided | null {
  const transfers = movements.filter(
    each =>
      each.kind === 'transfer' && each.source.type === 'order' && figure(each, 'share') !== null,
  )
  const decided = transfers.find(
    each =>
      each.source.part === '' &&
      (each.status === 'succeeded' || isDecided(each.status, each.reason) || isRefunded(each)),
  )
  const funded = transfers.find(
    ({ source, status }) => source.part === 'funding' && status === 'succeeded',
  )
  const made = decided ?? funded
  if (made === undefined) return null
  const of = (name: string) => figure(made, name) ?? 0n
  const net = of('share') - of('refunded')
  const tax = of('tax')
  // A debit that includes the promotion leaves nothing to add.
  const paid = figure(made, 'paid') ?? of('share') - of('funding')
  const funding = of('share') - paid
  // More commission than the share bears is collected from the seller: it never was in escrow.
  const kept = (of('commission') < net - tax ? of('commission') : net - tax) + givenUp(movements)
  const netted = made.facts['netted']
  return { figures: { commission: kept, funding }, netted: Array.isArray(netted) ? netted : [] }
}

/** Will nothing be transferred any more, and the money stays all the same? */
function isDecided(status: Movement['status'], reason: Movement['reason']): boolean {
  const decides = [
    'amount_not_positive',
    'canceled_by_operator',
    'paid_elsewhere',
    // By hand, at the operator's cost: what would have been the seller's makes up for it.
    'payment_refunded',
  ]
  return status === 'canceled' && reason !== null && decides.includes(reason)
}

/**
 * Did refunds of the marketplace leave nothing to transfer? What was refunded by other hands has no
 * part in the figures: its money left the escrow and none of it is the operator's.
 */
function isRefunded(transfer: Movement): boolean {
  const { status, reason } = transfer
  if (status !== 'canceled' || reason !== 'payment_refunded') return false
  return figure(transfer, 'refunded') === figure(transfer, 'share')
}

/** What an operator decided not to transfer, or somebody else pays, stays with the operator. */
function givenUp(movements: readonly Movement[]): bigint {
  return movements
    .filter(each => each.kind === 'transfer' || each.kind === 'tax_transfer')
    .filter(({ source, status, reason }) => {
      return (
        source.type === 'order' && reason !== 'amount_not_positive' && isDecided(status, reason)
      )
    })
    .reduce((sum, { amount, original }) => sum + (original?.amount ?? amount ?? 0n), 0n)
}

function figure({ facts }: Movement, name: string): bigint | null {
  const text = facts[name]
  return typeof text === 'string' && /^-?\d+$/.test(text) ? BigInt(text) : null
}

/** Is the customer's money of a refund on its way or there, or was it never taken? */
function standing(
  movements: readonly Movement[],
  refunds: readonly BookedRefund[],
): (refundId: string) => boolean {
  const asked = movements.filter(
    ({ kind, source }) => kind === 'refund' && source.type === 'refund',
  )
  const given = givenRefunds(movements)
  // One that was planned before the payment was captured less by it waits, and is then canceled.
  const unsent = asked.filter(isUnsent)
  const released = refunds.filter(
    ({ id, releasedBy }) =>
      releasedBy !== null && asked.every(each => each.source.id !== id || unsent.includes(each)),
  )
  const ids = new Set([...given.map(each => each.source.id), ...released.map(each => each.id)])
  return refundId => ids.has(refundId)
}

/** Refunds of the marketplace that the customer has or is about to have, and that did not come back. */
export function givenRefunds(movements: readonly Movement[]): Movement[] {
  const returned = new Set(
    movements.filter(each => each.kind === 'return').map(each => each.source.id),
  )
  return movements.filter(
    ({ id, kind, source, status }) =>
      kind === 'refund' &&
      source.type === 'refund' &&
      (status === 'accepted' || status === 'succeeded') &&
      !returned.has(id),
  )
}

/**
 * The postings that bring the books of an order to what the operator keeps of it now.
 * @param settled the same in another currency, when the order's payment settled in one
 */
export function postingsOfOrder(
  order: OrderBooks,
  settled: { readonly currency: Currency; readonly part: OperatorPart } | null = null,
): Posting[] {
  const part = settled?.part ?? operatorPart(order)
  const [any] = order.movements
  if (part === null || any === undefined) return []
  const { parties } = any
  const currency = settled?.currency ?? any.currency
  const escrow = escrowOf(parties.purchaseId)
  const orderId = parties.orderId ?? ''
  const flows = [
    {
      event: 'commission' as const,
      step: flow(escrow, 'commission', part.commission - order.booked.commission),
    },
    {
      event: 'funding' as const,
      step: flow('commission', escrow, part.funding - order.booked.funding),
    },
    {
      event: 'refund_borne' as const,
      step: flow('commission', escrow, part.borne - order.booked.borne),
    },
  ]
  return flows
    .filter(({ step }) => step.amount !== 0n)
    .map(({ event, step }, at) =>
      posting({
        key: `order:${orderId}:${event}:${order.postings + at + 1}`,
        event,
        currency,
        parties: { ...parties, cycleId: null, paymentId: null, movementId: null },
        entries: entriesOf([step]),
      }),
    )
}
